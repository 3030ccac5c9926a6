"""The web server's way in. `firstbell serve` has made and started everything by then."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.middleware.security import SecurityMiddleware

from firstbell.domain.districts.wall import only_by_index

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstbell.project.settings")

PROGRAMS = ("/ims/oneroster/", "/oauth/token", "/health", "/metrics")
"""What looks after machines comes by an address of the machine, which no person uses and FIRSTBELL_HOSTS need not name.
"""


class ForPrograms(WSGIHandler):
    """For programs with tokens: without sessions, forms and messages, which cost them more than their answer."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 (Django's signature)
        """Only what keeps a connection safe."""
        for kind in ("view", "template_response", "exception"):
            setattr(self, f"_{kind}_middleware", [])
        view = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        self._middleware_chain = convert_exception_to_response(SecurityMiddleware(view))


for_people = get_wsgi_application()
for_programs = ForPrograms()


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Each by its door."""
    is_program = environ.get("PATH_INFO", "").startswith(PROGRAMS)
    with only_by_index():
        return (for_programs if is_program else for_people)(environ, start_response)
