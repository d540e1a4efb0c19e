"""As whom one run asks GitHub: with the token or as a guest, and what is left of either's budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Answer, Question
from scraper.sites.github import rest
from scraper.sites.github.rest import BUDGET

if TYPE_CHECKING:
    from scraper.settings import Settings


class Access:
    """Notes of one run: the guest's budget, limits that were reached, whether the token was refused."""

    def __init__(self, settings: Settings) -> None:
        token = settings.github_token.get_secret_value() if settings.github_token else ""
        self.complaints: list[str] = []
        self.guest = rest.api(settings.github_api)
        self.member = rest.api(settings.github_api, token) if token else None
        self.budget = BUDGET
        self.spent: set[str] = set()
        self._bearable = settings.max_wait

    def learn(self, question: Question, answer: Answer) -> None:
        """What the answer's headers say of the budget and of the token."""
        if rest.is_spent(answer, self._bearable):
            self.spent.add(question.key)
        if expiry := rest.token_expiry(answer):
            self._complain(f"GITHUB_TOKEN expires on {expiry}: renew it")

    def afford(self, requests: int) -> rest.Api | None:
        """The REST API, with that many requests taken from a guest's budget; None when they are not left."""
        if self.guest.key in self.spent:
            return None
        if self.member is not None:
            return self.member
        if self.budget < requests:
            return None
        self.budget -= requests
        return self.guest

    def of(self, question: Question) -> rest.Api:
        return self.guest if question.context["guest"] or self.member is None else self.member

    def drop_token(self) -> None:
        self.member = None
        self._complain("GITHUB_TOKEN was refused by GitHub (401 Bad credentials): going on without it")

    def _complain(self, line: str) -> None:
        if line not in self.complaints:
            self.complaints.append(line)
