"""Changing the method without losing anyone: whose people are, who would have no way in, and on which day."""
