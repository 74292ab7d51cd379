"""What the pages of the register show, put together for the reader. No HTML, no verbs.

Three things are kept apart on every page: the statute's own words (where they were imported, with
their source), the gists in the project's words, and what the register knows of links and limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, Q
from django.db.models.functions import Left

from accounts.models import User
from legal import citations, cited, differences
from legal.citations import Register
from legal.differences import Part
from legal.models import (
    Article,
    Law,
    LawVersion,
    PenaltyTier,
    Provision,
    TimeLimit,
    ViolationType,
)
from legal.models.laws import in_chinese
from legal.numerals import label, locator

Place = tuple[int, int]

#: So much of an article's own words stands in a table of contents.
OPENING = 90


# --- The texts of a law through time -------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A text on the line through time: `state` is done (over), now (in force) or "" (to come)."""

    text: LawVersion
    state: str
    here: bool
    other_law: bool


def through_time(text: LawVersion, today: date) -> list[Step]:
    """The texts of the law, with those of another law that came before or after, oldest first."""
    texts = list(
        LawVersion.objects.filter(
            Q(law=text.law_id) | Q(replaces__law=text.law_id) | Q(replaced_by__law=text.law_id)
        )
        .select_related("law", "replaced_by__law")
        .order_by("effective_from", "pk")
        .distinct()
    )
    return [
        Step(
            text=each,
            state=(
                "now" if each.in_force_on(today) else "done" if each.effective_from <= today else ""
            ),
            here=each.pk == text.pk,
            other_law=each.law_id != text.law_id,
        )
        for each in texts
    ]


def successor(steps: Sequence[Step]) -> tuple[LawVersion, date] | None:
    """The text that follows the one at hand, and the day from which it does."""
    here = next((step.text for step in steps if step.here), None)
    if here is None:
        return None
    heir = here.replaced_by
    if heir is None and here.effective_to is not None:
        first = here.effective_to + timedelta(days=1)
        heirs = [step.text for step in steps if step.text.effective_from >= first]
        heir = heirs[0] if heirs else None
    return (heir, heir.effective_from) if heir is not None else None


def chosen_text(law: Law, today: date) -> LawVersion | None:
    """The text that a law's own page shows: that in force, else the newest."""
    texts = list(law.versions.order_by("-effective_from").select_related("law"))
    in_force = [each for each in texts if each.in_force_on(today)]
    return next(iter([*in_force, *texts]), None)


# --- The contents of a text ----------------------------------------------------------------------


@dataclass
class Entry:
    """An article in the contents: its number, its rows in the register, its own first words."""

    place: Place
    whole: Article | None = None
    parts: list[Article] = field(default_factory=list)
    opening: str = ""
    provision: Provision | None = None

    @property
    def label(self) -> str:
        """The number of the article in the language of the page."""
        if self.whole is not None:
            return self.whole.label
        return label(*self.place) if in_chinese() else f"art. {self.number}"

    @property
    def number(self) -> str:
        """21, or 287-1: the anchor of the article on the page."""
        return locator(*self.place)

    @property
    def gist(self) -> str:
        return self.whole.gist if self.whole is not None else ""

    @property
    def penalties(self) -> list[Article]:
        """What sanctions the article or its parts, from the prefetched links."""
        rows = [self.whole, *self.parts] if self.whole is not None else self.parts
        return list(dict.fromkeys(each for row in rows for each in row.sanctioned_by.all()))


@dataclass
class Chapter:
    """A stretch of articles under the same headings; `headings` are those that begin with it."""

    headings: list[tuple[int, str]]
    entries: list[Entry] = field(default_factory=list)


