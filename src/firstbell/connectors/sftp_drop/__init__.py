"""Our own SFTP server, into which districts and their systems drop their files."""
