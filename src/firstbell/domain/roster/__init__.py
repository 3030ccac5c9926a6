"""A district's people, classes and schools, and where each row came from."""
