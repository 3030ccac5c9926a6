"""OneRoster's REST contract of both versions, answered by PostgreSQL: the JSON is made where the rows are."""
