"""Which of the house's own rules holds for a unit on a day.

Until somebody enters a policy, the rules are the defaults of the model and the ladder below.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Length

from accounts.models import Unit
from deadlines.models import Audience, Policy, Rung

#: The day from which the built-in rules hold: before any order that the portal knows.
ALWAYS = date(2000, 1, 1)

_OFFICER, _SUPERVISOR, _UPPER, _ENTERPRISE = (str(each) for each in Audience)

#: (kind, days from the due day, every so many days after, who); kind "" is for all others.
LADDER: tuple[tuple[str, int, int | None, list[str]], ...] = (
    ("RECTIFY", -7, None, [_OFFICER]),
    ("RECTIFY", -3, None, [_OFFICER, _ENTERPRISE]),
    ("RECTIFY", -1, None, [_OFFICER, _ENTERPRISE]),
    ("RECTIFY", 0, None, [_OFFICER]),
    ("RECTIFY", 1, None, [_OFFICER, _SUPERVISOR]),
    ("RECTIFY", 3, None, [_OFFICER, _SUPERVISOR]),
    ("RECTIFY", 10, 7, [_OFFICER, _SUPERVISOR, _UPPER]),
    ("", -1, None, [_OFFICER]),
    ("", 0, None, [_OFFICER]),
    ("", 1, None, [_OFFICER, _SUPERVISOR]),
    ("", 8, 7, [_OFFICER, _SUPERVISOR]),
)


def of(unit: Unit, on: date) -> Policy:
    """The policy in effect on that day: the unit's own, else that of the nearest unit above it.

    One query. Where nobody has entered any, the built-in one, which has no row (`pk` is None).
    """
    found = (
        Policy.objects.filter(Q(unit__isnull=True) | Q(unit__in=unit.ancestor_ids()))
        .filter(effective_from__lte=on)
        .order_by(Length("unit__path").desc(nulls_last=True), F("effective_from").desc())
        .first()
    )
    return found or built_in()


def built_in() -> Policy:
    """The rules of a house that has entered none."""
    return Policy(effective_from=ALWAYS, entered_on=ALWAYS)


def ladder(policy: Policy) -> list[Rung]:
    """All rungs of the policy; one query for a policy with a row."""
    if policy.pk is not None:
        return list(policy.rungs.all())
    return [
        Rung(policy=policy, kind=kind, offset=offset, repeat_every=every, audience=audience)
        for kind, offset, every, audience in LADDER
    ]


def rungs_for(kind: str, rungs: list[Rung]) -> list[Rung]:
    """The rungs for one kind of deadline: its own where it has any, else those for all others."""
    own = [rung for rung in rungs if rung.kind == kind]
    return own or [rung for rung in rungs if not rung.kind]


@dataclass(frozen=True)
class Regime:
    """That one ladder holds for what starts in these units from `first` until before `end`.

    `policy` is the key of the policy, 0 for the built-in one; `units` is None for all units.
    """

    policy: int
    first: date
    end: date
    units: list[int] | None


def regimes() -> tuple[list[Regime], dict[int, list[Rung]]]:
    """Which ladder holds in every unit and at every time, and the rungs of each.

    Three queries however many units and policies there are; the same answers as `of` and `ladder`.
    """
    ladders: dict[int, list[Rung]] = {0: ladder(built_in())}
    entered: dict[int | None, list[tuple[date, int]]] = defaultdict(list)
    for policy in Policy.objects.order_by("effective_from").prefetch_related("rungs"):
        ladders[policy.pk] = list(policy.rungs.all())
        entered[policy.unit_id].append((policy.effective_from, policy.pk))
    units: dict[tuple[int, date, date], list[int]] = defaultdict(list)
    tree = list(Unit.objects.order_by("pk").values_list("pk", "path"))
    for unit, path in tree:
        above = [None, *(int(part) for part in path.strip("/").split("/"))]
        nearest_first = [entered[each] for each in reversed(above) if each in entered]
        days = sorted({day for rows in nearest_first for day, _policy in rows})
        for first, end in zip([date.min, *days], [*days, date.max], strict=True):
            units[_in_effect(nearest_first, first), first, end].append(unit)
    found = [
        Regime(policy, first, end, None if len(some) == len(tree) else some)
        for (policy, first, end), some in units.items()
    ]
    return found, ladders


def _in_effect(nearest_first: list[list[tuple[date, int]]], on: date) -> int:
    for rows in nearest_first:
        policies = [policy for day, policy in rows if day <= on]
        if policies:
            return policies[-1]
    return 0
