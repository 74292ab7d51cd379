"""The register of law in memory, and which articles it suggests for a kind of violation.

`register()` asks the database with one small query whether the copy at hand is still the current
one, so that 200 findings cost no more than one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from legal import at_hand
from legal.models import (
    Article,
    PenaltyTier,
    Role,
    ViolationBasis,
    ViolationType,
)


class Register:
    """All articles, their links and penalties, and the bases of all violation types. Read only."""

    def __init__(
        self,
        articles: Iterable[Article],
        sanctioned_by: Iterable[tuple[int, int]],
        maps_to: Iterable[tuple[int, int]],
        bases: Iterable[ViolationBasis],
        types: Iterable[ViolationType],
        tiers: Iterable[PenaltyTier] = (),
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
        self._tiers: dict[int, list[PenaltyTier]] = {}
        for tier in tiers:
            self._tiers.setdefault(tier.article_id, []).append(tier)

    @classmethod
    def load(cls) -> Register:
        """Read the register in six queries, however large it is."""
        return cls(
            Article.objects.with_law(),
            Article.sanctioned_by.through.objects.values_list("from_article_id", "to_article_id"),
            Article.maps_to.through.objects.values_list("from_article_id", "to_article_id"),
            ViolationBasis.objects.order_by("violation_type_id", "role", "rank"),
            ViolationType.objects.all(),
            PenaltyTier.objects.order_by("article_id", "position"),
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

    def tiers(self, clause: Article) -> list[PenaltyTier]:
        """The rungs of a penalty clause that it sets itself; none for one that only refers."""
        rows = self._tiers.get(clause.pk, [])
        return [tier for tier in rows if tier.tier != PenaltyTier.Tier.REFERRAL]

    def referred(self, clause: Article, on: date) -> list[Article]:
        """The clauses in force on the day by which a clause that sets no penalty has it judged."""
        names = [
            name
            for tier in self._tiers.get(clause.pk, [])
            if tier.tier == PenaltyTier.Tier.REFERRAL
            for name in tier.referral
        ]
        found = []
        for name in names:
            if name in self.by_ref:
                found.append(self.by_ref[name])
            else:  # a law without its text: whichever is in force
                found += [
                    each
                    for each in self.by_id.values()
                    if each.number is None and each.version.law_id == name
                ]
        return [each for each in found if each.in_force_on(on)]

    def is_referral(self, clause: Article) -> bool:
        """Whether the clause itself sets no penalty but has other laws judge it."""
        rows = self._tiers.get(clause.pk, [])
        return bool(rows) and all(tier.tier == PenaltyTier.Tier.REFERRAL for tier in rows)

    def clauses(self, article: Article) -> list[Article]:
        """The penalty clauses that a citation means: the article itself or its paragraphs."""
        return [each for each in self.parts(article) if self._tiers.get(each.pk)]

    def counterparts(self, article: Article, on: date) -> list[Article]:
        """The same rule in the text that was in force on the day."""
        # Forwards only, then backwards only: 68(1) became 69(1), which also took up 69; that does
        # not make what 69 became a counterpart of 68(1).
        found = [
            each
            for links in (self._newer, self._older)
            for each in self._along(links, self.parts(article))
            if each.in_force_on(on)
        ]
        found = list(dict.fromkeys(found))
        # A whole article says it; its parts need not be said again.
        return [
            each
            for each in found
            if not any(other is not each and other.covers(each) for other in found)
        ]

    @staticmethod
    def _along(links: dict[int, list[Article]], start: list[Article]) -> list[Article]:
        """Everything that the links lead to, nearest first."""
        seen = {each.pk for each in start}
        found: list[Article] = []
        frontier = start
        while frontier:
            step: list[Article] = []
            for each in frontier:
                step += [other for other in links.get(each.pk, []) if other.pk not in seen]
                seen |= {other.pk for other in step}
            found += step
            frontier = step
        return found


_lock = threading.Lock()
_kept: tuple[UUID, Register] | None = None


def register() -> Register:
    """The current register; one small query while nothing has changed."""
    global _kept
    stamp = at_hand.register_stamp()
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
