"""One repository by GitHub's REST API, within the limits: what is asked, and what the answers mean. Pure.

Without a token GitHub gives sixty requests an hour, and a 304 counts as well. `depth` spreads them; a
repository that is unchanged since it was last read costs one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, urlsplit

from scraper.model import Answer, Question, Request, Target
from scraper.sites.github.records import get, message, repository
from scraper.sites.values import no_word, parse_json
from scraper.verdicts.health import Claim

API_VERSION = "2022-11-28"
"""https://docs.github.com/en/rest/about-the-rest-api/api-versions: supported until March 2028 at least."""

BUDGET = 50
"""Requests that one run spends of a guest's sixty an hour: the rest is for renames, and for the neighbours
behind the same address."""

STEPS = ("repository", "commits", "tree", "release", "readme")
"""What is asked of one repository, the most telling first."""

KNOWN_BY = {
    "commits": "last_commit_at",
    "tree": "has_dependencies",
    "release": "latest_release",
    "readme": "has_results_table",
}
"""The column by which one sees that the answer to a step is known already."""

_BODY_LIMITS = {
    "repository": 2**20,
    "commits": 2**20,
    "tree": 16 * 2**20,
    "release": 2**20,
    "readme": 2 * 2**20,
    "deep_commit": 8 * 2**20,
}


