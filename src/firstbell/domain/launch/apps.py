"""Django's entry for this app."""

from django.apps import AppConfig


class LaunchConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.launch"
    label = "launch"
