"""What anybody may read, signed in or not: what each finding means. It says nothing of any district."""
