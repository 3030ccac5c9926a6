"""`firstbell demo`: three made-up districts, the web server and a worker, in one command."""
