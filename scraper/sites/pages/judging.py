"""What one page is called, by its status and by what it shows. Pure.

200 proves nothing on its own (docs/verdicts.md, rule 2). What is only doubted here is decided by what other
addresses get; where none can be asked, the doubt stands.
"""

from __future__ import annotations

from typing import NamedTuple

from scraper.addresses import hostname, is_front
from scraper.model import Answer
from scraper.sites.pages import failing, signs, vacancy, walls
from scraper.sites.pages.view import PageView, is_html, media_type
from scraper.verdicts.health import Claim, judge_answer, judge_status
from scraper.verdicts.reasons import PRESENT


class Judged(NamedTuple):
    claim: Claim
    doubtful: bool = False
    """Whether a made-up sibling should be heard before this is believed."""
    refutable: bool = True
    """Whether a site that denies made-up addresses refutes the doubt: it would have denied this one too, and
    walls stand before all. It says nothing of what was removed, fails or is refused at this address alone."""


def judge_page(answer: Answer, view: PageView) -> Claim:
    """The claim of one page where no other address can be asked."""
    return judge(answer, view).claim


def judge(answer: Answer, view: PageView) -> Judged:
    """A challenge is looked for at any status: bot walls answer with 200, 403, 429 and 503."""
    if answer.status is not None and (why := signs.challenged(answer, view)):
        return Judged(Claim("challenge", why))
    claim = judge_answer(answer)
    if claim.health not in PRESENT:
        return Judged(claim)
    return _shown(answer, view) or Judged(claim)


def _shown(answer: Answer, view: PageView) -> Judged | None:
    """What a page that was served well shows instead of the thing."""
    if view.blank and not answer.hops:  # a file, most often: it shows nothing, and was sent nowhere
        return None
    if why := signs.wants_login(answer, view):
        return Judged(Claim("login_required", why))
    if why := walls.wants_others(view):
        return Judged(Claim("forbidden", why), doubtful=True, refutable=False)
    if why := vacancy.parked(answer, view):
        return Judged(Claim("parked", why))
    if why := vacancy.suspended(view):
        return Judged(Claim("suspended", why))
    if why := vacancy.default_page(view):
        return Judged(Claim("soft_404", why)) if _is_deep(answer) else None
    if (why := vacancy.perhaps_default(view)) and _is_deep(answer):
        return Judged(Claim("soft_404", why), doubtful=True)
    evidence = signs.missing(answer, view)
    if (why := failing.failed(view)) and not (evidence.why and evidence.face):
        return Judged(Claim("server_error", why))
    if evidence.why:
        return Judged(Claim("soft_404", evidence.why), not evidence.proof, not evidence.removed)
    if (status := failing.status_said(view)) is not None:
        return Judged(Claim(judge_status(status), f"the page says {status}"))
    return _doubted(view)


def _doubted(view: PageView) -> Judged | None:
    """What only other addresses of the site can prove; a text about error pages is none."""
    doubt = _doubt(view)
    return None if doubt is None or signs.explains(view) else doubt


def _doubt(view: PageView) -> Judged | None:
    if (status := failing.status_named(view)) is not None:
        return _status(status, f"the page says {view.title!r}")
    if (status := failing.status_numbered(view)) is not None:
        return _status(status, f"the page says {status} and little else")
    if why := walls.perhaps(view):
        return Judged(Claim("challenge", why), doubtful=True)
    if why := walls.withheld(view):
        return Judged(Claim("forbidden", why), doubtful=True, refutable=False)
    if why := vacancy.let_go(view):
        return Judged(Claim("parked", why), doubtful=True)
    if refusal := failing.refused(view):
        return Judged(Claim(refusal.reason, refusal.why), doubtful=True, refutable=False)
    return None


def _status(status: int, why: str) -> Judged:
    return Judged(Claim(judge_status(status), why), doubtful=True, refutable=status in (404, 410))


def _is_deep(answer: Answer) -> bool:
    """At a front page a default page may be all that was ever there."""
    return not is_front(answer.url)


def unseen(answer: Answer, view: PageView) -> tuple[str, ...]:
    """What was not looked into, in words for the user."""
    if "content coding" in answer.detail or "cut after" in answer.detail:
        return (f"not looked into: {answer.detail}",)
    if not answer.body and not answer.truncated:
        return ("the answer is empty: there was nothing to look into",)
    read = f"{max(1, len(answer.body) // 1024)} KiB"
    if not is_html(answer):
        kind = media_type(answer) or "unknown type"
        return (f"only the first {read} of the file ({kind}) were read",) if answer.truncated else ()
    if signs.drawn_by_scripts(view):
        return ("drawn by scripts: what it shows was not looked into",)
    if view.cut and len(view.text) < signs.SHORT:
        return (f"only the first {read} of the page were read, and they show little",)
    return ()


def host_of(url: str) -> str:
    return hostname(url).rstrip(".")
