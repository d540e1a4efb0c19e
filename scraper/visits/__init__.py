"""Whose turn it is, the loop that asks, and the requests of one run."""
