"""The tenants, and the wall between them."""
