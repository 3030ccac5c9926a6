"""Beginning a new school year: what becomes of each grade, a look at what will happen, and doing it."""
