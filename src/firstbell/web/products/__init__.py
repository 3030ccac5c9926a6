"""The vendor's catalogue of products."""
