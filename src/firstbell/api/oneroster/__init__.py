"""The roster as products read it: OneRoster 1.1 and 1.2, and the tokens for it."""
