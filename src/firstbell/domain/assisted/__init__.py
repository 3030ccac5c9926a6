"""One-Time Assisted: a district's import by Technical Services, as a case that both sides see."""
