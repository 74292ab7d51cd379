"""What was cited, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from legal.citations import words
from legal.models import Article

BLOCK, WARN, INFO = "block", "warn", "info"


class Cited(NamedTuple):
    """An article as cited: in which role, and why although it was not in force (if so)."""

    role: str
    article: Article | str
    override: str = ""


@dataclass(frozen=True)
class Note:
    """Something to say about a citation.

    `level`: "block" (not without a reason), "warn" (mind it), "info" (know it, nothing is wrong).
    `code` names the rule. `articles` are offered in its place or beside it. `basis` are the
    articles on which the rule itself rests; `interpretation` marks one that no article states.
    `text` is the sentence, `lines` what is listed below it, both in the language of the page.
    """

    level: str
    code: str
    article: Article | None
    role: str
    articles: tuple[Article, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    basis: tuple[Article, ...] = ()
    interpretation: bool = False

    @property
    def text(self) -> str:
        return words.sentence(self)

    @property
    def lines(self) -> list[str]:
        return words.lines(self)

    @property
    def is_off(self) -> bool:
        """Whether something is not as it should be; what is only good to know is not."""
        return self.level != INFO

    @property
    def links(self) -> list[dict[str, str]]:
        """On what the rule rests: articles, or the register's entry for the kind of violation."""
        kind = self.facts.get("type")
        if not self.basis and kind is not None:
            return [{"name": words.kind_link(kind.name), "url": kind.get_absolute_url()}]
        return [{"name": each.cite_short, "url": each.get_absolute_url()} for each in self.basis]

    def as_data(self) -> dict[str, Any]:
        """The note without objects, to be frozen with a paper or shown by a script."""
        return {
            "level": self.level,
            "code": self.code,
            "role": self.role,
            "article": self.article.ref if self.article else None,
            "articles": [article.ref for article in self.articles],
            "basis": [article.ref for article in self.basis],
            "interpretation": self.interpretation,
        }
