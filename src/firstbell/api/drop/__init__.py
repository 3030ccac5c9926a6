"""The HTTPS upload of a source: one file, one token, one run."""
