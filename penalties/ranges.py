"""What a penalty clause allows: kinds of penalty, and the range of its fine, for whom.

Pure over `legal.PenaltyTier`, as the register holds it. Sums are yuan and fen (`Decimal`), nothing
is rounded but a share of a turnover, which is cut to the fen. A rung that adds further measures
alone keeps the fine of the milder one (`legal.citations.fines.at`), and every rung may carry the
kinds of penalty that the milder ones name: 给予警告；拒不改正的，处…罚款 is a warning and a fine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.conf import settings

from accounts.models import Unit
from legal import limits
from legal.citations import fines
from legal.citations.books import Register
from legal.models import PenaltyTier
from legal.numerals import number_of
from penalties.models import Item, Measure, Respondent

FEN = Decimal("0.01")

#: Whom a clause reaches: whoever broke the duty (a unit, or a person by himself), or those who
#: answer for the unit.
OFFENDER, IN_CHARGE, DIRECT = "offender", "in_charge", "direct"

#: What a fine is measured by.
AMOUNT, GAINS, TURNOVER = "amount", "illegal_gains", "prior_year_turnover"

#: How the register words the kinds of penalty, the first that fits. What says None is no penalty
#: of this organ: an order to correct (行政处罚法 28), a word to the one who may revoke a licence.
_WORDS: tuple[tuple[re.Pattern[str], Measure | None], ...] = tuple(
    (re.compile(pattern), measure)
    for pattern, measure in (
        (r"责令(限期)?改正", None),
        (r"建议|通报吊销", None),
        (r"限制从业|禁止", Measure.BAN),
        (r"警告", Measure.WARNING),
        (r"通报", Measure.CRITICISM),
        (r"罚款", Measure.FINE),
        (r"没收违法所得", Measure.CONFISCATION),
        (r"没收", Measure.GOODS),
        (r"暂时关闭|停业|停产|停机|停止联网|暂停(相关)?业务", Measure.SUSPENSION),
        (r"暂停|终止服务|限制开展", Measure.RESTRICTION),
        (r"关闭", Measure.CLOSURE),
        (r"吊销", Measure.REVOCATION),
        (r"降低资质", Measure.DOWNGRADE),
    )
)
_MONTHS = re.compile(r"([一二三四五六七八九十]+|\d+)个月")

#: Kinds that reach a unit alone, and the one that reaches persons alone.
_OF_PERSONS = {Measure.BAN}
#: What 行政处罚法 63(1) names beside fines and confiscation, each with its item there.
_HEARD: dict[str, str] = {
    Measure.DOWNGRADE: "降低资质等级",
    Measure.REVOCATION: "吊销许可证件",
    Measure.SUSPENSION: "责令停产停业",
    Measure.CLOSURE: "责令关闭",
    Measure.BAN: "限制从业",
    Measure.RESTRICTION: "其他较重的行政处罚（限制开展生产经营活动）",
}


@dataclass(frozen=True)
class Span:
    """One way in which a clause measures a fine: by a sum, by times of the unlawful gains, or by
    percent of the turnover of the year before."""

    by: str
    low: Decimal
    high: Decimal

    def sums(self, base: Decimal | None) -> tuple[Decimal, Decimal] | None:
        """The two ends in yuan; None where what it is measured by is not known."""
        if self.by == AMOUNT:
            return self.low, self.high
        if base is None:
            return None
        share = Decimal(100) if self.by == TURNOVER else Decimal(1)
        low, high = (
            (base * end / share).quantize(FEN, rounding=ROUND_DOWN) for end in (self.low, self.high)
        )
        return low, high


@dataclass(frozen=True)
class Range:
    """The fine that a rung allows one respondent.

    Args:
        may: the clause leaves the fine to judgement (可以); without it a fine is owed.
        inherited: the rung itself names none, it is that of the milder one.
    """

    spans: tuple[Span, ...]
    may: bool
    inherited: bool = False

    @property
    def by(self) -> str:
        """What else than a sum it is measured by: "" for none."""
        return next((span.by for span in self.spans if span.by != AMOUNT), "")

    def within(self, base: Decimal | None = None) -> list[tuple[Decimal, Decimal]]:
        """The two ends in yuan of each span that applies.

        Where there are gains (`base`) the times of them apply and nothing else; a share of the
        turnover stands beside the sum, whichever is chosen.
        """
        spans = self.spans
        if self.by == GAINS and base is not None:
            spans = tuple(span for span in spans if span.by == GAINS)
        return [ends for span in spans if (ends := span.sums(base)) is not None]

    def holds(self, amount: Decimal, base: Decimal | None = None) -> bool:
        """Whether a fine of this sum is lawful; 0 never is."""
        return amount > 0 and any(low <= amount <= high for low, high in self.within(base))

    def ends(self, base: Decimal | None = None) -> tuple[Decimal, Decimal] | None:
        """The lowest and the highest sum; None while the base is owed."""
        found = self.within(base)
        if not found:
            return None
        return min(low for low, _high in found), max(high for _low, high in found)


def whom(respondent: Respondent) -> str:
    """As whom a clause reaches the respondent."""
    if respondent.is_person and respondent.role == Respondent.Role.IN_CHARGE:
        return IN_CHARGE
    if respondent.is_person and respondent.role == Respondent.Role.DIRECT:
        return DIRECT
    return OFFENDER


def fine(tier: PenaltyTier, who: str, rungs: Sequence[PenaltyTier]) -> Range | None:
    """The range of the fine; None where the rung threatens this respondent with none.

    `rungs` are all tiers of the clause.
    """
    threat = fines.at(rungs, tier.tier)
    if threat is None:
        return None
    own = tier.unit_fine or tier.person_fine
    if who == OFFENDER:
        spans = [_span(each) for each in (threat.unit_fine, threat.unit_fine_alt) if each]
        mode = threat.unit_fine_mode
    else:
        reached = threat.person_fine if who in roles(threat.person_roles) else None
        spans = [_span(reached)] if reached else []
        mode = threat.person_fine_mode
    return Range(tuple(spans), mode == "may", inherited=not own) if spans else None


def roles(words: Iterable[str]) -> set[str]:
    """直接负责的主管人员 → in_charge, 其他直接责任人员 → direct."""
    found = set()
    for word in words:
        found.add(IN_CHARGE if "主管" in word else DIRECT)
    return found


def measures(tier: PenaltyTier, who: str, rungs: Sequence[PenaltyTier]) -> dict[Measure, list[str]]:
    """The kinds of penalty that the rung allows, each with the words of the clause."""
    found: dict[Measure, list[str]] = {}
    for rung in milder(tier, rungs):
        for word in [*rung.measures, *rung.other_measures]:
            kind = measure_of(word)
            if kind is not None and kind != Measure.FINE:
                found.setdefault(kind, []).append(word)
    if who == OFFENDER:
        found = {kind: words for kind, words in found.items() if kind not in _OF_PERSONS}
    else:
        found = {kind: words for kind, words in found.items() if kind in _OF_PERSONS}
    if fine(tier, who, rungs) is not None:
        found[Measure.FINE] = ["罚款"]
    order = list(Measure)
    return dict(sorted(found.items(), key=lambda entry: order.index(entry[0])))


def measure_of(word: str) -> Measure | None:
    """停业整顿 → suspension; None for what is no penalty. Raises ValueError for unknown words."""
    for pattern, measure in _WORDS:
        if pattern.search(word):
            return measure
    raise ValueError(f"no kind of penalty: {word!r}")


def longest(words: Iterable[str]) -> int | None:
    """Months that a measure may last by the words of the clause; None where it sets none."""
    found = [number_of(match[1]) for word in words if (match := _MONTHS.search(word))]
    return min((months for months in found if months), default=None)


def milder(tier: PenaltyTier, rungs: Sequence[PenaltyTier]) -> list[PenaltyTier]:
    """The rung with those below it on the ladder of the clause, the mildest first."""
    if tier.tier not in fines.LADDER:
        return [tier]
    up_to = fines.LADDER[: fines.LADDER.index(tier.tier)]
    return [*(rung for rung in rungs if rung.tier in up_to), tier]


def is_conditional(tier: PenaltyTier) -> bool:
    """Whether the rung applies only upon a condition that somebody must find met."""
    return tier.tier != PenaltyTier.Tier.BASE


def needs_refusal(tier: PenaltyTier) -> bool:
    """Whether what opens the rung is (also) that an order to correct was not met."""
    return "拒不改正" in tier.condition_zh or "未改正" in tier.condition_zh


def refuses_alone(tier: PenaltyTier) -> bool:
    """Whether nothing else than an unmet order opens the rung (拒不改正, not 或者…)."""
    return needs_refusal(tier) and "或" not in tier.condition_zh


def is_kept(tier: PenaltyTier, level: str) -> bool:
    """Whether the clause keeps the penalty from a unit of this level: for a higher one (个人信息
    保护法 66(2): 省级以上), or for another organ (省级电信管理机构)."""
    if not tier.authority:
        return False
    if "电信" in tier.authority:
        return True
    return "省级" in tier.authority and level != Unit.Level.PROVINCE


def rungs(books: Register, tier: PenaltyTier) -> list[PenaltyTier]:
    """All rungs of the clause that the tier belongs to, from the register in memory."""
    return books.tiers(books.article(tier.article_id)) or [tier]


def _span(fine: dict[str, Any]) -> Span:
    if "max_percent" in fine:
        ends = fine.get("min_percent", 0), fine["max_percent"]
    else:
        ends = fine.get("min", 0), fine["max"]
    low, high = (Decimal(str(end)) for end in ends)
    return Span(str(fine["basis"]), low, high)


# --- Hearing -----------------------------------------------------------------------------------


def hearing_ground(items: Iterable[Item], is_person: bool) -> str:
    """Why the respondent may ask for a hearing (行政处罚法 63(1), MPSP 123), as the notice prints
    it; "" where nothing proposed gives that right.

    Fines of one respondent are summed; from which confiscated sum on is a policy of the house
    (`HEARING_CONFISCATION_UNIT`, `HEARING_CONFISCATION_PERSON`), as are goods of value: any.
    """
    rows = list(items)
    found = []
    least = limits.threshold("HEARING_PERSON" if is_person else "HEARING_UNIT")
    fined = _sum(rows, Measure.FINE)
    if least is not None and fined >= least:
        whose = "对个人" if is_person else "对单位"
        found.append(f"{whose}处以罚款{plain(fined)}元，达到较大数额（{plain(least)}元以上）")
    policy = (
        settings.HEARING_CONFISCATION_PERSON if is_person else settings.HEARING_CONFISCATION_UNIT
    )
    gains = _sum(rows, Measure.CONFISCATION)
    if gains >= policy:
        found.append("没收较大数额违法所得")
    kinds = {row.measure for row in rows}
    if Measure.GOODS in kinds:
        found.append("没收非法财物")
    found += [word for kind, word in _HEARD.items() if kind in kinds]
    return "；".join(found)


def plain(sum_: Decimal) -> str:
    """10000, 10000.50: a sum as papers write it."""
    return f"{sum_:.0f}" if sum_ == sum_.to_integral_value() else f"{sum_:.2f}"


def _sum(items: Iterable[Item], measure: Measure) -> Decimal:
    return sum((row.amount or Decimal(0) for row in items if row.measure == measure), Decimal(0))
