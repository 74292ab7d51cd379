"""Opening and amending an inspection, through the form and through the verbs."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from audit import trail
from audit.trail import Refused
from enterprises.register import Changed
from inspections import fieldwork
from inspections.models import Inspection
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import EnterpriseFactory, SystemFactory
from tests.factories.inspections import BEGAN, ENDED, SIGNED, InspectionFactory, visit

pytestmark = pytest.mark.django_db


def typed(*officers: Any, **changes: Any) -> dict[str, Any]:
    """What an officer types into the visit form."""
    return {
        "form_token": str(uuid4()),
        "kind": "routine",
        "mode": "on_site",
        "trigger_text": "年度计划",
        "notice_number": "南公（网安）检通字〔2025〕3号",
        "place": "南宁市青秀区民族大道1号",
        "started_at": "2025-01-06T10:00",
        "ended_at": "2025-01-06T12:00",
        "officers": [str(each.pk) for each in officers],
        "met_name": "李某某",
        "met_title": "前厅经理",
        "met_phone": "13800001234",
        "summary": "检查了业务系统。",
    } | changes


def new_url(enterprise: Any) -> str:
    return f"{reverse('inspections:new')}?enterprise={enterprise.pk}"


def test_the_form_opens_an_inspection(door: Any, officer: Any, colleague: Any) -> None:
    enterprise = EnterpriseFactory(unit=officer.unit)
    assert door.get(new_url(enterprise)).status_code == 200
    response = door.post(new_url(enterprise), typed(officer, colleague))
    inspection = Inspection.objects.get()
    assert response.url == inspection.get_absolute_url()
    assert (inspection.number, inspection.state) == ("检2025-0001", "draft")
    assert inspection.started_at == BEGAN
    assert [str(row) for row in inspection.officers.all()] == [
        f"韦志远（{officer.police_number}）",
        f"黄莉（{colleague.police_number}）",
    ]
    assert inspection.officers.first().certificate_number == officer.certificate_number
    event = trail.timeline(inspection).get()
    assert event.verb == "inspections.open"
    assert "13800001234" not in event.payload
    page = door.get(response.url).content.decode()
    assert "138****1234" in page
    assert "13800001234" not in page


def test_the_same_form_posted_twice_makes_one_inspection(
    door: Any, officer: Any, colleague: Any
) -> None:
    enterprise = EnterpriseFactory(unit=officer.unit)
    form = typed(officer, colleague)
    first, second = (door.post(new_url(enterprise), form) for _ in range(2))
    assert first.url == second.url
    assert Inspection.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"started_at": "2099-01-06T10:00", "ended_at": ""}, "在将来，检查开始后再登记"),
        ({"ended_at": "2025-01-06T09:00"}, "结束时间不能早于开始时间"),
        ({"ended_at": "2099-01-06T09:00"}, "结束时间在将来"),
        ({"started_at": "昨天"}, "“开始时间”不是日期或时间"),
        ({"started_at": ""}, "填写“开始时间”"),
    ],
)
def test_bad_times_are_told_and_words_kept(
    door: Any, officer: Any, colleague: Any, changes: dict[str, str], message: str
) -> None:
    enterprise = EnterpriseFactory(unit=officer.unit)
    page = door.post(new_url(enterprise), typed(officer, colleague, **changes)).content.decode()
    assert message in page
    assert "检查了业务系统。" in page
    assert not Inspection.objects.exists()


def test_one_officer_is_not_enough(door: Any, officer: Any) -> None:
    enterprise = EnterpriseFactory(unit=officer.unit)
    page = door.post(new_url(enterprise), typed(officer)).content.decode()
    assert "再选一名检查民警：检查须由二名以上民警实施" in page
    assert "《行政处罚法》第四十二条第一款" in page
    page = door.post(new_url(enterprise), typed()).content.decode()
    assert "选择检查民警" in page
    assert not Inspection.objects.exists()


def test_an_expired_certificate_is_named(door: Any, officer: Any) -> None:
    late = UserFactory(unit=officer.unit, name="莫建国", certificate_expires_on=date(2025, 1, 5))
    never = UserFactory(unit=officer.unit, name="何晓燕", without_certificate=True)
    enterprise = EnterpriseFactory(unit=officer.unit)
    page = door.post(new_url(enterprise), typed(officer, late, never)).content.decode()
    assert "莫建国 的执法证有效期至 2025年1月5日，检查日 2025年1月6日 已过期" in page
    assert "何晓燕 没有登记执法证" in page
    assert not Inspection.objects.exists()


def test_the_last_day_of_a_certificate_counts(door: Any, officer: Any) -> None:
    last = UserFactory(unit=officer.unit, certificate_expires_on=date(2025, 1, 6))
    enterprise = EnterpriseFactory(unit=officer.unit)
    assert door.post(new_url(enterprise), typed(officer, last)).status_code == 302


def test_the_day_is_that_of_shanghai(officer: Any) -> None:
    inspection = visit(officer, started_at=BEGAN.replace(hour=16, minute=30), ended_at=None)
    assert inspection.day == date(2025, 1, 7)


def test_a_system_must_belong_to_the_enterprise(officer: Any) -> None:
    with pytest.raises(Refused) as refused:
        visit(officer, system=SystemFactory())
    assert refused.value.reasons[0].field == "system"
    enterprise = EnterpriseFactory(unit=officer.unit)
    own = SystemFactory(enterprise=enterprise)
    assert visit(officer, enterprise=enterprise, system=own).system == own


def test_strangers_enterprises_cannot_be_chosen(door: Any) -> None:
    stranger = EnterpriseFactory()
    assert door.get(new_url(stranger)).status_code == 404
    assert door.get(f"{reverse('inspections:new')}?enterprise=nonsense").status_code == 404


def test_numbers_count_by_unit_and_year(officer: Any) -> None:
    stranger = UserFactory(inspector=True)
    later = {"started_at": BEGAN + timedelta(days=400), "ended_at": None}
    assert visit(officer).number == "检2025-0001"
    assert visit(officer).number == "检2025-0002"
    assert visit(officer, **later).number == "检2026-0001"
    assert visit(stranger).number == "检2025-0001"
    Inspection.objects.filter(number="检2025-0002").update(number="检2025-9999")
    assert visit(officer).number == "检2025-10000"
    assert visit(officer).number == "检2025-10001"


def test_a_draft_is_amended(door: Any, officer: Any, colleague: Any) -> None:
    inspection = visit(officer, met_phone="13800001234")
    third = UserFactory(inspector=True, unit=officer.unit)
    url = reverse("inspections:edit", args=[inspection.pk])
    page = door.get(url).content.decode()
    assert "138****1234" in page
    form = typed(officer, third, version=1, summary="又查了日志。", met_phone="")
    assert door.post(url, form).url == inspection.get_absolute_url()
    inspection.refresh_from_db()
    assert (inspection.summary, inspection.met_phone) == ("又查了日志。", "13800001234")
    assert [row.officer for row in inspection.officers.all()] == [officer, third]
    verbs = [event.verb for event in trail.timeline(inspection)]
    assert verbs == ["inspections.set_officers", "inspections.amend", "inspections.open"]
    door.post(url, typed(officer, third, version=inspection.version, met_phone="无"))
    inspection.refresh_from_db()
    assert inspection.met_phone == ""


def test_who_saves_second_keeps_the_words(door: Any, officer: Any, colleague: Any) -> None:
    inspection = visit(officer)
    fieldwork.amend(inspection, by=colleague, at=SIGNED, version=1, place="良庆区仓库")
    url = reverse("inspections:edit", args=[inspection.pk])
    response = door.post(url, typed(officer, colleague, version=1, summary="我写的情况"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "黄莉" in page
    assert "良庆区仓库" in page
    assert "我写的情况" in page
    inspection.refresh_from_db()
    assert inspection.place == "良庆区仓库"
    assert inspection.officers.count() == 2
    with pytest.raises(Changed):
        fieldwork.amend(inspection, by=officer, at=SIGNED, version=1, place="x")


def test_saving_without_a_change_leaves_no_line(officer: Any) -> None:
    inspection = visit(officer)
    fieldwork.amend(inspection, by=officer, at=SIGNED, version=1, ended_at=ENDED)
    officers = [row.officer for row in inspection.officers.all()]
    fieldwork.set_officers(inspection, officers, by=officer, at=SIGNED)
    assert trail.timeline(inspection).count() == 1
    with pytest.raises(TypeError):
        fieldwork.amend(inspection, by=officer, at=SIGNED, version=1, state="recorded")


def test_another_units_inspection_is_not_found(door: Any) -> None:
    stranger = InspectionFactory()
    for name in ("detail", "edit", "sign", "discard", "finding_new", "evidence_new"):
        assert door.get(reverse(f"inspections:{name}", args=[stranger.pk])).status_code == 404
    assert door.post(reverse("inspections:close", args=[stranger.pk])).status_code == 404


def test_reviewers_look_and_do_not_record(client: Any, officer: Any) -> None:
    inspection = visit(officer)
    client.force_login(UserFactory(legal_reviewer=True, unit=officer.unit))
    page = client.get(inspection.get_absolute_url()).content.decode()
    assert "修改登记" not in page
    assert client.get(reverse("inspections:new")).status_code == 403
    assert client.get(reverse("inspections:sign", args=[inspection.pk])).status_code == 403


def test_discarding_takes_a_reason(door: Any, officer: Any) -> None:
    inspection = visit(officer)
    url = reverse("inspections:discard", args=[inspection.pk])
    assert "填写“理由”" in door.post(url, {"reason": " "}).content.decode()
    door.post(url, {"reason": "企业选错"})
    inspection.refresh_from_db()
    assert inspection.state == "discarded"
    assert trail.timeline(inspection).first().reason == "企业选错"
    assert "已作废" in door.get(inspection.get_absolute_url()).content.decode()
    with pytest.raises(Refused):
        fieldwork.discard(inspection, by=officer, at=SIGNED, reason="再来")
    with pytest.raises(Refused, match="已作废"):
        fieldwork.amend(inspection, by=officer, at=SIGNED, version=2, place="x")
