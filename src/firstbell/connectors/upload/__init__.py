"""Files that a person uploads on the page, or hands to the command."""
