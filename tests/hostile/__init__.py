"""A labelled loopback web: what servers do to a link checker, and what each link must be called."""
