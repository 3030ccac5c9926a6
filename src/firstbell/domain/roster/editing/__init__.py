"""Changing the roster by hand: adding, editing, removing and restoring single rows, which then belong to nobody."""
