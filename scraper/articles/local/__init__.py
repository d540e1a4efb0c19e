"""Links to files beside the article: where they may lead, what is there, and the places in it.

ground      the repository or folder that an article stands in
tree        its files, as far as they are its own
resolving   the files that a path may mean, on GitHub and to a site generator
anchors     the places that a document has, by its form
git         what is committed, ignored, renamed and removed
looking     the verdicts
"""
