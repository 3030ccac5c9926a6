"""Classes: looking for them, one class with its members, and one's own classes."""
