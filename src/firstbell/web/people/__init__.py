"""People: looking for them, and all about one."""
