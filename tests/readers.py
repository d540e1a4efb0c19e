"""Every reader of strangers' text, under a name: articles of each form, pages and answers of each site.

Found by the registries (forms of articles, sites), so that a new one is among them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from memories import NOTHING

from scraper.articles.reading import FORMS, read_article
from scraper.errors import ArticleError
from scraper.model import Answer, Question
from scraper.settings import Settings
from scraper.sites import sites
from scraper.sites.identity import identify
from scraper.web import robots

Reader = Callable[[str], object]
