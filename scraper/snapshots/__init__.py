"""The published tables of a run as a Data Package, and what differs between two of them."""
