"""What Firstbell keeps and does for a district: Django apps with models, and no HTTP."""
