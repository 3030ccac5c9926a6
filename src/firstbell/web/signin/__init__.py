"""Coming in: the front door, a district's own door for students, and choosing between memberships."""
