"""Django's entry for this app."""

from django.apps import AppConfig


class AssistedConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.assisted"
    label = "assisted"
