"""Forms for rows of the roster, derived from its tables, and what people are told when one cannot be saved."""
