"""Sources: where rosters come from, what guards them, and letting a held one go on."""
