"""Clever's API, v3.1."""
