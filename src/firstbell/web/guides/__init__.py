"""Guides: what to do, in which order, and what is still missing. One source for the pages and for docs/guides."""
