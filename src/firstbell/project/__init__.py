"""Wiring: the environment, Django's settings, the database cluster, the `firstbell` command."""
