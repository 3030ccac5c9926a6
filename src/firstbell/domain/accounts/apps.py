"""Django's entry for this app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.accounts"
    label = "accounts"
