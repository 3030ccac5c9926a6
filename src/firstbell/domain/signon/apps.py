"""Django's entry for this app."""

from django.apps import AppConfig


class SignOnConfig(AppConfig):
    """Registers the app's models."""

    name = "firstbell.domain.signon"
    label = "signon"

    def ready(self) -> None:
        """Erasing a person reaches what is kept of their sign-ins."""
        from firstbell.domain.imports.erasing import REACHES  # noqa: PLC0415 - there are models only now
        from firstbell.domain.signon.forgetting import reach_sign_ins  # noqa: PLC0415

        if reach_sign_ins not in REACHES:
            REACHES.append(reach_sign_ins)
