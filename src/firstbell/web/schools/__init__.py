"""Schools and the other organizations of a district."""