def depth(repositories: int, budget: int = BUDGET) -> int:
    """How many of the `STEPS` every repository gets, so that all fit the budget; 0: not even one each."""
    return min(len(STEPS), budget // repositories) if repositories else len(STEPS)


@dataclass(frozen=True, slots=True)
class Api:
    """GitHub's REST API as one visitor sees it: a guest, or the holder of a token."""

    base: str
    credential: str
    variant: str
    """Who asks, in which version: ETags are good for one visitor only, so this is part of their key."""

    @property
    def key(self) -> str:
        return urlsplit(self.base).hostname or self.base

    def validator_key(self, url: str) -> str:
        return f"{url}#{self.variant}"

    def question(
        self, step: str, target: Target, path: str, etag: str, context: Mapping[str, Any]
    ) -> Question:
        """A question of one step; `etag` is the validator that may be sent, or empty."""
        headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", API_VERSION)]
        if etag:
            headers.append(("If-None-Match", etag))
        url = self.base + path
        request = Request(
            url,
            headers=tuple(headers),
            body_limit=_BODY_LIMITS.get(step, 2**20),
            credential=self.credential,
            follow=False,
        )
        who = {"guest": not self.credential, "etag": etag, "validator": self.validator_key(url)}
        return Question(self.key, "github", step, (target,), request, {**context, **who})


def api(base: str, token: str = "") -> Api:
    """The API for a guest, or for the holder of the token. Only a fingerprint of the token is kept."""
    who = hashlib.sha256(token.encode()).hexdigest()[:12] if token else "anonymous"
    return Api(base.rstrip("/"), "github" if token else "", f"{who}/{API_VERSION}")


def path_of(step: str, full_name: str, branch: str = "") -> str:
    """Path and query of a step; `branch` for `commits` and `tree`."""
    place = f"/repos/{quote(full_name)}"
    ref = quote(branch, safe="")
    return {
        "repository": place,
        "commits": f"{place}/commits?per_page=1&sha={ref}",
        "tree": f"{place}/git/trees/{ref}?recursive=1",
        "release": f"{place}/releases/latest",
        "readme": f"{place}/readme",
    }[step]


Kind = Literal["body", "unchanged", "elsewhere", "denied", "refused", "forbidden", "claim"]


class Word(NamedTuple):
    """What an answer about a repository, or about something in it, means.

    body: the thing. unchanged: 304. elsewhere: its id, or its path by the id, under which to ask again.
    denied: there is no such thing in the repository. refused: the token is bad. forbidden: the token may not
    see it (SAML, an allow list), a guest perhaps may. claim: the verdict.
    """

    kind: Kind
    claim: Claim = Claim("ok")
    body: Any = None


def read(answer: Answer, etag: str) -> Word:
    """The meaning of the answer to `GET /repos/…`; `etag` is the validator that was sent.

    The order of the refusals is that of GitHub's own clients (go-github's CheckResponse): 451, 403 with
    `block`, a spent budget, the secondary limit, any other 403.
    """
    status = answer.status
    if status == 200:
        body = parse_json(answer.body)
        return Word("body", body=body) if repository(body) else Word("claim", no_word(answer))
    if status == 304 and etag:
        return Word("unchanged")
    if status in (301, 302, 307, 308):
        number = _repository_number(answer)
        return Word("elsewhere", body=number) if number else Word("claim", no_word(answer))
    return _read_refusal(answer)


def read_part(answer: Answer) -> Word:
    """The meaning of an answer about something within a repository, which itself is there."""
    status = answer.status
    if status == 200:
        body = None if answer.truncated else parse_json(answer.body)
        return Word("claim", no_word(answer)) if body is None else Word("body", body=body)
    if status in (301, 302, 307, 308):
        location = answer.headers.get("location", "")
        place = re.search(r"(/repositories/[0-9]{1,18}/[\w./-]+)\Z", location)
        return Word("elsewhere", body=place[1]) if place else Word("claim", no_word(answer))
    if status in (404, 409, 410, 422) and message(answer.body):
        return Word("denied")
    word = _read_refusal(answer)
    return Word("claim", no_word(answer)) if word.kind in ("refused", "forbidden") else word


def _read_refusal(answer: Answer) -> Word:
    status, said = answer.status, message(answer.body)
    block = get(parse_json(answer.body), "block")
    if status == 451 or (status == 403 and isinstance(block, dict)):
        return Word("claim", Claim("repository_blocked", _blocked(block)))
    if (limit := rate_limit(answer)) is not None:
        return Word("claim", Claim("rate_limited", limit.detail))
    if status == 401:
        return Word("refused")
    if status == 403:
        return Word("forbidden", Claim("forbidden", f"GitHub's API: {said or 'HTTP 403'}"))
    if status == 404 and said:
        return Word(
            "claim", Claim("not_found", "GitHub's API knows no such public repository: deleted, or private")
        )
    if status == 410:
        return Word("claim", Claim("no_answer", f"GitHub retired version {API_VERSION} of its API"))
    return Word("claim", no_word(answer))


def _blocked(block: Any) -> str:
    """`GitHub blocked it (dmca, 2021-04-22): https://github.com/github/dmca/…`."""
    reason, since, where = (get(block, name) for name in ("reason", "created_at", "html_url"))
    told = [
        part[:200] for part in (reason, since[:10] if isinstance(since, str) else "") if isinstance(part, str)
    ]
    detail = f"GitHub blocked it ({', '.join(filter(None, told)) or 'no reason given'})"
    return f"{detail}: {where[:300]}" if isinstance(where, str) and where.startswith("https://") else detail


def _repository_number(answer: Answer) -> str:
    """The id in `/repositories/ID`. Only the number is taken: an answer cannot send us to another host."""
    for place in (answer.headers.get("location"), get(parse_json(answer.body), "url")):
        if isinstance(place, str) and (match := re.search(r"/repositories/([0-9]{1,18})\Z", place)):
            return match[1]
    return ""


class RateLimit(NamedTuple):
    """A limit that was run into."""

    kind: Literal["primary", "secondary"]
    until: datetime | None
    detail: str


def rate_limit(answer: Answer) -> RateLimit | None:
    """The limit that a 403 or 429 speaks of; None for any other answer."""
    if answer.failure == "rate_limited":
        return RateLimit("primary", None, answer.detail or "GitHub asks for a longer pause than we may wait")
    if answer.status not in (403, 429):
        return None
    said = message(answer.body).lower()
    about = get(parse_json(answer.body), "documentation_url")
    if answer.headers.get("x-ratelimit-remaining") == "0" or said.startswith("api rate limit exceeded"):
        until = resets_at(answer)
        return RateLimit("primary", until, _until("GitHub's hourly limit is used up", until))
    place = about if isinstance(about, str) else ""
    secondary = "secondary rate limit" in said or place.endswith(
        ("secondary-rate-limits", "#abuse-rate-limits")
    )
    if answer.status == 429 or secondary:
        return RateLimit("secondary", None, "GitHub's secondary limit: it wants to be asked more slowly")
    return None


def _until(what: str, until: datetime | None) -> str:
    return f"{what} until {until:%H:%M} UTC" if until else what


def resets_at(answer: Answer) -> datetime | None:
    """When the hour begins anew (`x-ratelimit-reset`); None when it is not told or no time of this day."""
    written = answer.headers.get("x-ratelimit-reset", "")
    if not re.fullmatch(r"[0-9]{1,11}", written):
        return None
    moment, now = datetime.fromtimestamp(int(written), UTC), sent_at(answer)
    return moment if now is None or abs(moment - now) <= timedelta(days=1) else None


def sent_at(answer: Answer) -> datetime | None:
    """The server's own time (`Date`), by which its times are meant; else ours."""
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError):
        return answer.at
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_spent(answer: Answer, bearable: float) -> bool:
    """Whether the answer was the last of its hour, and the next hour is further off than we may wait."""
    if answer.headers.get("x-ratelimit-remaining") != "0":
        return False
    until, now = resets_at(answer), sent_at(answer)
    return until is None or now is None or (until - now).total_seconds() > bearable


EXPIRY_NOTICE = timedelta(days=14)


def token_expiry(answer: Answer) -> str:
    """`2026-11-30 (in 6 days)` when GitHub says that the token dies within `EXPIRY_NOTICE`; else empty."""
    written = answer.headers.get("github-authentication-token-expiration", "").replace(" UTC", " +0000")
    now = sent_at(answer)
    try:
        moment = datetime.strptime(written, "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return ""
    if now is None or moment - now > EXPIRY_NOTICE:
        return ""
    return f"{moment.astimezone(UTC):%Y-%m-%d} (in {max(0, (moment - now).days)} days)"
