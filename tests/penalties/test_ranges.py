"""What each penalty clause allows, against the data files of the register themselves."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from legal import citations
from legal.models import Article, PenaltyTier
from penalties import ranges
from penalties.models import Item, Measure, Respondent
from tests.factories.legal import load_law

FEN = Decimal("0.01")
BASE = Decimal("123456.78")
DATA = Path("legal/data/articles")
ROLES = {"直接负责的主管人员", "主管负责人员"}


def clauses() -> list[dict[str, Any]]:
    """Every entry of the data files that sets a penalty."""
    rows = [row for path in sorted(DATA.glob("*.json")) for row in json.loads(path.read_text())]
    return [row for row in rows if row.get("penalty", {}).get("tiers")]


def bounds(fine: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """The two ends in yuan, reckoned from the data file alone."""
    if fine["basis"] == "amount":
        return Decimal(fine["min"]), Decimal(fine["max"])
    if fine["basis"] == "illegal_gains":
        return BASE * fine["min"], BASE * fine["max"]
    return Decimal(0), Decimal(int(BASE * fine["max_percent"])) / 100


@pytest.mark.django_db
def test_every_tier_at_both_ends() -> None:
    """One fen inside and one fen outside each end, for the unit and for each role of persons."""
    load_law()
    books = citations.register()
    tried = 0
    for row in clauses():
        rungs = books.tiers(books.article(row["ref"]))
        assert len(rungs) == len(row["penalty"]["tiers"])
        for tier, told in zip(rungs, row["penalty"]["tiers"], strict=True):
            for who in (ranges.OFFENDER, ranges.IN_CHARGE, ranges.DIRECT):
                if who == ranges.OFFENDER:
                    fines = [told[key] for key in ("unit_fine", "unit_fine_alt") if key in told]
                else:
                    reached = {
                        ranges.IN_CHARGE if role in ROLES else ranges.DIRECT
                        for role in told.get("person_roles", [])
                    }
                    fines = [told["person_fine"]] if who in reached else []
                found = ranges.fine(tier, who, rungs)
                if not fines:
                    assert found is None or found.inherited, (row["ref"], tier.tier, who)
                    continue
                assert found is not None
                assert not found.inherited
                assert found.may == ("may" in told[f"{'unit' if who == 'offender' else 'person'}"
                                                   "_fine_mode"])  # fmt: skip
                for fine in fines:
                    # gains settle it alone; a sum is asked for where there are none
                    sums = fine["basis"] == "amount"
                    base = None if sums else BASE
                    low, high = bounds(fine)
                    spans = found.within(base)
                    assert (low, high) in spans
                    lowest, highest = found.ends(base) or (0, 0)
                    assert found.holds(high, base)
                    assert found.holds(low, base) == (low > 0)
                    assert found.holds(low + FEN, base)
                    assert found.holds(high - FEN, base)
                    assert not found.holds(highest + FEN, base)
                    assert not found.holds(lowest - FEN, base)
                    tried += 1
    assert tried > 60


@pytest.mark.django_db
def test_every_word_of_the_register_is_understood() -> None:
    load_law()
    words = {w for t in PenaltyTier.objects.all() for w in [*t.measures, *t.other_measures]}
    found = {word: ranges.measure_of(word) for word in words}
    assert {word for word, kind in found.items() if kind is None} == {
        "责令改正",
        "责令限期改正",
        "通报吊销许可或执照",
        "建议吊销经营许可证或取消联网资格",
    }
    assert found["停机整顿不超过六个月"] == Measure.SUSPENSION
    assert found["通报"] == Measure.CRITICISM
    assert ranges.longest(["停机整顿不超过六个月"]) == 6
    assert ranges.longest(["停业整顿"]) is None
    with pytest.raises(ValueError, match="no kind of penalty"):
        ranges.measure_of("拘留")


def rung(ref: str, place: int = 0) -> tuple[PenaltyTier, list[PenaltyTier]]:
    books = citations.register()
    found = books.tiers(books.article(ref))
    return found[place], found


@pytest.mark.django_db
def test_what_a_rung_allows_to_whom() -> None:
    load_law()
    # The amended law: the mildest rung leaves the fine open and reaches the unit alone.
    base, rungs = rung("CSL@2025:61(1)")
    allowed = ranges.measures(base, ranges.OFFENDER, rungs)
    assert list(allowed) == [Measure.WARNING, Measure.FINE]
    found = ranges.fine(base, ranges.OFFENDER, rungs)
    assert found is not None
    assert found.may
    assert ranges.measures(base, ranges.IN_CHARGE, rungs) == {}
    # The next one reaches both roles, and keeps the warning.
    assert list(ranges.measures(rungs[2], ranges.OFFENDER, rungs)) == [
        Measure.WARNING,
        Measure.FINE,
    ]
    assert list(ranges.measures(rungs[1], ranges.DIRECT, rungs)) == [Measure.FINE]
    # The old one reached those in charge alone.
    aggravated, old = rung("CSL@2016:59(1)", 1)
    assert ranges.fine(aggravated, ranges.DIRECT, old) is None
    assert ranges.fine(aggravated, ranges.IN_CHARGE, old) is not None
    assert ranges.needs_refusal(aggravated)
    assert not ranges.refuses_alone(aggravated)
    # A rung with further measures alone keeps the fine of the milder one.
    serious, rungs = rung("CSL@2016:64(1)", 1)
    found = ranges.fine(serious, ranges.OFFENDER, rungs)
    assert found is not None
    assert found.inherited
    assert found.by == ranges.GAINS
    assert not found.holds(Decimal(1_000_000), Decimal(1000))  # ten times the gains at most
    assert found.holds(Decimal(10_000), Decimal(1000))
    # Restrictions on persons do not reach units; the level that may act.
    grave, rungs = rung("PIPL@2021:66(2)")
    assert Measure.BAN not in ranges.measures(grave, ranges.OFFENDER, rungs)
    assert list(ranges.measures(grave, ranges.IN_CHARGE, rungs)) == [Measure.FINE, Measure.BAN]
    assert [ranges.is_kept(grave, level) for level in ("county", "city", "province")] == [
        True,
        True,
        False,
    ]
    both = ranges.fine(grave, ranges.OFFENDER, rungs)
    assert both is not None
    assert both.ends(Decimal(2_000_000_000)) == (Decimal(0), Decimal(100_000_000))
    assert ranges.is_kept(rung("ICP@2011:22")[0], "province")


def proposed(measure: str, amount: str | None = None) -> Item:
    return Item(measure=measure, amount=None if amount is None else Decimal(amount))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("items", "is_person", "expected"),
    [
        ([("warning", None)], False, ""),
        ([("fine", "9999.99")], False, ""),
        ([("fine", "10000")], False, "对单位处以罚款10000元，达到较大数额（10000元以上）"),
        ([("fine", "5000"), ("fine", "5000.50")], False,
         "对单位处以罚款10000.50元，达到较大数额（10000元以上）"),
        ([("fine", "1999.99")], True, ""),
        ([("fine", "2000")], True, "对个人处以罚款2000元，达到较大数额（2000元以上）"),
        ([("confiscation", "9999.99")], False, ""),
        ([("confiscation", "10000")], False, "没收较大数额违法所得"),
        ([("confiscation", "2000")], True, "没收较大数额违法所得"),
        ([("suspension", None), ("closure", None)], False, "责令停产停业；责令关闭"),
        ([("ban", None)], True, "限制从业"),
    ],
)  # fmt: skip
def test_who_may_ask_for_a_hearing(items: Any, is_person: bool, expected: str) -> None:
    load_law()
    assert ranges.hearing_ground([proposed(*each) for each in items], is_person) == expected


def test_persons_by_their_role() -> None:
    kind, role = Respondent.Kind, Respondent.Role
    assert ranges.whom(Respondent(kind=kind.UNIT)) == ranges.OFFENDER
    assert ranges.whom(Respondent(kind=kind.PERSON, role=role.IN_CHARGE)) == ranges.IN_CHARGE
    assert ranges.whom(Respondent(kind=kind.PERSON, role=role.DIRECT)) == ranges.DIRECT
    assert ranges.whom(Respondent(kind=kind.PERSON, role=role.PARTY)) == ranges.OFFENDER


@pytest.mark.django_db
def test_a_clause_that_refers_has_no_range() -> None:
    load_law()
    books = citations.register()
    clause = Article.objects.by_ref("CSL@2025:71(1)[2]")
    tier = clause.tiers.get()
    assert ranges.fine(tier, ranges.OFFENDER, ranges.rungs(books, tier)) is None
    assert ranges.measures(tier, ranges.OFFENDER, ranges.rungs(books, tier)) == {}
