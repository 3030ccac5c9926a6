"""A folder of this installation that somebody else writes into."""
