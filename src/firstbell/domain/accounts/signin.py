"""Signing in a student."""

from django.contrib.auth.backends import BaseBackend


class StudentBackend(BaseBackend):
    """Knows students."""
