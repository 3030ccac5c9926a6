"""Django's mailer, from the environment."""

from firstbell.project.environment import Environment

SECONDS = 15
"""So long a page waits for the mail server before it shows the link instead."""


def mailer(environment: Environment) -> dict[str, object]:
    """Django's MAILERS entry: the operator's SMTP server; without one, a developer's console or nothing."""
    if not environment.smtp_host:
        return {"BACKEND": f"django.core.mail.backends.{'console' if environment.debug else 'dummy'}.EmailBackend"}
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": environment.smtp_host,
            "port": environment.smtp_port,
            "username": environment.smtp_user,
            "password": environment.smtp_password.get_secret_value(),
            "use_tls": environment.smtp_security == "starttls",
            "use_ssl": environment.smtp_security == "tls",
            "timeout": SECONDS,
        },
    }
