"""Django's database router: tables are made on `owner`, everything else happens on `default`."""

from typing import Any


class OwnerMigrates:
    """The application role neither may nor should make tables."""

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """Only the owner."""
        return db == "owner"
