"""Opening programs signed in: the tile, OpenID Connect for the program, and the page that sets it up."""
