"""A district's home: how the roster stands, what needs a person, what ran last."""
