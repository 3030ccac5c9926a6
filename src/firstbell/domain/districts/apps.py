"""Django's entry for this app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from firstbell.domain.districts.application_role import prepare_application_role


class DistrictsConfig(AppConfig):
    """Registers the app's models, and the grants that follow every migration."""

    name = "firstbell.domain.districts"
    label = "districts"

    def ready(self) -> None:
        """Grants follow every migration."""
        post_migrate.connect(prepare_application_role, sender=self, dispatch_uid="application role")
