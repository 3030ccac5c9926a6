"""Which method fits us? The advisor, for anyone."""
