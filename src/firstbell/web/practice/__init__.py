"""The practice space: one click there, one click gone."""
