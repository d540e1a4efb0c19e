"""Visits shared out over the workers of a Dask cluster."""
