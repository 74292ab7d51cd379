"""What the table of discretion suggests, whose table counts, and the table in the back room."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import Event
from audit.trail import Refused
from legal.models import Article
from penalties import discretion
from penalties.cases import proposing
from penalties.models import Circumstance, DiscretionGrade, DiscretionTable, Reviewer
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.penalties import case_alone, party, tier
from tests.factories.rectification import Desk, at
from tests.penalties.test_proposing import DAY, GRAVE, propose, url

RUNGS = (("reduced", 4000, 9999), ("lighter", 10_000, 30_000), ("usual", 30_000, 60_000),
         ("heavier", 60_000, 100_000))  # fmt: skip


def table(unit: Any, title: str = "本市裁量基准", **facts: Any) -> DiscretionTable:
    """Four rungs for the unit at the graver tier of the old clause."""
    given = {"effective_from": date(2024, 1, 1), "document_number": "南公通〔2024〕1号"} | facts
    made = DiscretionTable.objects.create(unit=unit, title=title, **given)
    for rung, low, high in RUNGS:
        DiscretionGrade.objects.create(
            table=made, tier=tier(*GRAVE), whom="unit", rung=rung, low=low, high=high
        )
    return made


@pytest.mark.parametrize(
    ("effects", "rung", "amount"),
    [
        ([], "usual", "45000.00"),
        (["lighter"], "lighter", "20000.00"),
        (["lighter", "lighter"], "lighter", "15000.00"),
        (["lighter"] * 3, "lighter", "12500.00"),
        (["lighter", "reduced"], "reduced", "5500.00"),
        (["heavier"], "heavier", "80000.00"),
        (["heavier", "heavier"], "heavier", "90000.00"),
        (["heavier", "lighter", "lighter"], "usual", "45000.00"),
    ],
)
def test_circumstances_choose_the_rung_and_the_place_on_it(
    desk: Desk, effects: list[str], rung: str, amount: str
) -> None:
    table(desk.unit)
    rows = [Circumstance(effect=effect) for effect in effects]
    said = discretion.suggest(desk.unit, tier(*GRAVE), "offender", DAY, rows)
    assert said is not None
    assert (said["rung"], said["amount"]) == (rung, amount)
    assert Decimal(said["low"]) <= Decimal(amount) <= Decimal(said["high"])
    assert "《本市裁量基准》（南公通〔2024〕1号）" in said["zh"]
    assert f"建议罚款{Decimal(amount):.0f}元" in said["zh"]
    assert "yuan" in said["en"]


def test_the_nearest_table_in_force_counts(desk: Desk) -> None:
    upper = desk.above()
    below = UnitFactory(name="南宁市公安局青秀分局", parent=desk.unit)
    gone = table(desk.unit, "已失效", effective_to=date(2024, 12, 31))
    table(desk.unit, "尚未施行", effective_from=date(2025, 6, 1))
    table(below, "下级单位")
    example = discretion.load_example(desk.unit)
    assert discretion.load_example(desk.unit) == example

    def said(unit: Any = desk.unit, on: date = DAY) -> Any:
        found = discretion.suggest(unit, tier(*GRAVE), "offender", on, [])
        return None if found is None else (found["table"], found["example"])

    assert said() == (discretion.EXAMPLE_TITLE, True)
    assert said(on=date(2017, 7, 1)) is None
    table(upper, "自治区")
    assert said() == ("自治区", False)
    assert said(on=date(2024, 12, 31)) == (str(gone), False)
    assert said(on=date(2025, 6, 1)) == ("尚未施行", False)
    assert said(below) == ("下级单位", False)
    assert discretion.suggest(desk.unit, tier("DSL@2021:45(1)"), "offender", DAY, []) is None
    person = discretion.suggest(desk.unit, tier(*GRAVE), "in_charge", DAY, [])
    assert person is not None
    assert (person["low"], person["high"], person["example"]) == ("5000.00", "20000.00", True)


def test_outside_the_suggestion_a_reason_is_owed(desk: Desk) -> None:
    case = case_alone(desk)
    discretion.load_example(desk.unit)
    assert propose(desk, case, amount=Decimal(90_000)).deviation_reason == ""  # an example
    case.items.all().delete()
    table(desk.unit)
    with pytest.raises(Refused, match="偏离的，写明理由") as no:
        propose(desk, case, amount=Decimal("29999.99"))
    assert no.value.reasons[0].field == "deviation_reason"
    row = propose(desk, case, amount=Decimal("29999.99"), deviation_reason="被害人谅解")
    assert row.suggestion is not None
    assert row.suggestion["amount"] == "45000.00"
    proposing.add_circumstance(
        case, party(case), by=desk.inspector, at=at(DAY), effect="reduced", text="主动消除后果",
        article=Article.objects.by_ref("APL@2021:32"),
    )  # fmt: skip
    inside = propose(desk, case, item=row, amount=Decimal("7000.00"))
    assert inside.suggestion is not None
    assert (inside.suggestion["rung"], inside.clause["outside"]) == ("reduced", "reduced")


def test_the_suggestion_stands_beside_the_form(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    table(desk.unit)
    beside = reverse("cases:range", args=[case.pk, party(case).pk])
    asked = f"{beside}?tier={tier(*GRAVE).pk}&measure=fine"
    with on(DAY):
        client = door(desk.inspector)
        text = client.get(f"{asked}&amount=20,000").content.decode()
        form = client.get(url(case, "set_item", party(case))).content.decode()
    assert "建议罚款45000元" in text
    assert "填写的金额偏离裁量基准" in text
    assert "在法定幅度之内" in text
    assert 'id="range"' in form


def test_tables_keep_their_rungs_and_days(desk: Desk) -> None:
    made = table(desk.unit)
    grade = {"table": made, "tier": tier(*GRAVE), "whom": "unit", "rung": "usual"}
    for broken in (
        lambda: DiscretionGrade.objects.create(**grade, low=1, high=2),
        lambda: DiscretionGrade.objects.create(**{**grade, "whom": "person"}, low=3, high=2),
        lambda: DiscretionTable.objects.filter(pk=made.pk).update(effective_to=date(2023, 1, 1)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()


def test_administrators_keep_tables_and_reviewers(desk: Desk, door: Any, on: Any) -> None:
    """Within the range of the clause only; each change is on the record."""
    client = door(UserFactory(unit=desk.unit, system_admin=True))
    person = UserFactory(unit=desk.unit, legal_reviewer=True)
    form = {
        "unit": desk.unit.pk, "title": "本市裁量基准", "effective_from": "2025-01-01",
        "grades-TOTAL_FORMS": 1, "grades-INITIAL_FORMS": 0, "grades-0-tier": tier(*GRAVE).pk,
        "grades-0-whom": "unit", "grades-0-rung": "usual", "grades-0-low": "5000",
        "grades-0-high": "200000", "grades-0-conditions": "首次违法\r\n没有后果",
    }  # fmt: skip
    add = reverse("admin:penalties_discretiontable_add")
    with on(DAY):
        wrong = client.post(add, form).content.decode()
        client.post(add, form | {"grades-0-low": "10000", "grades-0-high": "30000"})
        listed = client.get(reverse("admin:penalties_discretiontable_changelist"))
        made = DiscretionTable.objects.get()
        page = client.get(reverse("admin:penalties_discretiontable_change", args=[made.pk]))
        gone = client.post(
            reverse("admin:penalties_discretiontable_delete", args=[made.pk]), {"post": "yes"}
        )
        client.post(
            reverse("admin:penalties_reviewer_add"),
            {
                "user": str(person.pk),
                "qualification_number": "A2018",
                "reviewing_since": "2019-1-1",
            },
        )
    assert wrong.count("超出法定幅度（10,000 元至 100,000 元）") == 2
    assert made.grades.get().conditions == ["首次违法", "没有后果"]
    assert "本市裁量基准" in listed.content.decode()
    assert "《网络安全法》（2016）第五十九条第一款" in page.content.decode()
    assert gone.status_code == 403
    assert Reviewer.objects.get().user == person
    assert Event.objects.filter(verb="admin.added").count() == 2
