"""The memory of all runs: one SQLite file."""
