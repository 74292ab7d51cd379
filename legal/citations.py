"""Which articles fit a finding, and what is to be said about those that were cited.

`suggest` names the articles for a kind of violation on the day of the act. `notes` looks at what
an officer cited and says what does not fit: it never rewrites a citation. Both answer from the
`Register`, the whole register in memory; `register()` asks the database with one small query
whether it is still the current one, so 200 findings cost no more than one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from legal.models import Article, RegisterStamp, Role, ViolationBasis, ViolationType

BLOCK, WARN, INFO = "block", "warn", "info"


class Cited(NamedTuple):
    """An article as cited: in which role, and why although it was not in force (if so)."""

    role: str
    article: Article | str
    override: str = ""


@dataclass(frozen=True)
class Note:
    """Something to say about a citation.

    `level`: "block" (not without a reason), "warn" (mind it), "info". `code` names the rule.
    `articles` are offered in its place. `text` is the sentence in the language of the page.
    """

    level: str
    code: str
    article: Article | None
    role: str
    articles: tuple[Article, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return _SENTENCES[self.code](self)

    def as_data(self) -> dict[str, Any]:
        """The note without objects, to be frozen with a paper or shown by a script."""
        return {
            "level": self.level,
            "code": self.code,
            "role": self.role,
            "article": self.article.ref if self.article else None,
            "articles": [article.ref for article in self.articles],
        }


# --- The register in memory --------------------------------------------------------------------


class Register:
    """All articles, their links and the bases of all violation types. Read only."""

    def __init__(
        self,
        articles: Iterable[Article],
        sanctioned_by: Iterable[tuple[int, int]],
        maps_to: Iterable[tuple[int, int]],
        bases: Iterable[ViolationBasis],
        types: Iterable[ViolationType],
    ):
        self.by_id = {article.pk: article for article in articles}
        self.by_ref = {article.ref: article for article in self.by_id.values()}
        self.types = {kind.pk: kind for kind in types}
        self._penalties: dict[int, list[Article]] = {}
        self._duties: dict[int, list[Article]] = {}
        for duty, penalty in sanctioned_by:
            self._penalties.setdefault(duty, []).append(self.by_id[penalty])
            self._duties.setdefault(penalty, []).append(self.by_id[duty])
        self._newer: dict[int, list[Article]] = {}
        self._older: dict[int, list[Article]] = {}
        for old, new in maps_to:
            self._newer.setdefault(old, []).append(self.by_id[new])
            self._older.setdefault(new, []).append(self.by_id[old])
        self._bases: dict[tuple[str, str], list[ViolationBasis]] = {}
        for basis in sorted(bases, key=lambda each: (not each.primary, each.rank)):
            self._bases.setdefault((basis.violation_type_id, basis.role), []).append(basis)
        self._by_version: dict[int, list[Article]] = {}
        for article in self.by_id.values():
            self._by_version.setdefault(article.version_id, []).append(article)

    @classmethod
    def load(cls) -> Register:
        """Read the register in five queries, however large it is."""
        return cls(
            Article.objects.with_law(),
            Article.sanctioned_by.through.objects.values_list("from_article_id", "to_article_id"),
            Article.maps_to.through.objects.values_list("from_article_id", "to_article_id"),
            ViolationBasis.objects.order_by("violation_type_id", "role", "rank"),
            ViolationType.objects.all(),
        )

    def article(self, article: Article | str | int) -> Article:
        """The register's own copy of an article. Raises KeyError when there is none."""
        if isinstance(article, str):
            return self.by_ref[article]
        return self.by_id[article if isinstance(article, int) else article.pk]

    def bases(self, violation_type: ViolationType | str, role: str, on: date) -> list[Article]:
        """The articles for a kind of violation that were in force on the day, best first."""
        code = violation_type if isinstance(violation_type, str) else violation_type.pk
        found = [self.by_id[each.article_id] for each in self._bases.get((code, role), [])]
        return [article for article in found if article.in_force_on(on)]

    def parts(self, article: Article) -> list[Article]:
        """The article and everything that citing it includes."""
        return [each for each in self._by_version[article.version_id] if article.covers(each)]

    def links(self, article: Article) -> dict[str, list[Article]]:
        """The article's own links: sanctioned_by, sanctions, newer, older, and its parts."""
        return {
            "parts": [each for each in self.parts(article) if each.pk != article.pk],
            "sanctioned_by": self._penalties.get(article.pk, []),
            "sanctions": self._duties.get(article.pk, []),
            "newer": self._newer.get(article.pk, []),
            "older": self._older.get(article.pk, []),
        }

    def penalties_of(self, article: Article) -> list[Article]:
        """The penalty clauses for the article, or for any part of it."""
        found = [each for part in self.parts(article) for each in self._penalties.get(part.pk, [])]
        if not found and not article.whole:
            # A paragraph without a link of its own shares that of the article around it.
            found = [
                each
                for around in self._by_version[article.version_id]
                if around.number is not None and around.covers(article)
                for each in self._penalties.get(around.pk, [])
            ]
        return list(dict.fromkeys(found))

    def counterparts(self, article: Article, on: date) -> list[Article]:
        """The same rule in the text that was in force on the day."""
        seen = {each.pk for each in self.parts(article)}
        frontier = self.parts(article)
        found: list[Article] = []
        while frontier:
            step: list[Article] = []
            for each in frontier:
                neighbours = self._newer.get(each.pk, []) + self._older.get(each.pk, [])
                step += [other for other in neighbours if other.pk not in seen]
                seen |= {other.pk for other in neighbours}
            found += [each for each in step if each.in_force_on(on)]
            frontier = step
        found = list(dict.fromkeys(found))
        # A whole article says it; its parts need not be said again.
        return [
            each
            for each in found
            if not any(other is not each and other.covers(each) for other in found)
        ]


