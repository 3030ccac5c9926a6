"""A district's method: whether it still fits, and what changing it does."""
