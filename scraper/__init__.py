"""Link health and metadata for lists of papers."""

__version__ = "0.1.0"
