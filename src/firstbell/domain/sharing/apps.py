"""Django's entry for this app."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.sharing"
    label = "sharing"
