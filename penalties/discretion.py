"""What a table of discretion (裁量基准, 行政处罚法 34) suggests for a fine.

The circumstances choose the rung, their number the place on it; the reckoning is written out in
Chinese and English (docs/adr/0019-suggested-sum.md). Without a table nothing is suggested: the
portal makes up none. Yuan and fen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Q

from accounts.models import Unit
from legal.models import PenaltyTier
from penalties import ranges
from penalties.models import Circumstance, DiscretionGrade, DiscretionTable, Effect
from penalties.ranges import Range

Rung = DiscretionGrade.Rung
HUNDRED = Decimal(100)

_ZH = {Rung.REDUCED: "减轻", Rung.LIGHTER: "从轻", Rung.USUAL: "一般", Rung.HEAVIER: "从重"}
_EN = {
    Rung.REDUCED: "reduced",
    Rung.LIGHTER: "lighter",
    Rung.USUAL: "usual",
    Rung.HEAVIER: "heavier",
}


@dataclass(frozen=True)
class Weighed:
    """Which rung the circumstances choose; `count` of them point to its outer end."""

    rung: str
    count: int
    zh: str
    en: str


def weigh(effects: Iterable[str]) -> Weighed:
    """Reduced before lighter; where some make it heavier and some lighter, the usual rung."""
    found = Counter(effects)
    down = found[Effect.LIGHTER] + found[Effect.REDUCED]
    up = found[Effect.HEAVIER]
    if up and down:
        return Weighed(
            Rung.USUAL,
            0,
            f"有从重情节{up}个，又有从轻、减轻情节{down}个，按一般等级裁量",
            f"{up} aggravating and {down} mitigating circumstances: the usual rung",
        )
    if up:
        return Weighed(
            Rung.HEAVIER,
            up,
            f"有从重情节{up}个",
            f"aggravating circumstances: {up}",
        )
    if found[Effect.REDUCED]:
        return Weighed(
            Rung.REDUCED,
            down,
            f"有减轻情节（从轻、减轻情节共{down}个）",
            f"reducing circumstances: {down} with the mitigating ones",
        )
    if down:
        return Weighed(
            Rung.LIGHTER,
            down,
            f"有从轻情节{down}个",
            f"mitigating circumstances: {down}",
        )
    return Weighed(Rung.USUAL, 0, "没有从轻、减轻、从重情节", "no circumstance that weighs")


def grades(unit: Unit, tier: PenaltyTier, whom: str, on: date) -> list[DiscretionGrade]:
    """The rungs of the table that counts for this unit on that day; one query.

    Of the tables in force that speak of this tier and these parties that of the nearest unit
    upward, and of several of one unit the latest. An example is never the table that counts
    while there is another.
    """
    rows = (
        DiscretionGrade.objects.filter(tier=tier, whom=whom, table__effective_from__lte=on)
        .filter(Q(table__effective_to__isnull=True) | Q(table__effective_to__gte=on))
        .filter(table__unit__path__in=_upward(unit))
        .select_related("table__unit")
        .order_by("low")
    )
    by_table: dict[Any, list[DiscretionGrade]] = {}
    for row in rows:
        by_table.setdefault(row.table_id, []).append(row)
    if not by_table:
        return []
    return max(by_table.values(), key=lambda found: _rank(found[0].table))


def _rank(table: DiscretionTable) -> tuple[bool, int, date, int]:
    return not table.is_example, len(table.unit.path), table.effective_from, table.pk


def _upward(unit: Unit) -> list[str]:
    """The paths of the unit and of all above it: /1/4/ → /1/4/, /1/."""
    parts = unit.path.strip("/").split("/")
    return [f"/{'/'.join(parts[:n])}/" for n in range(1, len(parts) + 1)]


def whom_of(who: str) -> str:
    """Tables know units and persons; whoever broke the duty himself stands with the units."""
    whom = DiscretionGrade.Whom
    return whom.UNIT if who == ranges.OFFENDER else whom.PERSON


def suggest(
    unit: Unit,
    tier: PenaltyTier,
    who: str,
    on: date,
    circumstances: Iterable[Circumstance],
    statutory: Range | None = None,
    base: Decimal | None = None,
) -> dict[str, Any] | None:
    """What the table says on that day, as JSON: low, high, amount (yuan), rung, table, example,
    and the reckoning in `zh` and `en`. None where there is no table for it, or where it has no
    such rung.

    Args:
        who: as `ranges.whom` says.
        statutory: what the clause allows; outside of it nothing is suggested but for a reduced
            penalty.
    """
    found = grades(unit, tier, whom_of(who), on)
    weighed = weigh(row.effect for row in circumstances)
    rung = next((row for row in found if row.rung == weighed.rung), None)
    if rung is None:
        return None
    low, high = rung.low, rung.high
    ends = statutory.ends(base) if statutory is not None else None
    if ends is not None:
        high = min(high, ends[1])
        if weighed.rung != Rung.REDUCED:
            low = max(low, ends[0])
    if low > high or high <= 0:
        return None
    amount = _place(low, high, weighed)
    return {
        "low": str(low),
        "high": str(high),
        "amount": str(amount),
        "rung": weighed.rung,
        "table": str(rung.table),
        "table_id": rung.table_id,
        "example": rung.table.is_example,
        **_reckoning(rung, weighed, low, high, amount),
    }


def _place(low: Decimal, high: Decimal, weighed: Weighed) -> Decimal:
    """The middle of the rung; each circumstance after the first halves what is left to its outer
    end. In full hundreds where the rung leaves room."""
    part = Decimal(1) / 2 ** max(weighed.count, 1)
    if weighed.rung == Rung.HEAVIER:
        part = 1 - part
    exact = low + (high - low) * part
    for step in (HUNDRED, ranges.FEN):
        rounded = ((exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step).quantize(ranges.FEN)
        if low <= rounded <= high and rounded > 0:
            return rounded
    return high.quantize(ranges.FEN)


def _reckoning(
    rung: DiscretionGrade, weighed: Weighed, low: Decimal, high: Decimal, amount: Decimal
) -> dict[str, str]:
    table = str(rung.table)
    number = rung.table.document_number
    named = f"《{table}》（{number}）" if number else f"《{table}》"
    ends = f"{ranges.plain(low)}元至{ranges.plain(high)}元"
    conditions = f"（{'；'.join(rung.conditions)}）" if rung.conditions else ""
    place = "取该等级的中间值"
    place_en = "the middle of the rung"
    if weighed.count > 1:
        end, end_en = ("上限", "upper") if weighed.rung == Rung.HEAVIER else ("下限", "lower")
        place = f"自中间值起，其余{weighed.count - 1}个情节各使与{end}的距离减半"
        place_en = (
            f"from the middle, each of the other {weighed.count - 1} halves the distance to the "
            f"{end_en} end"
        )
    return {
        "zh": (
            f"依照{named}，{weighed.zh}，适用“{_ZH[Rung(weighed.rung)]}”等级{conditions}，"
            f"幅度为{ends}；{place}，建议罚款{ranges.plain(amount)}元。"
        ),
        "en": (
            f"By {table}{f' ({number})' if number else ''}: {weighed.en}; rung "
            f"“{_EN[Rung(weighed.rung)]}”, {low:,.2f} to {high:,.2f} yuan; {place_en}: "
            f"{amount:,.2f} yuan."
        ),
    }


def is_off(suggestion: dict[str, Any] | None, amount: Decimal) -> bool:
    """Whether a sum leaves the rung that a table in force suggests: a reason is owed then. An
    example binds nobody."""
    if not suggestion or suggestion.get("example"):
        return False
    return not Decimal(suggestion["low"]) <= amount <= Decimal(suggestion["high"])


# --- The published example -----------------------------------------------------------------------

#: 山西 2018, for 网络安全法 2016 第五十九条第一款 alone: refusal or harm, refusal and harm.
_EXAMPLE = (
    ("unit", Rung.USUAL, ("拒不改正或者导致危害网络安全等后果",), 10_000, 50_000),
    ("unit", Rung.HEAVIER, ("拒不改正并且导致危害网络安全等后果",), 50_000, 100_000),
    ("person", Rung.USUAL, ("拒不改正或者导致危害网络安全等后果",), 5_000, 20_000),
    ("person", Rung.HEAVIER, ("拒不改正并且导致危害网络安全等后果",), 20_000, 50_000),
)
EXAMPLE_TITLE = "山西省公安机关行政处罚裁量基准（2018年，示例）"


def load_example(unit: Unit) -> DiscretionTable:
    """The one published table that is known, marked as an example that binds nobody; entered once
    for a unit. Raises Article.DoesNotExist without the register."""
    tier = PenaltyTier.objects.get(
        article__version__law="CSL",
        article__version__version="2016",
        article__number=59,
        article__para=1,
        tier=PenaltyTier.Tier.AGGRAVATED,
    )
    table, made = DiscretionTable.objects.get_or_create(
        unit=unit,
        title=EXAMPLE_TITLE,
        defaults={
            "effective_from": date(2018, 1, 19),
            "is_example": True,
            "note": (
                "仅适用于2016年《网络安全法》第五十九条第一款。首次且没有后果的，责令改正、警告。"
                "来源：http://mtj.sxxz.gov.cn/gjcgg/201801/t20180119_217314.html"
            ),
        },
    )
    if made:
        DiscretionGrade.objects.bulk_create(
            DiscretionGrade(
                table=table,
                tier=tier,
                whom=whom,
                rung=rung,
                conditions=list(conditions),
                low=low,
                high=high,
            )
            for whom, rung, conditions, low, high in _EXAMPLE
        )
    return table
