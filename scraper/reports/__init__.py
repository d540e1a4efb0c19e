"""What people read after a run: pages, summaries and feeds, all rendered from one `Edition`.

    Edition ─► story.py (what matters, in which order) ─► html.py, markdown.py, junit.py, … ─► write.py
                                                        └► terminal.py

Importing this package is light; matplotlib is reached by `pictures.py` and jinja2 by `html.py` alone.
"""
