"""Proposing a penalty: the range, the reasons outside of it, one fine for one act, and nothing
heavier because of a defence."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import Event
from audit.trail import Refused
from inspections.models import Finding
from legal.models import Article
from penalties import lawful, proposal
from penalties.casefile import File
from penalties.cases import proposing
from penalties.models import Case, Circumstance, Defence, Item, Respondent, Told
from tests.factories.penalties import (
    TOLD_ON,
    case_alone,
    party,
    person,
    report,
    tier,
    told,
)
from tests.factories.rectification import Desk, at

DAY = date(2025, 1, 18)
GRAVE = ("CSL@2016:59(1)", 1)


def propose(desk: Desk, case: Case, whom: Respondent | None = None, **facts: Any) -> Item:
    """A fine at the graver rung of the old clause, upon all findings, unless said otherwise."""
    given = {
        "measure": "fine",
        "tier": tier(*GRAVE),
        "findings": list(Finding.objects.filter(casefindings__case=case)),
        "condition_met": True,
        "condition_reason": "责令改正后未改正，数据被窃取",
        "amount": Decimal(30_000),
        "by": desk.inspector,
        "at": at(DAY),
    } | facts
    return proposing.set_item(case, whom or party(case), **given)


def refused(*args: Any, **facts: Any) -> str:
    with pytest.raises(Refused) as no:
        propose(*args, **facts)
    return "\n".join(str(reason) for reason in no.value.reasons)


def fields(*args: Any, **facts: Any) -> set[str]:
    with pytest.raises(Refused) as no:
        propose(*args, **facts)
    return {reason.field for reason in no.value.reasons}


def weigh(desk: Desk, case: Case, effect: str, ref: str, text: str = "主动消除") -> Circumstance:
    return proposing.add_circumstance(
        case,
        party(case),
        by=desk.inspector,
        at=at(DAY),
        effect=effect,
        text=text,
        article=Article.objects.by_ref(ref),
    )


def test_cumulative_items_under_different_tiers_for_unit_and_person(desk: Desk) -> None:
    case = case_alone(desk)
    chief = person(case)
    warning = propose(desk, case, measure="warning", tier=tier(), amount=None)
    fine = propose(desk, case)
    own = propose(desk, case, chief, amount=Decimal("5000.00"))
    file = File(case)
    assert [row.position for row in file.items_of(file.respondent(party(case).pk))] == [1, 2]
    assert warning.condition_met
    assert fine.clause["ref"] == "CSL@2016:59(1)"
    assert (fine.clause["low"], fine.clause["high"], fine.clause["mode"]) == (
        "10000", "100000", "shall",
    )  # fmt: skip
    assert (own.clause["low"], own.clause["high"]) == ("5000", "50000")
    assert lawful.standing(file, DAY) == []
    told_of = proposal.of(file, file.respondent(chief.pk))["items"]
    assert [row["amount"] for row in told_of] == ["5000.00"]
    event = (
        Event.objects.filter(subject_id=str(case.pk), verb="cases.set_item").order_by("id").last()
    )
    assert event is not None
    assert event.data["amount"] == "5000.00"


def test_a_sum_outside_the_range_is_refused_with_the_clause_and_its_ends(desk: Desk) -> None:
    case = case_alone(desk)
    for amount in ("9999.99", "100000.01", "999999999999.99"):
        said = refused(desk, case, amount=Decimal(amount))
        assert "《网络安全法》（2016）第五十九条第一款" in said
        assert "10,000.00 元至 100,000.00 元" in said
        assert "填写批准的机关" in said
    assert "对单位的罚款" in refused(desk, case, tier=tier(), condition_met=False)
    assert fields(desk, case, amount=None) == {"amount"}
    # the person's own range; one whom the old clause does not reach
    chief = person(case)
    assert "5,000.00 元至 50,000.00 元" in refused(desk, case, chief, amount=Decimal(4999))
    other = person(case, role="direct", name="李某某", identity="450100199001010011")
    assert "不处罚其他直接责任人员" in refused(desk, case, other)
    assert not Item.objects.exists()


def test_what_each_kind_asks_for(desk: Desk) -> None:
    case = case_alone(desk)
    grave = {"condition_met": False, "condition_reason": ""}
    assert fields(desk, case, **grave) == {"condition_met", "condition_reason"}
    assert fields(desk, case, findings=[]) == {"findings"}
    assert fields(desk, case, measure="warning", length=1) == {"amount", "length", "length_unit"}
    closing = {"measure": "suspension", "tier": tier("MPS33@2011:21", 2), "amount": None}
    assert fields(desk, case, **closing) == {"detail", "length"}
    closing |= {"detail": "停止联网", "length": 7, "length_unit": "month"}
    assert fields(desk, case, **closing) == {"length"}
    row = propose(desk, case, **(closing | {"length": 6}))
    assert (row.length, row.length_unit, row.amount) == (6, "month", None)
    assert fields(desk, case, measure="confiscation", tier=tier("MPS33@2011:21"), amount=None) == {
        "amount"
    }
    assert "没有规定吊销许可证件" in refused(desk, case, measure="revocation", amount=None,
                                       detail="许可证")  # fmt: skip


def test_below_the_range_only_with_a_ground_of_the_statute(desk: Desk) -> None:
    case = case_alone(desk)
    weigh(desk, case, "lighter", "APL@2021:32", "初次违法")
    weigh(desk, case, "reduced", "MPSP@2020:159")
    assert "先登记减轻情节" in refused(desk, case, amount=Decimal(8000))
    ground = weigh(desk, case, "reduced", "APL@2021:32")
    row = propose(desk, case, amount=Decimal(8000))
    assert row.clause["outside"] == "reduced"
    assert "高于" in refused(desk, case, amount=Decimal(100_001), item=row)
    with pytest.raises(Refused, match="先修改那一项"):
        proposing.drop_circumstance(case, ground, by=desk.inspector, at=at(DAY))
    with pytest.raises(Refused, match="不是从重的依据"):
        weigh(desk, case, "heavier", "APL@2021:32")
    with pytest.raises(Refused, match="已经登记过"):
        weigh(desk, case, "reduced", "APL@2021:32")
    proposing.remove_item(case, row, by=desk.inspector, at=at(DAY))
    proposing.drop_circumstance(case, ground, by=desk.inspector, at=at(DAY))
    assert Circumstance.objects.count() == 2


def test_a_superior_may_allow_more_and_it_stays_visible(desk: Desk) -> None:
    case = case_alone(desk)
    more = {"amount": Decimal(150_000), "override_organ": "广西壮族自治区公安厅"}
    assert fields(desk, case, **more) == {"override_number", "override_on", "override_reason"}
    more |= {"override_number": "桂公批〔2025〕1号", "override_reason": "案情特别重大"}
    assert fields(desk, case, **more, override_on=date(2025, 1, 19)) == {"override_on"}
    row = propose(desk, case, **more, override_on=DAY)
    file = File(case)
    assert file.overridden == [row]
    assert row.clause["outside"] == "override"
    (frozen,) = proposal.of(file, file.respondents[0])["items"]
    assert frozen["override"] == [
        "广西壮族自治区公安厅", "桂公批〔2025〕1号", "2025-01-18", "案情特别重大",
    ]  # fmt: skip
    assert lawful.standing(file, DAY) == []
    inside = more | {"amount": Decimal(20_000), "override_on": DAY}
    assert "不需要" in refused(desk, case, item=row, **inside)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=row.pk).update(override_reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=row.pk).update(amount=0)


def test_one_act_is_fined_once_and_different_acts_each(desk: Desk) -> None:
    case = case_alone(desk, inspection=desk.visit(2))
    first, second = Finding.objects.filter(casefindings__case=case).order_by("ordinal")
    propose(desk, case, findings=[first])
    other = {"tier": tier("DSL@2021:45(1)"), "amount": Decimal(60_000)}
    said = refused(desk, case, findings=[first, second], **other)
    assert "不能罚两次" in said
    assert "《数据安全法》（2021）第四十五条第一款" in said  # the one that threatens more
    assert "不能罚两次" in refused(desk, case, findings=[first])
    propose(desk, case, findings=[second], **other)
    assert sum(row.amount or 0 for row in Item.objects.all()) == 90_000
    propose(desk, case, measure="warning", amount=None)
    assert "不用再加一项" in refused(desk, case, measure="warning", amount=None)


def test_the_clause_must_have_been_in_force(desk: Desk) -> None:
    """An act of 2025 with an article of 2026; the new text is not the lighter one."""
    case = case_alone(desk)
    new = {"tier": tier("CSL@2025:61(1)"), "amount": Decimal(20_000)}
    for day in (DAY, date(2026, 3, 2)):
        said = refused(desk, case, at=at(day), **new)
        assert "在违法行为之日（2025年1月6日）没有施行" in said
        assert "《网络安全法》（2016）第五十九条第一款" in said
    assert "省级以上" in refused(desk, case, tier=tier("PIPL@2021:66(2)"))
    # a clause that refers to another one
    later = case_alone(desk, day=date(2026, 2, 2))
    said = refused(desk, later, tier=tier("CSL@2025:71(1)[2]"), at=at(date(2026, 3, 2)))
    assert "没有自己的罚则" in said
    assert "《个人信息保护法》（2021）第六十六条" in said
    assert propose(desk, later, at=at(date(2026, 3, 2)), **new).amount == 20_000


def test_a_defence_makes_nothing_heavier(desk: Desk) -> None:
    case = case_alone(desk)
    report(case)
    row = propose(desk, case)
    notice = told(desk, case)
    heard = {"case": case, "entered_at": at(TOLD_ON), "entered_by": desk.inspector}
    later = {"item": row, "at": at(date(2025, 1, 22))}
    Defence.objects.create(told=notice, received_on=TOLD_ON, text="处罚过重", **heard)

    said = refused(desk, case, amount=Decimal(30_001), **later)
    assert "不得因当事人申辩而给予更重的处罚" in said
    assert "30,000.00 元增加到 30,001.00 元" in said
    assert "增加了警告" in refused(
        desk, case, measure="warning", tier=tier(), amount=None, at=later["at"]
    )
    propose(desk, case, amount=Decimal(20_000), **later)
    assert Told.objects.get().void_on == date(2025, 1, 22)
    # new facts: a report made after the notice
    report(case, date(2025, 1, 23), facts="另查明数据已被转卖")
    propose(desk, case, amount=Decimal(50_000), item=row, at=at(date(2025, 1, 24)))
    assert Item.objects.get().amount == 50_000


def test_nothing_is_proposed_to_the_dead_or_in_a_case_of_another_state(desk: Desk) -> None:
    case = case_alone(desk)
    chief = person(case, status="dead", status_on=DAY)
    assert "死亡" in refused(desk, case, chief)
    Case.objects.filter(pk=case.pk).update(state="opened")
    case.refresh_from_db()
    assert "已立案" in refused(desk, case)
    with pytest.raises(ValueError, match="no respondent"):
        propose(desk, case_alone(desk, inspection=desk.visit(1)), chief)


# ---- through the doors -----------------------------------------------------------------------


def url(case: Case, act: str, row: Any) -> str:
    return reverse(f"cases:{act}", args=[case.pk, row.pk])


def typed(case: Case, **facts: Any) -> dict[str, Any]:
    """What an officer types for a fine at the graver rung."""
    return {
        "seen": Case.objects.get(pk=case.pk).version,
        "tier": tier(*GRAVE).pk,
        "measure": "fine",
        "findings": [str(each.pk) for each in Finding.objects.filter(casefindings__case=case)],
        "condition_met": "on",
        "condition_reason": "责令改正后未改正，数据被窃取",
        "amount": "30000",
    } | facts


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("-1", "不带正负号"),
        ("1e9", "不带正负号"),
        ("10,000.005", "最多到分"),
        ("", "罚款须写明金额"),
        ("0", "金额必须大于零"),
        ("9" * 13, "金额太大"),
        ("9" * 40, "30"),
        ("九千", "最多到分"),
        ("9,999.99", "低于《网络安全法》"),
        ("100000.01", "高于《网络安全法》"),
    ],
)
def test_a_sum_that_cannot_be_comes_back_as_it_was_typed(
    desk: Desk, door: Any, on: Any, amount: str, expected: str
) -> None:
    case = case_alone(desk)
    with on(DAY):
        answer = door(desk.inspector).post(
            url(case, "set_item", party(case)),
            typed(case, amount=amount, deviation_reason="情节特殊"),
        )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert expected in text
    assert f'value="{amount}"' in text or not amount
    for word in ("责令改正后未改正，数据被窃取", "情节特殊", "checked", " selected"):
        assert word in text
    assert not Item.objects.exists()


def test_through_the_door_and_on_the_tab(desk: Desk, door: Any, on: Any) -> None:
    """Full-width digits are read; the tab shows sum, range and reasons; changed and taken out."""
    case = case_alone(desk)
    client, unit = door(desk.inspector), party(case)
    tab = f"{case.get_absolute_url()}?tab=proposal"
    beside = f"{reverse('cases:range', args=[case.pk, unit.pk])}?measure=fine"
    with on(DAY):
        empty = client.get(tab).content.decode()
        form = client.get(url(case, "set_item", unit)).content.decode()
        nothing = client.get(f"{beside}&tier=x").content.decode()
        said = client.get(f"{beside}&tier={tier(*GRAVE).pk}&amount=9999").content.decode()
        posted = client.post(url(case, "set_item", unit), typed(case, amount="３０,０００．５０元"))
        twice = client.post(url(case, "set_item", unit), typed(case) | {"seen": 1})
        row = Item.objects.get()
        shown = client.get(tab).content.decode()
        edit = client.get(url(case, "edit_item", row)).content.decode()
        changes = typed(case, amount="40000", override_organ="自治区公安厅")
        half = client.post(url(case, "edit_item", row), changes).content.decode()
        client.post(url(case, "edit_item", row), typed(case, amount="40000"))
        client.post(url(case, "remove_item", row), {"seen": typed(case)["seen"]})
        stranger = client.get(reverse("cases:set_item", args=[case.pk, case.pk]))
    assert "还没有拟处罚" in empty
    assert "10,000 至 100,000 元" in form
    assert "选择罚则和档次后" in nothing
    assert "在法定幅度之外" in said
    assert "没有适用于这一档的裁量基准" in said
    assert posted.url == f"{case.get_absolute_url()}?tab=proposal"
    assert twice.status_code == 302  # the second press of the same button
    assert "30,000.50 元" in shown
    assert "当事人有权要求听证" in shown
    assert 'value="30000.50"' in edit
    assert "文号" in half
    assert "都要写明" in half
    assert not Item.objects.exists()
    assert stranger.status_code == 404
    verbs = Event.objects.filter(subject_id=str(case.pk)).order_by("id")
    assert list(verbs.values_list("verb", flat=True))[-3:] == [
        "cases.set_item", "cases.edit_item", "cases.remove_item",
    ]  # fmt: skip


def test_an_override_is_loud_on_every_page(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    with on(DAY):
        row = propose(
            desk, case, amount=Decimal(150_000), override_organ="自治区公安厅", override_on=DAY,
            override_number="桂公批〔2025〕1号", override_reason="案情特别重大",
        )  # fmt: skip
        client = door(desk.inspector)
        pages = [
            client.get(address).content.decode()
            for address in (case.get_absolute_url(), url(case, "remove_item", row))
        ]
    for page in pages:
        assert "突破了法定幅度" in page
        assert "桂公批〔2025〕1号" in page


def test_circumstances_through_the_door(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    unit, client = party(case), door(desk.inspector)
    given = {"effect": "heavier", "text": "一年内同类违法两次"}
    with on(DAY):
        article = Article.objects.by_ref("APL@2021:32").pk
        wrong = client.post(
            url(case, "add_circumstance", unit), given | {"article": article, "seen": case.version}
        )
        article = Article.objects.by_ref("MPSP@2020:160").pk
        client.post(
            url(case, "add_circumstance", unit), given | {"article": article, "seen": case.version}
        )
        row = Circumstance.objects.get()
        shown = client.get(f"{case.get_absolute_url()}?tab=proposal").content.decode()
        seen = Case.objects.get().version
        client.post(url(case, "drop_circumstance", row), {"seen": seen})
    assert "不是从重的依据" in wrong.content.decode()
    assert "一年内同类违法两次" in shown
    assert not Circumstance.objects.exists()
