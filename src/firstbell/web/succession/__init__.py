"""A district whose administrator is gone: who asks for the place, and vendor staff who make sure of them."""