_lock = threading.Lock()
_kept: tuple[UUID, Register] | None = None


def register() -> Register:
    """The current register; one small query while nothing has changed."""
    global _kept
    stamp = RegisterStamp.objects.values_list("stamp", flat=True).first()
    with _lock:
        if _kept is not None and _kept[0] == stamp:
            return _kept[1]
    fresh = Register.load()
    if stamp is not None:
        with _lock:
            _kept = (stamp, fresh)
    return fresh


# --- Suggesting --------------------------------------------------------------------------------


def suggest(
    violation_type: ViolationType | str, act_on: date, *, register: Register | None = None
) -> dict[str, list[Article]]:
    """The articles for this kind of violation under the law in force on the day of the act.

    {"duty": [Article], "penalty": [Article]}, the main law first, then the other laws.
    """
    books = register or current_register()
    return {
        Role.DUTY.value: books.bases(violation_type, Role.DUTY, act_on),
        Role.PENALTY.value: books.bases(violation_type, Role.PENALTY, act_on),
    }


# `register` is also the name of the parameter that everybody passes.
current_register = register


# --- Noting ------------------------------------------------------------------------------------


def notes(
    violation_type: ViolationType | str | None,
    cited: Sequence[Cited | tuple],
    act_from: date,
    act_to: date | None = None,
    *,
    register: Register | None = None,
) -> list[Note]:
    """What is to be said about the articles cited for one finding; empty when all is well.

    `cited` are `Cited` or (role, article[, override]) with role "duty" or "penalty" and the
    article or its reference. The law is that of the day on which the act ended (`act_to`, else
    `act_from`): an act that runs on into a new text falls under the new one.

    Pure with a given register; without one, a single small query. Raises KeyError for an article
    that the register does not hold.
    """
    books = register or current_register()
    ended = max(act_from, act_to) if act_to else act_from
    entries = [Cited(*each) for each in cited]
    entries = [Cited(role, books.article(article), why) for role, article, why in entries]
    found: list[Note] = []
    for entry in entries:
        in_force = _force_notes(books, entry, min(act_from, ended), ended)
        found += in_force
        if in_force or violation_type is None:
            continue
        found += _fit_notes(books, violation_type, entry, ended)
    return found + _pair_notes(books, entries, {id(note.article) for note in found})


def _force_notes(books: Register, entry: Cited, began: date, ended: date) -> list[Note]:
    article = entry.article
    assert isinstance(article, Article)
    if article.in_force_on(ended):
        return []
    offered = tuple(books.counterparts(article, ended))
    facts = {"on": ended}
    if article.in_force_on(began):
        return [Note(WARN, "two_regimes", article, entry.role, offered, facts)]
    level = WARN if entry.override.strip() else BLOCK
    return [Note(level, "not_in_force", article, entry.role, offered, facts)]


