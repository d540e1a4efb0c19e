"""Readers of articles: decoding, outline, one module per form. `reading` is their face."""
