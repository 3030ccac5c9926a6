"""Django's entry for this app."""

from django.apps import AppConfig


class AdviceConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.advice"
    label = "advice"
