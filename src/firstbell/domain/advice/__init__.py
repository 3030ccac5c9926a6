"""Which rostering method fits, and why: one function behind the page, the command and the API."""
