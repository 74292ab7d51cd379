"""Respondents: units and persons, what identifies them, what becomes of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from audit.models import Event
from audit.trail import Refused
from penalties import cases, identity, standing
from penalties.casefile import File
from penalties.models import Case, Respondent
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.penalties import case_alone, decision, item, party, report, told
from tests.factories.rectification import Desk, at

AFTER = date(2025, 2, 13)
NUMBER = "11010519491231002X"  # the example of GB 11643


def add(desk: Desk, case: Case, **facts: Any) -> Respondent:
    given = {
        "name": "陈某某",
        "role": "in_charge",
        "identity_kind": identity.CITIZEN,
        "identity": NUMBER,
    } | facts
    return cases.add_person(case, by=desk.inspector, at=at(AFTER), **given)


def test_a_person_is_entered_masked_and_revealed_on_record(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    client = door(desk.inspector)
    address = reverse("cases:add_person", args=[case.pk])
    form = {
        "seen": case.version,
        "name": "陈某某",
        "role": "direct",
        "identity_kind": identity.CITIZEN,
        "identity": "１１０１０５ 19491231002x",
        "phone": "13807710001",
    }
    with on(AFTER):
        answers = [client.post(address, form) for _n in range(2)]
        page = client.get(answers[0].url).content.decode()
        row = Respondent.objects.get(kind="person")
        shown = client.post(
            "/trail/reveal/",
            {
                "model": "penalties.respondent",
                "field": "identity",
                "pk": str(row.pk),
                "reason": "核对身份",
                "next": "/",
            },
        ).content.decode()
        amended = client.post(
            reverse("cases:amend_party", args=[case.pk, row.pk]),
            {"name": "陈某某", "role": "direct", "identity_kind": identity.CITIZEN, "phone": "无"},
        )
    row.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity::text FROM penalties_respondent WHERE kind = 'person'")
        raw = cursor.fetchone()[0]

    assert {answer.status_code for answer in answers} == {302}
    assert (row.identity, row.born_on, row.sex) == (NUMBER, "1949-12-31", "女")
    assert amended.status_code == 302
    assert row.phone == ""
    assert "110***********002X" in page
    assert NUMBER not in page
    assert "1949" not in page
    assert NUMBER in shown
    assert NUMBER not in raw
    assert NUMBER not in str(list(Event.objects.values_list("payload", flat=True)))
    assert Event.objects.filter(verb="personal.reveal").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"identity": "110105194912310021"}, "identity"),  # check character
        ({"identity": "11010519491331002X"}, "identity"),  # no such month
        ({"identity": "1101051949123100"}, "identity"),
        ({"identity_kind": ""}, "identity_kind"),
        ({"born_on": date(1950, 1, 1)}, "born_on"),
        ({"sex": "男"}, "sex"),
        ({"name": " "}, "name"),
    ],
)
def test_a_wrong_person_is_refused(desk: Desk, changes: dict[str, Any], field: str) -> None:
    case = case_alone(desk)
    with pytest.raises(Refused) as refused:
        add(desk, case, **changes)
    assert field in [reason.field for reason in refused.value.reasons]
    assert not Respondent.objects.filter(kind="person").exists()


def test_nobody_is_in_a_case_twice(desk: Desk) -> None:
    case = case_alone(desk)
    first = add(desk, case)
    with pytest.raises(Refused, match="已经是本案当事人"):
        add(desk, case, name="陈某")
    with pytest.raises(Refused, match="同名"):
        add(desk, case, identity="", identity_kind="")
    with pytest.raises(Refused, match="已经是本案当事人"):
        cases.add_unit(case, by=desk.inspector, at=at(AFTER), enterprise=case.enterprise)
    with pytest.raises(IntegrityError, match="respondent_person_once"), transaction.atomic():
        Respondent.objects.create(
            case=case,
            entered_at=at(AFTER),
            entered_by=desk.inspector,
            kind="person",
            name="陈",
            identity=first.identity,
        )


def test_another_unit_is_found_by_name_or_code(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    other = EnterpriseFactory(unit=desk.unit, name="南宁某信息技术有限公司")
    foreign = EnterpriseFactory(name="柳州某公司")
    client, address = door(desk.inspector), reverse("cases:add_unit", args=[case.pk])
    with on(AFTER):
        hidden = client.post(address, {"enterprise": foreign.name}).content.decode()
        client.post(address, {"enterprise": other.uscc.lower()})
    assert "名录中没有这家企业" in hidden
    assert [row.name for row in File(case).respondents] == [case.enterprise.name, other.name]


def test_who_was_told_stays_and_a_change_is_told_again(desk: Desk) -> None:
    case = case_alone(desk)
    row = add(desk, case)
    report(case)
    item(case, row)
    notice = told(desk, case, row)
    with pytest.raises(Refused, match="已经告知过"):
        cases.remove_party(row, by=desk.inspector, at=at(AFTER), reason="x")
    cases.amend_party(row, by=desk.inspector, at=at(AFTER), facts="他批准明文存储。")
    notice.refresh_from_db()
    assert notice.void_on == AFTER
    other = add(desk, case, name="李某", identity="", identity_kind="")
    cases.remove_party(other, by=desk.inspector, at=at(AFTER), reason="没有责任")
    assert Respondent.objects.filter(name="李某").count() == 0


def test_the_last_party_stays(desk: Desk) -> None:
    case = case_alone(desk)
    with pytest.raises(Refused, match="至少要有一个当事人"):
        cases.remove_party(party(case), by=desk.inspector, at=at(AFTER), reason="x")


def gone(desk: Desk, row: Respondent, status: str, **more: Any) -> Respondent:
    given = {"note": "登记机关公告", "on": AFTER} | more
    row.case = Case.objects.get(pk=row.case_id)
    return cases.record_status(row, by=desk.inspector, at=at(AFTER), status=status, **given)


def test_a_party_dies_merges_or_is_struck_off(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    unit, person = party(case), add(desk, case)
    other = EnterpriseFactory(unit=desk.unit, name="承受者有限公司")
    heir = cases.add_unit(case, by=desk.inspector, at=at(AFTER), enterprise=other)
    for row, status, more, sentence in (
        (unit, "dead", {}, "单位不能登记死亡"),
        (person, "merged", {}, "个人只能登记死亡"),
        (unit, "merged", {"on": None}, "填写变动日期"),
        (unit, "merged", {"on": date(2025, 2, 14)}, "不能晚于今天"),
        (unit, "merged", {"successor": unit}, "另一当事人"),
        (unit, "merged", {"successor": person}, "存续的单位"),
        (unit, "deregistered", {"successor": heir}, "只有合并"),
        (person, "dead", {"note": ""}, "依据的材料"),
    ):
        with pytest.raises(Refused, match=sentence):
            gone(desk, row, status, **more)
    gone(desk, unit, "merged", successor=heir)
    gone(desk, person, "dead")
    told_of = standing.consequences(File(case))
    with on(AFTER):
        page = door(desk.inspector).get(reverse("cases:detail", args=[case.pk]), {"tab": "parties"})
    assert [row.name for row in File(case).standing_respondents] == ["承受者有限公司"]
    assert "由承受者有限公司承受" in told_of[0].text
    assert "终止对其调查" in told_of[1].text
    assert "终止对其调查" in page.content.decode()
    gone(desk, person, "standing", note="登记错误")
    assert len(File(case).standing_respondents) == 2


def test_after_the_decision_execution_follows_the_successor(desk: Desk) -> None:
    case = case_alone(desk)
    unit = party(case)
    decision(case)
    case.refresh_from_db()
    with pytest.raises(Refused, match="已经决定"):
        add(desk, case)
    unit.refresh_from_db()
    unit.case = case
    gone(desk, unit, "deregistered")
    assert "终结执行" in standing.consequences(File(case))[0].text


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("respondent_status_has_its_day", {"status": "dead"}),
        ("respondent_role_fits", {"role": "direct"}),
        ("respondent_named", {"name": ""}),
    ],
)
def test_the_database_refuses(desk: Desk, name: str, facts: dict[str, Any]) -> None:
    row = party(case_alone(desk))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Respondent.objects.filter(pk=row.pk).update(**facts)
