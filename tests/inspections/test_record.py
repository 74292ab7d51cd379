"""The signature: what stands in its way, what it makes final, and what comes after."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit import trail
from audit.trail import Decided, Refused
from inspections import fieldwork
from inspections.gates import can_record, gates
from inspections.models import Citation, Evidence, Finding, Inspection
from tests.factories.accounts import UserFactory
from tests.factories.inspections import (
    BEGAN,
    ENDED,
    SIGNED,
    MiniLaw,
    finding,
    photo,
    recorded,
    visit,
)

pytestmark = pytest.mark.django_db


def signed(inspection: Inspection, **changes: Any) -> dict[str, Any]:
    """What an officer types on the page of the signature."""
    return {
        "version": inspection.version,
        "ended_at": "2025-01-06T12:00",
        "objections": "无",
        "signature": "signed",
        "refusal_note": "",
        "witness": "",
        "act": "record",
    } | changes


def fields(inspection: Inspection, officer: Any, at: datetime = SIGNED) -> list[str]:
    return [reason.field for reason in can_record(inspection, officer, at=at)]


def test_the_page_completes_the_inspection(door: Any, officer: Any) -> None:
    inspection = visit(officer, signature="none", ended_at=None)
    finding(inspection, officer)
    url = reverse("inspections:sign", args=[inspection.pk])
    page = door.get(url).content.decode()
    assert "被检查单位没有签名" in page
    assert "公安部令第151号第十八条" in page
    response = door.post(url, signed(inspection))
    assert response.url == inspection.get_absolute_url()
    inspection.refresh_from_db()
    assert (inspection.state, inspection.recorded_by) == ("recorded", officer)
    assert trail.timeline(inspection).first().verb == "inspections.record"
    page = door.get(response.url).content.decode()
    assert "此后不能修改" in page
    assert "修改登记" not in page
    for name in ("edit", "sign"):
        address = reverse(f"inspections:{name}", args=[inspection.pk])
        assert door.get(address).url == inspection.get_absolute_url()


def test_keeping_without_completing(door: Any, officer: Any) -> None:
    inspection = visit(officer, signature="none")
    url = reverse("inspections:sign", args=[inspection.pk])
    door.post(url, signed(inspection, act="keep", objections="对第二项有异议"))
    inspection.refresh_from_db()
    assert (inspection.state, inspection.objections) == ("draft", "对第二项有异议")


def test_a_refusal_on_the_page_keeps_what_was_typed(door: Any, officer: Any) -> None:
    inspection = visit(officer, signature="none")
    url = reverse("inspections:sign", args=[inspection.pk])
    form = signed(inspection, signature="refused", refusal_note="经理称须请示总部")
    page = door.post(url, form).content.decode()
    assert "填写的内容已保存，还不能完成检查" in page
    assert "拒绝签名没有见证人" in page
    assert "本单位规定" in page
    assert "经理称须请示总部" in page
    inspection.refresh_from_db()
    assert (inspection.state, inspection.signature) == ("draft", "refused")
    form |= {"version": inspection.version, "witness": "社区干部 李某"}
    assert door.post(url, form).status_code == 302
    inspection.refresh_from_db()
    assert inspection.state == "recorded"


def test_who_signs_over_a_change_is_told(door: Any, officer: Any, colleague: Any) -> None:
    inspection = visit(officer)
    fieldwork.amend(inspection, by=colleague, at=SIGNED, version=1, summary="改过")
    response = door.post(
        reverse("inspections:sign", args=[inspection.pk]), signed(inspection, objections="没有")
    )
    assert response.status_code == 409
    assert "黄莉" in response.content.decode()
    inspection.refresh_from_db()
    assert inspection.state == "draft"


@pytest.mark.parametrize(
    ("heads", "field"),
    [
        ({"ended_at": None}, "ended_at"),
        ({"met_name": ""}, "met_name"),
        ({"signature": "none"}, "signature"),
        ({"signature": "refused"}, "refusal_note"),
        ({"signature": "refused", "refusal_note": "拒签"}, "witness"),
    ],
)
def test_gates_name_their_field(officer: Any, heads: dict[str, Any], field: str) -> None:
    assert fields(visit(officer, **heads), officer) == [field]


def test_all_gates_met(officer: Any, law: MiniLaw) -> None:
    inspection = visit(officer)
    finding(inspection, officer)
    assert fields(inspection, officer) == []
    assert not [gate for gate in gates(inspection, at=SIGNED) if gate.met is False]


def test_remote_needs_neither_person_nor_signature(officer: Any) -> None:
    inspection = visit(officer, mode="remote", met_name="", signature="none")
    fieldwork.record_inspection(inspection, by=officer, at=SIGNED)
    assert inspection.state == "recorded"


def test_two_officers_with_certificates_of_that_day(officer: Any) -> None:
    inspection = visit(officer, officers=[officer])
    reason = can_record(inspection, officer, at=SIGNED)[0]
    assert reason.field == "officers"
    assert reason.basis == "《行政处罚法》第四十二条第一款；公安部令第151号第十四条"
    expired = UserFactory(unit=officer.unit, certificate_expires_on=date(2025, 1, 5))
    fieldwork.set_officers(inspection, [officer, expired], by=officer, at=SIGNED)
    inspection.refresh_from_db()
    assert "2025年1月5日" in can_record(inspection, officer, at=SIGNED)[0].text
    # A third, valid one does not mend it: whoever signs must be entitled to.
    third = UserFactory(unit=officer.unit)
    fieldwork.set_officers(inspection, [officer, expired, third], by=officer, at=SIGNED)
    inspection.refresh_from_db()
    assert fields(inspection, officer) == ["officers"]


def test_from_october_2026_order_176_is_cited(officer: Any) -> None:
    began = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
    inspection = visit(officer, officers=[officer], started_at=began, ended_at=None, met_name="")
    bases = [r.basis for r in can_record(inspection, officer, at=began + timedelta(hours=3))]
    assert "《行政处罚法》第四十二条第一款；公安部令第176号第十一条" in bases
    assert "公安部令第176号第十五条第一款" in bases


def test_nothing_is_signed_before_it_ended(officer: Any) -> None:
    inspection = visit(officer)
    assert fields(inspection, officer, at=BEGAN - timedelta(hours=1)) == ["started_at"]
    assert fields(inspection, officer, at=BEGAN + timedelta(minutes=5)) == ["ended_at"]


def test_a_finding_without_an_article_stands_in_the_way(officer: Any, law: MiniLaw) -> None:
    inspection = visit(officer)
    finding(inspection, officer, duty=[], penalty=[])
    with pytest.raises(Refused, match="没有引用违反的条款：第 1 项"):
        fieldwork.record_inspection(inspection, by=officer, at=SIGNED)


def test_an_article_that_no_longer_fits_the_day_stands_in_the_way(
    officer: Any, law: MiniLaw
) -> None:
    began = datetime(2026, 2, 2, 2, 0, tzinfo=UTC)
    inspection = visit(officer, started_at=began, ended_at=began + timedelta(hours=1))
    found = finding(inspection, officer)
    # The act is moved back to a day when the new text was not in force.
    fieldwork.amend_finding(
        found,
        by=officer,
        at=began,
        version=1,
        act_from=date(2025, 3, 1),
        act_to=date(2025, 3, 5),
    )
    inspection.refresh_from_db()
    reasons = can_record(inspection, officer, at=began + timedelta(hours=2))
    assert "没有施行" in reasons[0].text
    assert reasons[0].basis == "《行政处罚法》第三十七条"


def test_of_two_who_complete_at_once_one_wins(officer: Any, colleague: Any) -> None:
    inspection = visit(officer)
    stale = Inspection.objects.get(pk=inspection.pk)
    fieldwork.record_inspection(inspection, by=officer, at=SIGNED)
    with pytest.raises((Decided, Refused)):
        fieldwork.record_inspection(stale, by=colleague, at=SIGNED)
    assert trail.timeline(inspection).filter(verb="inspections.record").count() == 1


def test_a_signed_inspection_takes_no_change(officer: Any) -> None:
    inspection = recorded(officer, findings=1)
    found = inspection.findings.get()
    acts = [
        lambda: fieldwork.amend(inspection, by=officer, at=SIGNED, version=2, place="x"),
        lambda: fieldwork.set_officers(inspection, [], by=officer, at=SIGNED),
        lambda: finding(inspection, officer),
        lambda: fieldwork.amend_finding(found, by=officer, at=SIGNED, version=1, seen="x"),
        lambda: fieldwork.drop_finding(found, by=officer, at=SIGNED),
        lambda: fieldwork.cite(found, by=officer, at=SIGNED),
        lambda: fieldwork.discard(inspection, by=officer, at=SIGNED, reason="x"),
    ]
    for act in acts:
        with pytest.raises(Refused, match="不能再修改"):
            act()


def test_the_database_keeps_what_was_signed(officer: Any) -> None:
    inspection = visit(officer)
    found = finding(inspection, officer)
    item = fieldwork.add_evidence(inspection, photo(), by=officer, at=SIGNED, finding=found)
    fieldwork.record_inspection(inspection, by=officer, at=SIGNED)
    attempts = [
        lambda: Inspection.objects.filter(pk=inspection.pk).update(place="别处"),
        lambda: Inspection.objects.filter(pk=inspection.pk)._raw_delete("default"),
        lambda: Finding.objects.filter(pk=found.pk).update(seen="别的"),
        lambda: Citation.objects.filter(finding=found).update(override_reason="x"),
        lambda: Citation.objects.filter(finding=found).delete(),
        lambda: inspection.officers.update(name="别人"),
        lambda: inspection.officers.all().delete(),
        lambda: Evidence.objects.filter(pk=item.pk).update(title="别的"),
        lambda: Evidence.objects.filter(pk=item.pk).delete(),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    Finding.objects.filter(pk=found.pk).update(disposition="order", disposition_note="12号")


def test_dispositions(door: Any, officer: Any) -> None:
    draft = visit(officer)
    early = finding(draft, officer)
    with pytest.raises(Refused, match="还没有完成"):
        fieldwork.dispose(early, "order", by=officer, at=SIGNED)
    inspection = recorded(officer, findings=3)
    first, second, third = inspection.findings.all()
    with pytest.raises(ValueError, match="no disposition"):
        fieldwork.dispose(first, "forgotten", by=officer, at=SIGNED)
    fieldwork.dispose_all([first, second], "order", by=officer, at=SIGNED, note="责通字12号")
    assert first.disposition == "order"
    assert trail.timeline(inspection).first().data["findings"] == [1, 2]
    with pytest.raises(ValueError, match="more than one inspection"):
        fieldwork.dispose_all([third, early], "advice", by=officer, at=SIGNED)
    url = reverse("inspections:finding_dispose", args=[third.pk])
    assert door.get(url).status_code == 200
    door.post(url, {"disposition": "advice", "note": "已当面说明"})
    third.refresh_from_db()
    assert (third.disposition, third.disposition_note) == ("advice", "已当面说明")
    formal = reverse("inspections:finding_dispose", args=[first.pk])
    assert door.post(formal, {"disposition": "none"}).status_code == 302
    first.refresh_from_db()
    assert first.disposition == "order"


def test_closing_waits_for_every_disposition(door: Any, officer: Any) -> None:
    inspection = recorded(officer, findings=2)
    url = reverse("inspections:close", args=[inspection.pk])
    page = door.get(inspection.get_absolute_url()).content.decode()
    assert "还有 2 项发现没有处置：第 1、2 项" in page
    page = door.post(url, {"version": inspection.version}, follow=True).content.decode()
    assert "还有 2 项发现没有处置" in page
    fieldwork.dispose_all(list(inspection.findings.all()), "advice", by=officer, at=SIGNED)
    assert door.post(url, {"version": 1}).status_code == 302
    inspection.refresh_from_db()
    assert inspection.state == "recorded"
    door.post(url, {"version": inspection.version})
    inspection.refresh_from_db()
    assert inspection.state == "closed"
    assert door.get(url).status_code == 405


@pytest.mark.parametrize(
    "changes",
    [
        {"ended_at": BEGAN - timedelta(hours=1)},
        {"state": "other"},
        {"kind": "other"},
        {"mode": "other"},
        {"signature": "other"},
        {"version": 0},
        {"recorded_at": SIGNED},
        {"state": "recorded"},
        {"state": "recorded", "recorded_at": ENDED - timedelta(hours=1), "by": True},
        {"state": "recorded", "recorded_at": SIGNED, "by": True, "signature": "none"},
        {"state": "recorded", "recorded_at": SIGNED, "by": True, "signature": "refused"},
        {"state": "recorded", "recorded_at": SIGNED, "by": True, "ended_at": None},
        {"state": "draft", "recorded_at": SIGNED, "by": True},
    ],
)
def test_the_database_refuses_bad_inspections(officer: Any, changes: dict[str, Any]) -> None:
    inspection = visit(officer)
    if changes.pop("by", False):
        changes["recorded_by"] = officer
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=inspection.pk).update(**changes)


def test_the_database_keeps_numbers_and_officers_once(officer: Any) -> None:
    first, second = visit(officer), visit(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=second.pk).update(number=first.number)
    row = first.officers.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        first.officers.create(officer=row.officer, position=9, name="x")
