"""The web server's way in. `firstbell serve` has made and started everything by then."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstbell.project.settings")

application = get_wsgi_application()