def _fit_notes(
    books: Register, violation_type: ViolationType | str, entry: Cited, on: date
) -> list[Note]:
    """Whether the article belongs to this kind of violation, as the whole of a part or a part."""
    article = entry.article
    assert isinstance(article, Article)
    code = violation_type if isinstance(violation_type, str) else violation_type.pk
    bases = books.bases(code, entry.role, on)
    fits = [each for each in bases if article.covers(each) or each.covers(article)]
    facts = {"type": books.types.get(code)}
    if article.number is None:
        return [Note(WARN, "article_missing", article, entry.role, tuple(fits or bases), facts)]
    if fits or not bases:
        return []
    return [Note(WARN, "better_fit", article, entry.role, tuple(bases), facts)]


def _pair_notes(books: Register, entries: Sequence[Cited], noted: set[int]) -> list[Note]:
    """Whether each penalty clause sanctions one of the duties cited beside it.

    Articles that have a note of their own are left alone: one thing is said once.
    """
    duties = [books.article(each.article) for each in entries if each.role == Role.DUTY]
    found: list[Note] = []
    if not duties:
        return found
    known = [each for duty in duties for each in books.penalties_of(duty)]
    for entry in entries:
        penalty = entry.article
        assert isinstance(penalty, Article)
        if entry.role != Role.PENALTY or id(penalty) in noted or penalty.number is None:
            continue
        if not known or any(penalty.covers(each) or each.covers(penalty) for each in known):
            continue
        offered = tuple(dict.fromkeys(known))
        found.append(Note(WARN, "not_a_pair", penalty, entry.role, offered, {"duties": duties}))
    return found


# --- Words -------------------------------------------------------------------------------------


def listed(articles: Sequence[Article]) -> str:
    """Several articles in one phrase, each law named once: 《…》第四十一条、第六十四条."""
    by_version: dict[int, list[Article]] = {}
    for article in articles:
        by_version.setdefault(article.version_id, []).append(article)
    phrases = []
    for group in by_version.values():
        first, *others = group
        phrases.append(_("、").join([first.cite_short, *(each.label for each in others)]))
    return _("，").join(phrases)


def _name(note: Note) -> str:
    kind = note.facts.get("type")
    return kind.name if kind is not None else ""


def _say_not_in_force(note: Note) -> str:
    assert note.article is not None
    words = {
        "cited": note.article.cite_short,
        "day": note.facts["on"].isoformat(),
        "offered": listed(note.articles),
    }
    if note.articles:
        return _("%(cited)s在行为发生之日（%(day)s）未施行，当时有效的是%(offered)s。") % words
    return _("%(cited)s在行为发生之日（%(day)s）未施行。") % words


def _say_two_regimes(note: Note) -> str:
    assert note.article is not None
    words = {"cited": note.article.cite_short, "offered": listed(note.articles)}
    if note.articles:
        return _("行为持续到新文本施行之后，%(cited)s已被取代，一般适用%(offered)s。") % words
    return _("行为持续到新文本施行之后，%(cited)s已被取代，一般适用新文本。") % words


def _say_better_fit(note: Note) -> str:
    assert note.article is not None
    words = {
        "type": _name(note),
        "cited": note.article.cite_short,
        "offered": listed(note.articles),
    }
    if note.role == Role.DUTY:
        return _("“%(type)s”引用的%(cited)s不涉及这一行为，义务在%(offered)s。") % words
    return _("“%(type)s”引用的罚则%(cited)s与这一行为不符，罚则在%(offered)s。") % words


def _say_article_missing(note: Note) -> str:
    assert note.article is not None
    words = {"cited": note.article.cite_short, "offered": listed(note.articles)}
    if note.articles:
        return _("引用%(cited)s没有写明条款，对应的是%(offered)s。") % words
    return _("引用%(cited)s没有写明条款。") % words


def _say_not_a_pair(note: Note) -> str:
    assert note.article is not None
    words = {
        "cited": note.article.cite_short,
        "duties": listed(note.facts["duties"]),
        "offered": listed(note.articles),
    }
    return _("%(cited)s不是%(duties)s的罚则，对应的罚则在%(offered)s。") % words


_SENTENCES = {
    "not_in_force": _say_not_in_force,
    "two_regimes": _say_two_regimes,
    "better_fit": _say_better_fit,
    "article_missing": _say_article_missing,
    "not_a_pair": _say_not_a_pair,
}
