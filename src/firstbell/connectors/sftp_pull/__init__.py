"""SFTP servers of others, from which districts let us fetch their files."""
