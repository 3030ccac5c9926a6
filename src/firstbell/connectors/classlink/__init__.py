"""ClassLink Roster Server: OneRoster 1.1 with settings of its own."""
