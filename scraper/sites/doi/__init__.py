"""DOIs: works as Crossref and DataCite describe them."""
