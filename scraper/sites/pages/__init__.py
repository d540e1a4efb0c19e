"""Every other link: a page of the web, and what it shows."""
