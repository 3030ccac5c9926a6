"""Microsoft School Data Sync, the first CSV format (School.csv, Section.csv ...)."""
