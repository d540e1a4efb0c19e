"""What `import scraper` offers: verdicts now, and what runs have published. See `scraper.__all__`."""
