"""From findings to a verdict, and what a series of verdicts means. Pure."""
