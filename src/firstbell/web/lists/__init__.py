"""Lists: templates to fill in, and what people bring back."""
