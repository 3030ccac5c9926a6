"""School years, semesters and terms of a district."""
