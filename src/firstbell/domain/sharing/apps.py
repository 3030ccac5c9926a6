"""Django's entry for this app."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Telling what is held of a person reaches what is kept for products."""
        from firstbell.domain.imports.telling import TELLS  # noqa: PLC0415 - models come now
        from firstbell.domain.sharing.past import tell_past  # noqa: PLC0415

        TELLS["said_before"] = tell_past
