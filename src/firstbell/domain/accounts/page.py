"""docs/reference/permissions.md: who may see and do what, made from the table and held current by a test.

`python -m firstbell.domain.accounts.page > docs/reference/permissions.md`
"""

import os
import sys
from collections.abc import Iterator

BEGINNING = """\
# Who may see and do what

This page is generated: `python -m firstbell.domain.accounts.page > docs/reference/permissions.md`.

What somebody may do is said by their memberships: a role in a district. Principals and registrars have theirs for the
schools at which the roster says that they work; a teacher's and a student's classes are those that they are in. What
is not yours is answered like what is not there. A test opens every address with every method as everybody
(tests/matrix), so a new address without a row in its table fails.

Staff of the vendor belong to no district. They see one on a visit: with a reason that the district reads, for an hour,
as its administrator sees it but for what families reported and what teachers and students ask, and they change nothing;
the database refuses it too. The district ends visits, and may let nobody in. They need a second step for signing in,
and an account of theirs that nobody has used for `FIRSTBELL_DORMANT_DAYS` is closed at night. A district may ask its
administrators for a second step as well.

A district whose administrators are gone gets another one without a visit: somebody asks from the page for signing in,
two different people of the vendor make sure of them and write down how, and whoever can let others in there is told by
mail and can object for `FIRSTBELL_OBJECTION_DAYS` days. Then an invitation goes out. Each step is in the district's
audit.
"""


def permissions_page() -> str:
    """The text of the page, Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    from firstbell.domain.accounts.models import Role  # noqa: PLC0415 - settings come first
    from firstbell.domain.accounts.permissions import MEANINGS, ROLE_PERMISSIONS, Permission  # noqa: PLC0415

    yield BEGINNING
    yield f"| | {' | '.join(str(role.label) for role in Role)} |"
    yield "|---|" + ":-:|" * len(Role)
    for permission in Permission:
        may = " | ".join("yes" if permission in ROLE_PERMISSIONS[role] else "" for role in Role)
        yield f"| {MEANINGS[permission]} | {may} |"


def main() -> None:
    """Print the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstbell.project.settings")
    import django  # noqa: PLC0415

    django.setup()
    sys.stdout.write(permissions_page())


if __name__ == "__main__":
    main()
