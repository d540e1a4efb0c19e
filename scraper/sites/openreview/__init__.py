"""OpenReview: forums by its two APIs, the page and its memento."""
