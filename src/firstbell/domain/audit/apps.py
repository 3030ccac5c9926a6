"""Django's entry for this app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.audit"
    label = "audit"
