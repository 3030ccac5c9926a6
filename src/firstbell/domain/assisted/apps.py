"""Django's entry for this app."""

from django.apps import AppConfig


class AssistedConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.assisted"
    label = "assisted"

    def ready(self) -> None:
        """Erasing a person reaches what was written on cases, and cases hear how their runs end."""
        from firstbell.domain.assisted.following import follow_when_ended  # noqa: PLC0415
        from firstbell.domain.assisted.forgetting import reach_cases  # noqa: PLC0415 - there are models only now
        from firstbell.domain.imports.ending import listen  # noqa: PLC0415
        from firstbell.domain.imports.erasing import REACHES  # noqa: PLC0415

        listen(follow_when_ended)
        if reach_cases not in REACHES:
            REACHES.append(reach_cases)
