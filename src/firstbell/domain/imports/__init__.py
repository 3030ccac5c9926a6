"""Sources and runs: how a roster comes in, is held, is applied and is undone."""
