"""Django's entry for this app."""

from django.apps import AppConfig


class ChangingConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.changing"
    label = "changing"
