"""Django's entry for this app."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Registers the app's models, and listens to how runs end."""

    name = "firstbell.domain.sources"
    label = "sources"

    def ready(self) -> None:
        """What a run's end means for its source is this app's to say; imports does not know us."""
        from firstbell.domain.imports.ending import listen  # noqa: PLC0415 (models come after the registry)
        from firstbell.domain.sources.measuring import measure  # noqa: PLC0415
        from firstbell.domain.sources.settling import settle  # noqa: PLC0415

        listen(settle)
        listen(measure)
