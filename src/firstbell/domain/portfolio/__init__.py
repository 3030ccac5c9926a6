"""How far each district is, in counts and never a name of its roster: for those of the vendor who look after it."""
