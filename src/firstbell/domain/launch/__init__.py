"""Opening a program signed in: which programs, for whom, and what each is told of who comes."""
