"""The catalogue as a table: what its columns are, what a file would change, how that is done and undone, and export."""
