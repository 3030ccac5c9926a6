"""The contract for those who run a district's rosters: runs, and advice; people, sources and accounts as they come."""
