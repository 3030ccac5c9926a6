"""Template tags: the parts of the design system, by name."""
