"""Files that a program of the district sends by HTTPS."""
