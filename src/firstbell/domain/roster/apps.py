"""Django's entry for this app."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.roster"
    label = "roster"
