"""The page of permissions is made from the table that the product uses."""

from pathlib import Path

from firstbell.domain.accounts.page import permissions_page
from firstbell.domain.accounts.permissions import MEANINGS, Permission

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "permissions.md"


def test_the_page_of_permissions_is_current() -> None:
    assert PAGE.read_text("utf-8") == permissions_page(), (
        "python -m firstbell.domain.accounts.page > docs/reference/permissions.md"
    )


def test_every_permission_says_what_it_means() -> None:
    assert MEANINGS.keys() == set(Permission)
