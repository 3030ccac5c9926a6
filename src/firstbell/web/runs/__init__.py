"""Runs: uploading a roster, watching what becomes of it, and deciding about it."""
