"""What is missing before the first bell, by school."""
