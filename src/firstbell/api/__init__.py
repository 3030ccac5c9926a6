"""JSON contracts for other programs."""
