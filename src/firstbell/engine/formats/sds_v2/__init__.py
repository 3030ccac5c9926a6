"""Microsoft School Data Sync, CSV formats 2 and 2.1 (orgs.csv, users.csv, classes.csv ...)."""
