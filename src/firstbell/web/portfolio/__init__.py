"""For those of the vendor who look after districts: how far each is, what it asks, and what it has. No child's name."""
