"""What two texts threaten for one act, weighed (行政处罚法 37: the old one, or the new if lighter).

No article says how two clauses are weighed. Here each situation that either text knows (一般, 加重,
严重 …) is weighed on its own: the fine of the unit, the fine of the persons with whom it reaches,
and the further measures. One side is lighter where it is nowhere heavier; where the one is
lighter in this and the other in that, nothing is said but that they cannot be compared
(docs/adr/0014-lighter-law.md). The result is shown to the officer and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from legal.models import PenaltyTier

Side = Literal["old", "new", "same", "unclear"]
OLD: Side = "old"
NEW: Side = "new"
SAME: Side = "same"
UNCLEAR: Side = "unclear"

#: The situations from the mildest to the gravest. A text that does not know one judges the act
#: by the next milder one that it knows.
LADDER = ("base", "aggravated", "serious", "severe", "extreme")


@dataclass(frozen=True)
class Threat:
    """What a text threatens in one situation, in the fields of `PenaltyTier`."""

    unit_fine: dict[str, Any] | None
    unit_fine_alt: dict[str, Any] | None
    unit_fine_mode: str
    person_fine: dict[str, Any] | None
    person_fine_mode: str
    person_roles: tuple[str, ...]
    other_measures: tuple[str, ...]


@dataclass(frozen=True)
class Situation:
    """What both texts threaten in one situation, and which of them is lighter in what."""

    tier: str
    old: Threat | None
    new: Threat | None
    unit: Side
    person: Side
    measures: Side

    @property
    def lighter(self) -> Side:
        return merged([self.unit, self.person, self.measures])


@dataclass(frozen=True)
class Comparison:
    """Situation by situation; `lighter` over all of them."""

    situations: tuple[Situation, ...]

    @property
    def lighter(self) -> Side:
        return merged([each.lighter for each in self.situations])


def merged(sides: Sequence[Side]) -> Side:
    """The side that is lighter somewhere and heavier nowhere; "unclear" where there is none."""
    told = {side for side in sides if side != SAME}
    if not told:
        return SAME
    return told.pop() if len(told) == 1 else UNCLEAR


def compare(old: Sequence[PenaltyTier], new: Sequence[PenaltyTier]) -> Comparison:
    """Weigh two clauses by their tiers, for the unit and for persons."""
    known = {tier.tier for tier in (*old, *new)}
    names = [name for name in LADDER if name in known] + sorted(known - set(LADDER))
    return Comparison(tuple(_situation(name, at(old, name), at(new, name)) for name in names))


def at(tiers: Sequence[PenaltyTier], name: str) -> Threat | None:
    """What a text threatens in a situation: by its own tier, else by the next milder one.

    A tier that names only further measures adds them to the fine of the milder one (情节严重的，
    并可以责令暂停相关业务). None where the text knows neither this tier nor a milder one.
    """
    order = LADDER[: LADDER.index(name) + 1][::-1] if name in LADDER else (name,)
    by_name: dict[str, PenaltyTier] = {}
    for tier in tiers:
        by_name.setdefault(tier.tier, tier)
    found = [by_name[each] for each in order if each in by_name]
    if not found:
        return None
    fine = next((tier for tier in found if tier.unit_fine or tier.person_fine), found[0])
    return Threat(
        unit_fine=fine.unit_fine,
        unit_fine_alt=fine.unit_fine_alt,
        unit_fine_mode=fine.unit_fine_mode,
        person_fine=fine.person_fine,
        person_fine_mode=fine.person_fine_mode,
        person_roles=tuple(fine.person_roles),
        other_measures=tuple(found[0].other_measures),
    )


def ceiling(tiers: Sequence[PenaltyTier]) -> int | None:
    """The highest fine of the unit in yuan; None where some fine is no amount."""
    amounts = []
    for tier in tiers:
        for fine in (tier.unit_fine, tier.unit_fine_alt):
            if fine and fine.get("basis") != "amount":
                return None
            if fine:
                amounts.append(int(fine["max"]))
    return max(amounts) if amounts else None


def fined(tiers: Sequence[PenaltyTier]) -> bool:
    """Whether any tier threatens a fine, of the unit or of a person."""
    return any(tier.unit_fine or tier.person_fine for tier in tiers)


def _situation(name: str, old: Threat | None, new: Threat | None) -> Situation:
    return Situation(
        tier=name,
        old=old,
        new=new,
        unit=_fines(_unit(old), _unit(new)),
        person=_persons(old, new),
        measures=_measures(old, new),
    )


Ranges = dict[str, tuple[float, float]]


def _unit(tier: Threat | None) -> Ranges:
    if tier is None:
        return {}
    return _ranges((tier.unit_fine, tier.unit_fine_alt), tier.unit_fine_mode)


def _ranges(fines: Sequence[dict[str, Any] | None], mode: str) -> Ranges:
    """Low and high end by kind of measure. Where the text leaves the fine open (可以), it begins
    at nothing."""
    found: Ranges = {}
    for fine in fines:
        if fine:
            high = fine.get("max", fine.get("max_percent", 0))
            found[fine["basis"]] = (0 if mode == "may" else fine.get("min", 0), high)
    return found


def _fines(old: Ranges, new: Ranges) -> Side:
    if not old or not new:
        return SAME if not old and not new else NEW if old else OLD
    if set(old) != set(new):
        return UNCLEAR
    return merged([_range(old[kind], new[kind]) for kind in old])


def _range(old: tuple[float, float], new: tuple[float, float]) -> Side:
    return merged([_less(old[0], new[0]), _less(old[1], new[1])])


def _less(old: float, new: float) -> Side:
    return SAME if old == new else OLD if old < new else NEW


def _persons(old: Threat | None, new: Threat | None) -> Side:
    before = _ranges((old.person_fine,), old.person_fine_mode) if old else {}
    after = _ranges((new.person_fine,), new.person_fine_mode) if new else {}
    by_fine = _fines(before, after)
    if not before or not after or old is None or new is None:
        return by_fine
    reach = _subset(set(old.person_roles), set(new.person_roles), lambda one, other: one == other)
    return merged([by_fine, reach])


def _measures(old: Threat | None, new: Threat | None) -> Side:
    """Suspension, closure, licences: whoever threatens fewer is lighter. 关闭网站 is less than
    关闭网站或者应用程序."""
    return _subset(
        set(old.other_measures) if old else set(),
        set(new.other_measures) if new else set(),
        lambda narrow, wide: wide.startswith(narrow),
    )


def _subset(old: set[str], new: set[str], within: Callable[[str, str], bool]) -> Side:
    fewer = all(any(within(one, other) for other in new) for one in old)
    more = all(any(within(one, other) for other in old) for one in new)
    if fewer and more:
        return SAME
    return OLD if fewer else NEW if more else UNCLEAR
