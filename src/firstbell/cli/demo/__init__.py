"""`firstbell demo`: two made-up districts, the web server and a worker, in one command."""
