"""Reading the roster: whose (scope), in which order (keyset), and people, classes and schools as pages show them."""
