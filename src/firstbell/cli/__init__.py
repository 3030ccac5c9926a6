"""The firstbell command: one module per subcommand."""
