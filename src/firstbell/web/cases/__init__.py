"""One-Time Assisted as the district sees it: its cases, from request to sign-off."""
