"""Cards and badges: what a person needs to sign in, on paper."""
