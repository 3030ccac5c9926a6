"""Single sign-on: the way through an identity provider and back, and the pages on which a district sets it up."""
