"""The gallery: every part of the design system in all its states, with made-up data."""