def contents(text: LawVersion, *, full: bool = False) -> list[Chapter]:
    """The articles of a text by chapter where it is imported, else those that have a row.

    `full` brings the whole statute text; three queries either way.
    """
    rows = (
        Article.objects.with_law()
        .filter(version=text, number__isnull=False)
        .prefetch_related(Prefetch("sanctioned_by", Article.objects.with_law()))
    )
    provisions = text.provisions.order_by("number", "suffix").annotate(
        opening=Left("text", OPENING + 1)
    )
    if not full:
        provisions = provisions.defer("text", "paragraphs")
    entries: dict[Place, Entry] = {}
    headings: dict[Place, tuple[str, str, str]] = {}
    for each in provisions:
        place = (each.number, each.suffix)
        words = each.opening.replace("\n", " ")
        entries[place] = Entry(
            place,
            opening=f"{words[:OPENING]}…" if len(words) > OPENING else words,
            provision=each if full else None,
        )
        headings[place] = (each.part, each.chapter, each.section)
    imported = bool(entries)
    for row in rows:
        place = (row.number or 0, row.suffix)
        # Rows for a whole article exist to be cited; without a text only rules are listed.
        if not imported and row.whole:
            continue
        entry = entries.setdefault(place, Entry(place))
        if row.para is None:
            entry.whole = row
        else:
            entry.parts.append(row)
    if not imported:
        for row in rows:
            place = (row.number or 0, row.suffix)
            if row.para is None and place in entries:
                entries[place].whole = row
    if full:
        entries = {place: each for place, each in entries.items() if each.provision is not None}
    chapters: list[Chapter] = []
    before = ("", "", "")
    for place in sorted(entries):
        now = headings.get(place, before)
        if not chapters or now != before:
            chapters.append(Chapter(_fresh(before, now)))
        chapters[-1].entries.append(entries[place])
        before = now
    return chapters


def _fresh(before: Sequence[str], now: Sequence[str]) -> list[tuple[int, str]]:
    """The headings that change here: (level, words), the part first."""
    changed = next((n for n in range(3) if before[n] != now[n]), 3)
    return [(level, words) for level, words in enumerate(now) if level >= changed and words]


# --- One article ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class InText:
    """The same rule in one text: the articles there, and whether it is the text at hand."""

    text: LawVersion
    articles: list[Article]
    here: bool
    state: str


@dataclass(frozen=True)
class Change:
    """What became of the words from an older text to a newer one; `parts` None: the same words."""

    old: Article
    new: Article
    parts: list[Part] | None


@dataclass(frozen=True)
class Tiers:
    """The rungs of one penalty clause."""

    article: Article
    tiers: list[PenaltyTier]


def article_page(place: Article, user: User, today: date) -> dict[str, Any]:
    """Everything that the page of an article shows."""
    books = citations.register()
    own = [books.article(place)]
    if place.number is not None:
        own += [each for each in books.parts(place) if each.pk != place.pk]
    steps = through_time(place.version, today)
    line = _line(books, place, steps)
    provisions = _provisions([place, *(each for row in line for each in row.articles)])
    provision = provisions.get((place.version_id, place.number or 0, place.suffix))
    penalties = [each for each in books.penalties_of(place) if each not in own]
    duties = _joined(books.links(part)["sanctions"] for part in own)
    tiers = _tiers([*own, *penalties])
    ids = [part.pk for part in own]
    before, after = _beside(books, place)
    return {
        "article": place,
        "parts": own[1:],
        "in_force": place.in_force_on(today),
        "today": today,
        "whole_article": _whole(books, place) if place.para is not None else None,
        "successor": successor(steps),
        "provision": provision,
        "paragraphs": provision.part_of(place.para, place.item) if provision else [],
        "line": line if place.number is not None and len(line) > 1 else [],
        "elsewhere": _elsewhere(books, place, steps),
        "changes": _changes(place, line, provisions),
        "tiers": [each for each in tiers if each.article.pk in ids],
        "penalties": penalties,
        "penalty_tiers": [each for each in tiers if each.article.pk not in ids],
        "sanctions": duties,
        "types": ViolationType.objects.filter(bases__article__in=ids).distinct(),
        "limits": TimeLimit.objects.filter(bases__in=ids).distinct(),
        "citing": cited.by(place, user),
        "before": before,
        "after": after,
    }


def _joined(groups: Iterable[Iterable[Article]]) -> list[Article]:
    return list(dict.fromkeys(each for group in groups for each in group))


def _whole(books: Register, article: Article) -> Article:
    """The row of the whole article around a part, where there is one."""
    ref = f"{article.version.ref}:{locator(article.number, article.suffix)}"
    return books.by_ref.get(ref, article)


