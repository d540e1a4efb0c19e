"""A small interpreter of GraphQL: fields, aliases, arguments, variables, fragments; no directives.

Enough to answer whatever selection the program asks for from plain dictionaries, as GitHub would: partial
data with errors by path, and a refusal of the whole query when it names a field that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ABSTRACT = {
    **dict.fromkeys(("Commit", "Tree", "Blob", "Tag"), ("GitObject",)),
    **dict.fromkeys(("Issue", "PullRequest"), ("IssueOrPullRequest",)),
}
"""The interfaces and unions that a type belongs to."""

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\.\.\.|-?\d+(?:\.\d+)?|[_A-Za-z]\w*|[{}()\[\]:!=$@&|]')
_IGNORED = re.compile(r"(?:[\s,]|#[^\n]*)*")


class QueryError(Exception):
    """The query as a whole is refused; `code` is GitHub's `extensions.code`, when it has one."""

    def __init__(self, message: str, code: str = "", path: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code, self.path = code, path


class FieldError(Exception):
    """One field is null, for this reason; `kind` is GitHub's `type` (None: null without an error)."""

    def __init__(self, message: str, kind: str | None) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Variable:
    name: str


@dataclass(frozen=True)
class Selection:
    """A field (`name`), a fragment spread (`spread`), or an inline fragment (`on`, or neither)."""

    name: str = ""
    alias: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    inner: tuple[Selection, ...] = ()
    spread: str = ""
    on: str = ""


@dataclass
class Document:
    operation: tuple[Selection, ...] = ()
    defaults: Json = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)
    fragments: dict[str, tuple[str, tuple[Selection, ...]]] = field(default_factory=dict)


class _Parser:
    """Recursive descent over the tokens of a query (GraphQL, October 2021, §2)."""

    def __init__(self, query: str) -> None:
        self.tokens: list[str] = []
        position = _skip(query, 0)
        while position < len(query):
            match = _TOKEN.match(query, position)
            if not match:
                raise QueryError(f"Parse error on {query[position]!r}")
            self.tokens.append(match.group())
            position = _skip(query, match.end())
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise QueryError(f"Parse error on {token or 'end of file'!r} (expected {expected!r})")
        self.at += 1
        return token

    def skip(self, token: str) -> bool:
        if self.peek() != token:
            return False
        self.at += 1
        return True

    def document(self) -> Document:
        result = Document()
        while self.peek():
            if self.skip("fragment"):
                name = self.take()
                self.take("on")
                result.fragments[name] = (self.take(), self.selections())
                continue
            if self.peek() != "{":
                self.take("query")
                if self.peek() not in {"{", "("}:
                    self.take()
                self.variables(result)
            result.operation = self.selections()
        return result

    def variables(self, result: Document) -> None:
        if not self.skip("("):
            return
        while not self.skip(")"):
            self.take("$")
            name = self.take()
            result.declared.add(name)
            self.take(":")
            while self.peek() not in {"$", ")", "="}:
                self.take()
            if self.skip("="):
                result.defaults[name] = self.value()

    def selections(self) -> tuple[Selection, ...]:
        self.take("{")
        found = []
        while not self.skip("}"):
            found.append(self.selection())
        return tuple(found)

    def selection(self) -> Selection:
        if self.skip("..."):
            if self.skip("on"):
                return Selection(on=self.take(), inner=self.selections())
            return Selection(inner=self.selections()) if self.peek() == "{" else Selection(spread=self.take())
        alias = name = self.take()
        if self.skip(":"):
            name = self.take()
        arguments: Json = {}
        if self.skip("("):
            while not self.skip(")"):
                key = self.take()
                self.take(":")
                arguments[key] = self.value()
        return Selection(name, alias, arguments, self.selections() if self.peek() == "{" else ())

    def value(self) -> Any:
        if self.skip("$"):
            return Variable(self.take())
        if self.skip("["):
            items = []
            while not self.skip("]"):
                items.append(self.value())
            return items
        token = self.take()
        if token.startswith('"'):
            return re.sub(r"\\(.)", r"\1", token[1:-1])
        if re.fullmatch(r"-?\d+", token):
            return int(token)
        return {"true": True, "false": False, "null": None}.get(token, token)


def _skip(query: str, position: int) -> int:
    match = _IGNORED.match(query, position)
    return match.end() if match else position


def parse(query: str) -> Document:
    """The query's operation and fragments; raises QueryError."""
    return _Parser(query).document()


def execute(document: Document, root: Json, variables: Mapping[str, Any]) -> tuple[Json, list[Json]]:
    """Data and errors for a parsed query; raises QueryError when it names what does not exist."""
    run = _Run(document, {**document.defaults, **variables})
    return run.resolve(root, document.operation, ()), run.errors


class _Run:
    def __init__(self, document: Document, variables: Json) -> None:
        self.document, self.variables = document, variables
        self.errors: list[Json] = []

    def resolve(self, parent: Json, selections: tuple[Selection, ...], path: tuple[str, ...]) -> Json:
        data: Json = {}
        for one in selections:
            if one.name:
                data[one.alias] = self.field(parent, one, (*path, one.alias))
            else:
                on, inner = self.fragment(one, path)
                if on in ("", parent.get("__typename", on), *ABSTRACT.get(parent.get("__typename", ""), ())):
                    data |= self.resolve(parent, inner, path)
        return data

    def fragment(self, one: Selection, path: tuple[str, ...]) -> tuple[str, tuple[Selection, ...]]:
        if not one.spread:
            return one.on, one.inner
        if one.spread not in self.document.fragments:
            raise QueryError(f"Fragment {one.spread} was used, but not defined", "useAndDefineFragment", path)
        return self.document.fragments[one.spread]

    def field(self, parent: Json, one: Selection, path: tuple[str, ...]) -> Any:
        if one.name not in parent:
            kind = parent.get("__typename", "Object")
            message = f"Field '{one.name}' doesn't exist on type '{kind}'"
            raise QueryError(message, "undefinedField", path)
        value = parent[one.name]
        try:
            found = value(**self.arguments(one, path)) if callable(value) else value
        except FieldError as error:
            if error.kind is not None:
                where = {"path": list(path), "locations": [{"line": 1, "column": 1}]}
                self.errors.append({"type": error.kind, **where, "message": str(error)})
            return None
        return self.shaped(found, one, path)

    def arguments(self, one: Selection, path: tuple[str, ...]) -> Json:
        return {name: self.value(given, path) for name, given in one.arguments.items()}

    def value(self, given: Any, path: tuple[str, ...]) -> Any:
        if not isinstance(given, Variable):
            return given
        if given.name not in self.document.declared or given.name not in self.variables:
            raise QueryError(
                f"Variable ${given.name} is used but not declared or given", "variableNotDefined", path
            )
        return self.variables[given.name]

    def shaped(self, found: Any, one: Selection, path: tuple[str, ...]) -> Any:
        if isinstance(found, list):
            return [self.shaped(item, one, path) for item in found]
        if isinstance(found, dict):
            if not one.inner:
                raise QueryError(f"Field '{one.name}' must have selections", "selectionMismatch", path)
            return self.resolve(found, one.inner, path)
        if one.inner and found is not None:
            raise QueryError(
                f"Selections can't be made on scalars (field '{one.name}')", "selectionMismatch", path
            )
        return found
