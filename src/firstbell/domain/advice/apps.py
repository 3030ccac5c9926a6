"""Django's entry for this app."""

from django.apps import AppConfig


class AdviceConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.advice"
    label = "advice"

    def ready(self) -> None:
        """Erasing a person, and telling what is held of one, reach what they asked."""
        from firstbell.domain.advice.forgetting import reach_requests, tell_requests  # noqa: PLC0415 - models come now
        from firstbell.domain.imports.erasing import REACHES  # noqa: PLC0415
        from firstbell.domain.imports.telling import TELLS  # noqa: PLC0415

        if reach_requests not in REACHES:
            REACHES.append(reach_requests)
        TELLS["requests"] = tell_requests
