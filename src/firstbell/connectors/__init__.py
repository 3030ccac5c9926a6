"""Other people's systems: where rosters are fetched from and handed on to."""
