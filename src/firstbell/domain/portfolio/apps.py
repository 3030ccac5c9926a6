"""Django's entry for this app."""

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.portfolio"
    label = "portfolio"
