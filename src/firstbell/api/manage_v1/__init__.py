"""The contract for those who run a district's rosters: runs today; people, sources and accounts as they come."""
