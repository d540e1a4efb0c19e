"""arXiv: preprints by its API, else by the page."""
