"""For machines that watch: is it well, and how much waits."""
