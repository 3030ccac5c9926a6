"""Contact: a district asks its Account Executive or Customer Success Manager."""
