"""Programs that read the roster."""
