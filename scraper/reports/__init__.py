"""What people read after a run: pages, summaries and feeds, all rendered from one `Edition`.

    Edition ─► story.py (what matters, in which order) ─► html.py, markdown.py, junit.py, … ─► write.py
                                                        └► terminal.py

Importing this package is light; jinja2 is reached by `html.py` alone.
"""
