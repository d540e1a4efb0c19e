"""The model, dataset or Space that an address of the Hugging Face Hub names."""

from __future__ import annotations

from scraper.addresses import Parts
from scraper.model import Target
from scraper.verdicts.patterns import lazily

_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_NAME = lazily(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
FAMILIES = {"models": "model", "datasets": "dataset", "spaces": "space"}
"""As the Hub's API has them, and what one of each is called."""
_ROOTS = (("tree", "main"), ("blob", "main"))
"""Behind a repository's name, another address of its front page; whatever is deeper is a page of its own."""
_RESERVED = frozenset(
    str.split(
        """
        api blog brand changelog chat collections course datasets docs enterprise front hub inference join
        landing learn login metrics models new organizations papers posts pricing privacy search settings
        spaces storage support tasks terms-of-service welcome
        """
    )
)
"""First steps of paths that are not owners."""


def recognise(address: Parts, archived_at: str) -> Target | None:
    """A repository by its front page. One that has no owner (`/bert-base-uncased`) looks like a user's page
    and stays a page, but for datasets, which stand in a folder of their own."""
    if address.host not in _HOSTS:
        return None
    steps = [step for step in address.path.split("/") if step]
    family = steps.pop(0) if steps and steps[0] in ("datasets", "spaces") else "models"
    least = 1 if family == "datasets" else 2
    if len(steps) > 2 and tuple(steps[2:]) in _ROOTS:
        steps = steps[:2]
    if not least <= len(steps) <= 2 or not all(_NAME.fullmatch(step) for step in steps):
        return None
    if family == "models" and steps[0] in _RESERVED:
        return None
    return place(family, "/".join(steps), archived_at)


def place(family: str, name: str, archived_at: str) -> Target:
    """The target `owner/name` of a family. Names that differ only in case lead to the same repository."""
    identifier = name if family == "models" else f"{family}/{name}"
    url = f"https://huggingface.co/{identifier}"
    return Target(
        f"huggingface:{identifier.lower()}", "huggingface", FAMILIES[family], identifier, url, archived_at
    )
