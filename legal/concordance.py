"""Which article of an older text became which of a newer one: proposed here, decided by a person.

Proposals come from the imported texts alone (`legal.likeness`). What the register links already
marks a proposal as known, or as contradicting; nothing is linked without a decision. A confirmed
proposal is a link (`Article.maps_to`) like those of the catalogue, and `load_law` leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import hooks
from accounts.models import User
from legal import likeness
from legal.models import Article, LawVersion, Match

Place = tuple[int, int]


class CannotDecide(Exception):
    """A proposal that was decided already, or has no decision to take back."""


@dataclass(frozen=True)
class Proposals:
    """What comparing two texts found: how many pairs, and how each stands to what was known."""

    old: LawVersion
    new: LawVersion
    found: int = 0
    added: int = 0
    known: int = 0
    contradicting: int = 0


def neighbours(version: LawVersion) -> list[tuple[LawVersion, LawVersion]]:
    """(older, newer) for the texts right before and after, and for another law in its place."""
    texts = list(LawVersion.objects.filter(law=version.law_id).order_by("effective_from"))
    found = [pair for pair in pairwise(texts) if version in pair]
    if version.replaced_by is not None:
        found.append((version, version.replaced_by))
    found += [(each, version) for each in version.replaces.all()]
    return list(dict.fromkeys(found))


def propose_around(version: LawVersion, *, at: datetime) -> list[Proposals]:
    """Compare a version with its neighbours, as far as both texts are imported."""
    return [propose(old, new, at=at) for old, new in neighbours(version)]


@transaction.atomic
def propose(old: LawVersion, new: LawVersion, *, at: datetime) -> Proposals:
    """Compare two imported texts and keep a proposal for each pair; decided ones stay decided.

    Run again it only takes in what changed. Nothing where either text is not imported.
    """
    texts = [_texts(version) for version in (old, new)]
    if not all(texts):
        return Proposals(old, new)
    pairs = likeness.pairs(*texts)
    rows = [_rows(version) for version in (old, new)]
    linked = linked_places(old, new)
    from_old, to_new = {pair[0] for pair in linked}, {pair[1] for pair in linked}
    present = {
        (match.old_id, match.new_id): match
        for match in Match.objects.filter(old__version=old, new__version=new)
    }
    fresh, standings = list[Match](), list[str]()
    wanted: set[tuple[int, int]] = set()
    for old_place, new_place, percent in pairs:
        before, after = rows[0].get(old_place), rows[1].get(new_place)
        if before is None or after is None:
            continue
        key = (before, after)
        wanted.add(key)
        if (old_place, new_place) in linked:
            standing = Match.Standing.KNOWN
        elif old_place in from_old or new_place in to_new:
            standing = Match.Standing.CONTRADICTS
        else:
            standing = Match.Standing.NEW
        standings.append(standing)
        match = present.get(key)
        if match is None:
            fresh.append(
                Match(
                    old_id=before,
                    new_id=after,
                    likeness=percent,
                    standing=standing,
                    proposed_at=at,
                )
            )
        elif not match.decision and (match.likeness, match.standing) != (percent, standing):
            Match.objects.filter(pk=match.pk, decision="").update(
                likeness=percent, standing=standing
            )
    Match.objects.bulk_create(fresh)
    stale = [match.pk for key, match in present.items() if key not in wanted]
    Match.objects.open().filter(pk__in=stale).delete()
    return Proposals(
        old,
        new,
        found=len(wanted),
        added=len(fresh),
        known=standings.count(Match.Standing.KNOWN),
        contradicting=standings.count(Match.Standing.CONTRADICTS),
    )


def _texts(version: LawVersion) -> dict[Place, str]:
    return {
        (number, suffix): text
        for number, suffix, text in version.provisions.values_list("number", "suffix", "text")
    }


def _rows(version: LawVersion) -> dict[Place, int]:
    """The row of each whole article."""
    whole = version.articles.filter(number__isnull=False, para=None)
    return {
        (number or 0, suffix): pk
        for number, suffix, pk in whole.values_list("number", "suffix", "pk")
    }


def linked_places(old: LawVersion, new: LawVersion) -> set[tuple[Place, Place]]:
    """Which articles the register links: through the articles themselves or any part of them.

    Links that a person made by confirming a proposal do not count: they are no second witness.
    """
    confirmed = set(Match.objects.confirmed().values_list("old_id", "new_id"))
    links = Article.maps_to.through.objects.filter(
        from_article__version=old, to_article__version=new
    ).values_list(
        "from_article_id",
        "to_article_id",
        "from_article__number",
        "from_article__suffix",
        "to_article__number",
        "to_article__suffix",
    )
    return {
        ((number, suffix), (to_number, to_suffix))
        for source, target, number, suffix, to_number, to_suffix in links
        if (source, target) not in confirmed and number and to_number
    }


# --- Decisions -----------------------------------------------------------------------------------


@transaction.atomic
def confirm(match: Match, *, by: User, at: datetime) -> None:
    """The articles do correspond: link them. Raises CannotDecide for a decided proposal."""
    _decide(match, Match.Decision.CONFIRMED, by, at)
    match.old.maps_to.add(match.new)
    _tell("law.match_confirmed", match, by, at)


@transaction.atomic
def reject(match: Match, *, by: User, at: datetime) -> None:
    """They do not; nobody is asked again. Raises CannotDecide for a decided proposal."""
    _decide(match, Match.Decision.REJECTED, by, at)
    _tell("law.match_rejected", match, by, at)


@transaction.atomic
def reopen(match: Match, *, by: User, at: datetime) -> None:
    """Take a decision back, and the link that it made. Raises CannotDecide where there is none."""
    decided = Match.objects.select_for_update().filter(pk=match.pk).exclude(decision="").first()
    if decided is None:
        raise CannotDecide(_("这一对应还没有决定。"))
    if decided.decision == Match.Decision.CONFIRMED:
        decided.old.maps_to.remove(decided.new)
    Match.objects.filter(pk=match.pk).update(decision="", decided_by=None, decided_at=None)
    _tell("law.match_reopened", match, by, at)


def _decide(match: Match, decision: str, by: User, at: datetime) -> None:
    # Of two people deciding at once exactly one wins.
    moved = Match.objects.open().filter(pk=match.pk)
    if not moved.update(decision=decision, decided_by=by, decided_at=at):
        raise CannotDecide(_("%(match)s已经有了决定。") % {"match": str(match)})


def _tell(verb: str, match: Match, by: User, at: datetime) -> None:
    data = {"old": match.old.ref, "new": match.new.ref, "likeness": match.likeness}
    hooks.tell(verb, match.old, by=by, at=at, data=data)


def kept_links() -> dict[int, set[int]]:
    """The links that people confirmed, by old article, for whoever rewrites links from files."""
    found: dict[int, set[int]] = {}
    for old, new in Match.objects.confirmed().values_list("old_id", "new_id"):
        found.setdefault(old, set()).add(new)
    return found
