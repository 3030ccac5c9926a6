"""Runs: uploading, watching, understanding and deciding them."""
