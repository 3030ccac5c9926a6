"""Clever's CSV files, as districts send them by SFTP."""
