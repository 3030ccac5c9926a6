"""Handing the roster on: which product reads what, and how OneRoster's REST contract is answered."""
