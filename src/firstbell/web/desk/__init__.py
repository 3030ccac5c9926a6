"""One-Time Assisted as Technical Services sees it: the queue, and the cases that somebody has."""
