"""Tables in, tables out: reads rosters, checks them, compares them, and says what is safe."""
