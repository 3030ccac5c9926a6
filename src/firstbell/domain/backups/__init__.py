"""Backups of a whole installation: database and files of runs in one folder, sealed; the keys in another file."""
