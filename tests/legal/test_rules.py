"""The rules of the decision: the lighter law, one fine for one act, who may impose it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from legal import citations
from legal.citations import BLOCK, INFO, WARN, Cited, fines, notes

ACT, DECIDED = date(2024, 12, 30), date(2026, 3, 1)
OLD = [("duty", "CSL@2016:21"), ("penalty", "CSL@2016:59")]


def of(code: str, found: Any) -> list[Any]:
    return [note for note in found if note.code == code]


# --- The lighter law (APL 37) --------------------------------------------------------------------


def test_the_old_clause_was_lighter(law: Any) -> None:
    """59(1) threatens less than 61(1) in every situation, and reaches fewer persons."""
    (note,) = of("lighter_law", notes("HIGH_RISK_PORTS", OLD, ACT, decided_on=DECIDED))
    assert (note.level, note.articles) == (INFO, ())
    assert [each.ref for each in note.basis] == ["APL@2021:37"]
    assert (note.facts["old"].ref, note.facts["new"].ref) == ("CSL@2016:59(1)", "CSL@2025:61(1)")
    assert "旧规定较轻" in note.text
    assert note.lines[0] == (
        "一般：旧规定 不罚款；新规定 单位可以罚款 10,000 至 50,000 元。旧规定较轻"
    )
    assert "供参考" in note.lines[-1]


def test_a_decision_under_the_old_text_has_nothing_to_compare(law: Any) -> None:
    assert (
        of("lighter_law", notes("HIGH_RISK_PORTS", OLD, ACT, decided_on=date(2025, 12, 31))) == []
    )
    assert of("lighter_law", notes("HIGH_RISK_PORTS", OLD, ACT)) == []


def test_a_continuing_act_is_not_judged_by_the_lighter_law(law: Any) -> None:
    new = [("duty", "CSL@2025:23"), ("penalty", "CSL@2025:61(1)")]
    assert notes("HIGH_RISK_PORTS", new, ACT, date(2026, 1, 5), decided_on=DECIDED) == []


def test_old_and_new_are_each_lighter_somewhere(law: Any) -> None:
    """64(1) fined at once, PIPL 66(1) only after a refusal, but 66(2) far more: not comparable."""
    cited = [("duty", "CSL@2016:41(1)"), ("penalty", "CSL@2016:64(1)")]
    (note,) = of("lighter_law", notes("NO_CONSENT", cited, ACT, decided_on=DECIDED))
    assert (note.level, note.facts["comparison"].lighter) == (WARN, "unclear")
    assert [each.ref for each in note.articles] == ["CSL@2025:71(1)[2]"]
    assert "不能一概比较" in note.text
    assert note.lines[0].endswith("新规定 不罚款。新规定较轻")


def test_the_new_clause_cited_although_the_old_one_was_lighter(law: Any) -> None:
    cited = [("duty", "CSL@2016:21"), Cited("penalty", "CSL@2025:61(1)", "按新法")]
    found = notes("HIGH_RISK_PORTS", cited, ACT, decided_on=DECIDED)
    (note,) = of("lighter_law", found)
    assert (note.level, [each.ref for each in note.articles]) == (WARN, ["CSL@2016:59(1)"])
    assert of("not_in_force", found)[0].level == WARN


def tier(name: str, **given: Any) -> Any:
    """A rung of an invented clause."""
    blank = {
        "unit_fine": None,
        "unit_fine_alt": None,
        "unit_fine_mode": "shall",
        "person_fine": None,
        "person_fine_mode": "shall",
        "person_roles": [],
        "other_measures": [],
    }
    return SimpleNamespace(tier=name, **(blank | given))


def yuan(low: int, high: int) -> dict[str, Any]:
    return {"basis": "amount", "min": low, "max": high}


BOTH = ["直接负责的主管人员", "其他直接责任人员"]


@pytest.mark.parametrize(
    ("old", "new", "lighter"),
    [
        ([tier("base")], [tier("base")], "same"),
        ([tier("base", unit_fine=yuan(1, 9))], [tier("base")], "new"),
        ([tier("base", unit_fine=yuan(1, 9))], [tier("base", unit_fine=yuan(1, 8))], "new"),
        ([tier("base", unit_fine=yuan(2, 9))], [tier("base", unit_fine=yuan(1, 12))], "unclear"),
        # 可以: the fine may be left out, so its range begins at nothing.
        (
            [tier("base", unit_fine=yuan(5, 9), unit_fine_mode="may")],
            [tier("base", unit_fine=yuan(5, 9))],
            "old",
        ),
        # Times of the gains and an amount are no common measure.
        (
            [tier("base", unit_fine={"basis": "illegal_gains", "min": 1, "max": 10})],
            [tier("base", unit_fine=yuan(1, 9))],
            "unclear",
        ),
        # The same fine, but more people.
        (
            [tier("base", person_fine=yuan(1, 9), person_roles=BOTH[:1])],
            [tier("base", person_fine=yuan(1, 9), person_roles=BOTH)],
            "old",
        ),
        # The same fine, and closing programs besides websites.
        (
            [tier("base", other_measures=["关闭网站"])],
            [tier("base", other_measures=["关闭网站或者应用程序"])],
            "old",
        ),
        ([tier("base", other_measures=["甲"])], [tier("base", other_measures=["乙"])], "unclear"),
        # A graver situation that only the new text knows is judged by the old text's milder rung.
        (
            [tier("base", unit_fine=yuan(1, 9))],
            [tier("base", unit_fine=yuan(1, 9)), tier("extreme", unit_fine=yuan(100, 900))],
            "old",
        ),
        # A rung with further measures only keeps the fine of the one below.
        (
            [tier("base", unit_fine=yuan(1, 9)), tier("serious", other_measures=["甲"])],
            [tier("base", unit_fine=yuan(1, 9)), tier("serious", unit_fine=yuan(1, 9))],
            "new",
        ),
    ],
)
def test_weighing(old: list[Any], new: list[Any], lighter: str) -> None:
    assert fines.compare(old, new).lighter == lighter
    turned = {"old": "new", "new": "old"}.get(lighter, lighter)
    assert fines.compare(new, old).lighter == turned


# --- One act, one fine (APL 29) ------------------------------------------------------------------


def test_two_laws_one_fine(law: Any) -> None:
    cited = [
        ("duty", "CSL@2016:21"),
        ("duty", "DSL@2021:27(1)"),
        ("penalty", "CSL@2016:59(1)"),
        ("penalty", "DSL@2021:45(1)"),
    ]
    (note,) = of("same_act_two_laws", notes("PII_UNENCRYPTED", cited, ACT))
    assert (note.level, [each.ref for each in note.articles]) == (INFO, ["DSL@2021:45(1)"])
    assert [each.ref for each in note.basis] == ["APL@2021:29"]
    assert "上限最高（2,000,000 元）" in note.text
    assert [line.split("：")[0] for line in note.lines] == [
        "《网络安全法》（2016）第五十九条第一款",
        "《数据安全法》（2021）第四十五条第一款",
    ]
    assert "50,000 至 500,000 元" in note.lines[1]
    (deciding,) = of("same_act_two_laws", notes("PII_UNENCRYPTED", cited, ACT, decided_on=ACT))
    assert deciding.level == WARN


def test_a_share_of_the_turnover_is_not_compared(law: Any) -> None:
    cited = [("penalty", "CSL@2016:59(1)"), ("penalty", "PIPL@2021:66(2)")]
    (note,) = of("same_act_two_laws", notes(None, cited, ACT))
    assert note.articles == ()
    assert "按本案情节比较" in note.text


@pytest.mark.parametrize(
    "cited",
    [
        [("penalty", "CSL@2016:59(1)"), ("penalty", "CSL@2016:64(1)")],  # one law
        [("penalty", "CSL@2025:71(1)[2]"), ("penalty", "PIPL@2021:66(1)")],  # one fine
        [("duty", "CSL@2016:21"), ("duty", "DSL@2021:27(1)"), ("penalty", "CSL@2016:59(1)")],
    ],
)
def test_one_fine_only(law: Any, cited: list[Any]) -> None:
    day = DECIDED if "2025" in cited[0][1] else ACT
    assert of("same_act_two_laws", notes(None, cited, day, decided_on=day)) == []


# --- Competence ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "said"), [("county", True), ("city", True), ("province", False), (None, False)]
)
def test_the_gravest_fines_are_for_the_province(law: Any, level: str | None, said: bool) -> None:
    cited = [("penalty", "PIPL@2021:66(2)")]
    found = of("not_competent", notes(None, cited, ACT, authority=level))
    assert bool(found) == said
    if found:
        assert found[0].level == WARN
        assert [each.ref for each in found[0].articles] == ["PIPL@2021:66(1)"]
        assert "限省级以上部门作出" in found[0].text


def test_a_whole_article_holds_a_part_that_is_not_ours(law: Any) -> None:
    (note,) = of("not_competent", notes(None, [("penalty", "PIPL@2021:66")], ACT, authority="city"))
    assert (note.level, note.facts["part"].ref) == (INFO, "PIPL@2021:66(2)")
    assert [each.ref for each in note.articles] == ["PIPL@2021:66(1)"]


def test_what_the_telecom_authority_punishes(law: Any) -> None:
    (note,) = of("not_competent", notes(None, [("penalty", "ICP@2011:19")], ACT))
    assert "不属于公安机关的职权" in note.text


# --- Referral, persons, procedure ----------------------------------------------------------------


def test_a_clause_that_only_refers_needs_its_target(law: Any) -> None:
    cited = [("duty", "CSL@2025:43(1)"), ("penalty", "CSL@2025:71(1)[2]")]
    (note,) = notes("NO_CONSENT", cited, DECIDED, authority="city")
    assert (note.level, note.code) == (INFO, "referral")
    # What only the province may impose is not offered to a city.
    assert [each.ref for each in note.articles] == ["PIPL@2021:66(1)"]
    assert notes("NO_CONSENT", cited, DECIDED, decided_on=DECIDED)[0].level == WARN
    both = [*cited, ("penalty", "PIPL@2021:66(1)")]
    assert notes("NO_CONSENT", both, DECIDED, decided_on=DECIDED, authority="city") == []


def test_who_is_reached_by_the_old_fine(law: Any) -> None:
    (note,) = of("persons", notes("HIGH_RISK_PORTS", OLD, ACT, decided_on=ACT))
    assert (note.level, note.article.ref) == (INFO, "CSL@2016:59")
    assert "不及于其他直接责任人员" in note.text
    new = [("duty", "CSL@2025:23"), ("penalty", "CSL@2025:61(1)")]
    assert of("persons", notes("HIGH_RISK_PORTS", new, DECIDED, decided_on=DECIDED)) == []


def test_procedure_is_judged_by_the_day_of_the_visit(law: Any) -> None:
    """The act ended under Order 151; the visit was made under Order 176."""
    ended, visited = date(2026, 9, 5), date(2026, 10, 8)
    (note,) = notes(None, [("duty", "MPS151@2018:14")], ended, visited_on=visited)
    assert (note.level, note.code) == (BLOCK, "not_in_force")
    assert [each.ref for each in note.articles] == ["MPS176@2026:11"]
    assert [each.ref for each in note.basis] == ["MPS176@2026:23"]
    assert "在检查之日（2026年10月8日）未施行" in note.text
    assert notes(None, [("duty", "MPS176@2026:11")], ended, visited_on=visited) == []
    assert notes(None, [("duty", "MPS151@2018:14")], ended, visited_on=ended) == []


def test_what_became_of_another_article_is_no_counterpart(law: Any) -> None:
    """69(1) of 2025 took up both 68(1) and 69; 70 came of 69 alone."""
    books = citations.register()
    found = books.counterparts(books.article("CSL@2016:68(1)"), DECIDED)
    assert [each.ref for each in found] == ["CSL@2025:69(1)"]
    back = books.counterparts(books.article("CSL@2025:69(1)"), ACT)
    assert {each.ref for each in back} == {"CSL@2016:68(1)", "CSL@2016:69"}


def test_every_note_speaks_in_both_languages_and_says_on_what_it_rests(law: Any) -> None:
    cited = [
        ("duty", "CSL@2016:21"),
        ("penalty", "CSL@2016:59"),
        ("penalty", "PIPL@2021:66(2)"),
        ("penalty", "CSL@2025:71(1)[2]"),
        ("penalty", "DSL@2021:45(1)"),
        ("duty", "PIPL@2021"),
    ]
    found = notes("NO_CONSENT", cited, ACT, decided_on=DECIDED, authority="county")
    found += notes("NO_CONSENT", cited, ACT, DECIDED)
    assert len({note.code for note in found}) >= 8
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for note in found:
                assert note.text
                assert "%(" not in note.text + "".join(note.lines)
                assert note.links or note.interpretation, note.code
