"""What became of a file or folder that is not where its address says: removed, moved, or never there.

Two requests at most: the newest commit that touched it, and what that commit did. So a removed file has the
permalink at which it is still to be seen.
"""

from __future__ import annotations

from collections.abc import Callable

from scraper.model import Answer, Question, Reading, Target
from scraper.sites.github import part_paths, rescue, rest
from scraper.sites.github.completeness import Files
from scraper.sites.github.deep_verdicts import Ground, Ruling, there, written
from scraper.sites.github.part_questions import Afford, api_question, ground_of, link_of, raw_question, said
from scraper.verdicts.health import Claim


class LostPaths:
    """Asks for histories and reads them; keeps the file lists of the repositories that lost something."""

    def __init__(self, afford: Afford) -> None:
        self._afford = afford
        self.trees: dict[str, Files] = {}
        self.readers: dict[str, Callable[[Question, Answer], Reading]] = {
            "deep_history": self._read_history,
            "deep_commit": self._read_commit,
            "deep_moved": self._read_moved,
        }

    def ask(self, target: Target, ground: Ground, ruling: Ruling) -> Question | None:
        if (api := self._afford(2)) is None:
            return None
        path = rescue.history_path(ground.full_name, ruling.path, ruling.revision)
        more = {"lost": ruling.path, "revision": ruling.revision}
        return api_question(api, "deep_history", target, ground, path, ruling.claim, **more)

    def _read_history(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        context, word = question.context, rest.read_part(answer)
        claim = Claim(*context["claim"])
        found = rescue.removal(word.body) if word.kind == "body" else None
        if found is None:
            never = word.kind == "body" and word.body == []
            return said(
                target, claim._replace(detail=f"{claim.detail}, nor ever was") if never else claim, answer
            )
        api = _api_again(question)
        path = rescue.commit_path(context["full_name"], found.commit)
        kept = {"lost": context["lost"], "revision": context["revision"], "removal": tuple(found)}
        return Reading(
            questions=[api_question(api, "deep_commit", target, ground_of(question), path, claim, **kept)]
        )

    def _read_commit(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        context, ground, word = question.context, ground_of(question), rest.read_part(answer)
        fate = rescue.fate(word.body, context["lost"]) if word.kind == "body" else rescue.Fate("removed")
        if fate.kind == "there":
            alive = there(target, ground) if context["revision"] else Claim(*context["claim"])
            return said(target, alive, answer)
        if fate.kind == "moved":
            return self._moved(question, fate.path, answer)
        return said(target, _removed(question), answer)

    def _moved(self, question: Question, path: str, answer: Answer) -> Reading:
        """The file's new place, if it is still there: renamed files are renamed again, and removed."""
        (target,) = question.targets
        ground, revision = ground_of(question), question.context["revision"]
        on_default = revision in ("", ground.default_branch, "HEAD")
        tree = self.trees.get(ground.full_name) if on_default else None
        if tree is not None and (path in tree.paths or f"{path}/" in tree.paths):
            return said(target, _file_moved(question, path), answer)
        if link_of(target).kind != "file" or (tree is not None and (tree.whole or path.count("/") < 3)):
            return said(target, _removed(question), answer)
        place = f"{part_paths.quoted(revision or 'HEAD')}/{part_paths.quoted(path)}"
        claim, removed = _file_moved(question, path), tuple(_removed(question))
        return Reading(questions=[raw_question("deep_moved", target, ground, place, claim, removed=removed)])

    def _read_moved(self, question: Question, answer: Answer) -> Reading:
        (target,) = question.targets
        name = "claim" if answer.status == 200 else "removed"
        return said(target, Claim(*question.context[name]), answer)


def _api_again(question: Question) -> rest.Api:
    """The API that answered: the second request was paid for with the first."""
    guest = question.context["guest"]
    base = question.request.url.partition("/repos/")[0]
    return rest.Api(
        base,
        "" if guest else question.request.credential,
        question.context["validator"].partition("#")[2],
    )


def _removed(question: Question) -> Claim:
    (target,) = question.targets
    found, path = rescue.Removal(*question.context["removal"]), question.context["lost"]
    if not found.parent:
        return Claim(*question.context["claim"])
    permalink = written(target, ground_of(question), found.parent, path)
    return Claim("file_removed", f"{found.told} removed it; it was there until then", permalink)


def _file_moved(question: Question, path: str) -> Claim:
    (target,) = question.targets
    ground, found = ground_of(question), rescue.Removal(*question.context["removal"])
    revision = question.context["revision"] or ground.default_branch or "HEAD"
    return Claim("file_moved", f"{found.told} moved it to {path}", written(target, ground, revision, path))
