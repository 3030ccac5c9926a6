"""Django's entry for this app."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.imports"
    label = "imports"