def _line(books: Register, place: Article, steps: Sequence[Step]) -> list[InText]:
    """The same rule in each text of the law, oldest first; a text without it is left out."""
    found = []
    for step in steps:
        if step.here:
            articles = [books.article(place)]
        else:
            there = books.counterparts(place, step.text.effective_from)
            there = [each for each in there if each.version_id == step.text.pk]
            if place.para is None:
                there = [_whole(books, each) for each in there if each.number is not None]
            articles = sorted(dict.fromkeys(there), key=_position)
        if articles:
            found.append(InText(step.text, articles, step.here, step.state))
    return found


def _elsewhere(books: Register, place: Article, steps: Sequence[Step]) -> list[Article]:
    """Where the rule stands in other laws, linked directly."""
    own = {step.text.pk for step in steps}
    links = books.links(place)
    return [each for each in [*links["older"], *links["newer"]] if each.version_id not in own]


def _position(article: Article) -> tuple[int, ...]:
    return (article.number or 0, article.suffix, article.para or 0, article.item or 0)


def _provisions(articles: Iterable[Article]) -> dict[tuple[int, int, int], Provision]:
    """The imported texts around these articles, in one query."""
    wanted = Q(pk__in=[])
    for version, number, suffix in {
        (each.version_id, each.number, each.suffix) for each in articles if each.number is not None
    }:
        wanted |= Q(version=version, number=number, suffix=suffix)
    return {
        (each.version_id, each.number, each.suffix): each
        for each in Provision.objects.filter(wanted)
    }


def words_of(provision: Provision, para: int | None, item: int | None) -> str:
    """The plain words of a place in an article, a line for each paragraph and item."""
    if para is None:
        return provision.text
    lines: list[str] = []
    for paragraph in provision.part_of(para, item):
        if item is None:
            lines.append(paragraph["text"])
        lines += [each["text"] for each in paragraph["items"]]
        if item is None:
            lines.append(paragraph["tail"])
    return "\n".join(line for line in lines if line)


def _changes(
    place: Article, line: Sequence[InText], provisions: dict[tuple[int, int, int], Provision]
) -> list[Change]:
    """The wording beside that of the text before and of the text after.

    Only where the rule stands in one place in each: a divided article has no single wording.
    """
    here = next((n for n, row in enumerate(line) if row.here), None)
    if here is None:
        return []
    found = []
    for old, new in [(here - 1, here), (here, here + 1)]:
        if old < 0 or new >= len(line):
            continue
        if len(line[old].articles) != 1 or len(line[new].articles) != 1:
            continue
        before, after = line[old].articles[0], line[new].articles[0]
        words = []
        for each in (before, after):
            provision = provisions.get((each.version_id, each.number or 0, each.suffix))
            words.append(words_of(provision, each.para, each.item) if provision else "")
        if all(words):
            parts = differences.between(*words) if words[0] != words[1] else None
            found.append(Change(before, after, parts))
    return found


def _tiers(articles: Sequence[Article]) -> list[Tiers]:
    """The penalty tiers of these articles, in one query, in the order of the articles."""
    by_article: dict[int, list[PenaltyTier]] = {}
    for tier in PenaltyTier.objects.filter(article__in=articles).order_by("article", "position"):
        by_article.setdefault(tier.article_id, []).append(tier)
    return [Tiers(each, by_article[each.pk]) for each in articles if each.pk in by_article]


def _beside(books: Register, place: Article) -> tuple[Article | None, Article | None]:
    """The whole articles before and after this one in its text, for reading on."""
    if place.number is None:
        return None, None
    wholes = (
        sorted(
            (
                each
                for each in books.parts(books.by_ref[place.version.ref])
                if each.number is not None and each.para is None
            ),
            key=_position,
        )
        if place.version.ref in books.by_ref
        else []
    )
    mine = (place.number, place.suffix)
    before = [each for each in wholes if (each.number, each.suffix) < mine]
    after = [each for each in wholes if (each.number, each.suffix) > mine]
    return (before[-1] if before else None), (after[0] if after else None)
