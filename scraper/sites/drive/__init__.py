"""Google Drive: shared files."""
