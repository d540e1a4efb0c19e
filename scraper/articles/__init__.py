"""Readers of articles: decoding, outline, one module per form. `scraper.article` is their face."""
