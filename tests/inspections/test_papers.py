"""The papers of a visit: what lacks, who issues, what becomes of the visit, through the doors."""

from __future__ import annotations

import threading
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import Unit
from audit import trail
from audit.trail import Refused
from enterprises.register import Changed
from inspections import fieldwork, paper_facts, papers, remote
from inspections.models import Finding, Inspection, Particulars
from inspections.paper_facts import ENTERPRISE, SECTOR, Risk
from legal.models import Article, ViolationType
from legal.periods import SHANGHAI
from notices.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import EnterpriseFactory, SystemFactory
from tests.factories.inspections import photo, visit
from tests.factories.legal import load_law

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _register() -> None:
    load_law()


def begun(officer: Any, **heads: Any) -> Inspection:
    """A visit that has just begun, without a notice yet."""
    given: dict[str, Any] = {
        "enterprise": EnterpriseFactory(unit=officer.unit, address="南宁市青秀区民族大道1号"),
        "officers": [officer, UserFactory(unit=officer.unit, inspector=True, name="陈䶮")],
        "started_at": at(9, 30),
        "ended_at": None,
        "at": at(9, 30),
        "met_name": "张𬭎",
        "notice_number": "",
    }
    return visit(officer, **(given | heads))


def filled(inspection: Inspection, officer: Any, **facts: Any) -> Particulars:
    """Save what the form proposes."""
    row = paper_facts.particulars_of(inspection)
    usual = paper_facts.usual(inspection, has_findings=inspection.findings.exists())
    return papers.write_particulars(
        inspection,
        by=officer,
        at=at(9, 31),
        version=row.version if row else 0,
        **(usual | facts),
    )


def signed(officer: Any, findings: int = 2, **heads: Any) -> Inspection:
    inspection = begun(officer, **heads)
    kinds = list(ViolationType.objects.filter(is_active=True).order_by("position")[:findings])
    for number, kind in enumerate(kinds, 1):
        fieldwork.log_finding(
            inspection,
            by=officer,
            at=at(10),
            violation_type=kind,
            seen=f"第{number}处数据以明文存储",
            required_correction="采取加密措施。",
            duty=[Article.objects.by_ref("CSL@2025:23(1)[4]")],
            penalty=[Article.objects.by_ref("CSL@2025:61(1)")],
        )
    inspection = fieldwork.amend(
        Inspection.objects.get(pk=inspection.pk),
        by=officer,
        at=at(11, 30),
        version=Inspection.objects.get(pk=inspection.pk).version,
        ended_at=at(11, 20),
    )
    return fieldwork.record_inspection(inspection, by=officer, at=at(11, 30))


def risks(inspection: Inspection, *ordinals: int) -> list[Risk]:
    rows = (
        inspection.findings.filter(ordinal__in=ordinals) if ordinals else inspection.findings.all()
    )
    return [Risk(finding, finding.required_correction) for finding in rows]


def fields(reasons: Any) -> set[str]:
    return {reason.field for reason in reasons}


def why(refusal: Any) -> str:
    return " ".join(str(reason) for reason in refusal.value.reasons)


# --- The notice ----------------------------------------------------------------------------------


def test_the_notice_says_what_lacks_and_where_it_is_written(officer: Any) -> None:
    inspection = begun(officer)

    reasons = papers.can_issue_notice(inspection)

    assert fields(reasons) == {"basis", "scope", "matters"}
    form = reverse("inspections:particulars", args=[inspection.pk])
    assert {reason.url for reason in reasons} == {
        f"{form}#id_{name}" for name in ("basis", "scope", "matters")
    }
    assert "MPS176@2026:7" in {reason.basis for reason in reasons}
    with pytest.raises(Refused):
        papers.issue_notice(inspection, by=officer, at=at(9, 35))
    assert not Notice.objects.exists()


def test_the_notice_freezes_the_visit_and_gives_it_its_number(officer: Any) -> None:
    inspection = begun(officer)
    filled(inspection, officer)

    notice = papers.issue_notice(inspection, by=officer, at=at(9, 35))

    row = Inspection.objects.get(pk=inspection.pk)
    assert row.notice_number == notice.number
    assert notice.number.endswith("检通字〔2026〕1号")
    assert row.version == inspection.version + 1  # a form that is open elsewhere is told
    assert notice.addressee == inspection.enterprise.name
    assert [o["name"] for o in notice.snapshot["officers"]] == ["韦志远", "陈䶮"]
    for words in ("陈䶮", "第七条、第十一条", "2026年11月23日9时30分起", "不收取费用"):
        assert words in notice.words
    event = trail.timeline(inspection).first()
    assert event is not None
    assert (event.verb, event.data["number"]) == ("inspections.issue_notice", notice.number)


def test_a_visit_before_october_rests_on_order_151(officer: Any) -> None:
    inspection = visit(officer, notice_number="", ended_at=None)
    filled(inspection, officer)

    notice = papers.issue_notice(inspection, by=officer, at=inspection.started_at)

    assert "《公安机关互联网安全监督检查规定》第十条、第十四条" in notice.words
    assert "网络空间安全监督检查办法" not in notice.words


def test_one_notice_at_a_time_and_another_after_withdrawal(officer: Any) -> None:
    inspection = begun(officer)
    filled(inspection, officer)
    first = papers.issue_notice(inspection, by=officer, at=at(9, 35))

    with pytest.raises(Refused) as refusal:
        papers.issue_notice(inspection, by=officer, at=at(9, 36))
    assert first.number in why(refusal)

    papers.withdraw_paper(inspection, first, reason="时间写错", by=officer, at=at(9, 40))
    assert Inspection.objects.get(pk=inspection.pk).notice_number == ""
    second = papers.issue_notice(inspection, by=officer, at=at(9, 45))
    assert Inspection.objects.get(pk=inspection.pk).notice_number == second.number
    with pytest.raises(Refused):
        papers.withdraw_paper(inspection, first, reason="再撤", by=officer, at=at(9, 46))
    with pytest.raises(ValueError, match="another record"):
        papers.withdraw_paper(begun(officer), second, reason="x", by=officer, at=at(9, 46))


def test_a_number_typed_by_hand_is_not_written_over(officer: Any) -> None:
    inspection = begun(officer, notice_number="南公（网安）检通字〔2026〕3号")
    filled(inspection, officer)

    with pytest.raises(Refused) as refusal:
        papers.issue_notice(inspection, by=officer, at=at(9, 35))
    assert "在别处签发" in why(refusal)


def test_no_notice_after_the_visit(officer: Any) -> None:
    inspection = signed(officer)
    reasons = papers.can_issue_notice(inspection)
    assert "事后" in str(reasons[0])
    assert "十一条" in reasons[0].basis


def test_whoever_is_sent_holds_a_certificate(officer: Any) -> None:
    other = UserFactory(unit=officer.unit, inspector=True, certificate_expires_on=date(2026, 1, 1))
    inspection = begun(officer, officers=[officer, other])
    filled(inspection, officer)
    (reason,) = papers.can_issue_notice(inspection)
    assert (reason.field, reason.basis) == ("officers", "APL@2021:42(1)")
    assert other.name in reason.text


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_issues(officer: Any) -> None:
    inspection = begun(officer)
    filled(inspection, officer)
    told: list[Any] = []
    both = threading.Barrier(2)

    def press() -> None:
        both.wait()
        try:
            told.append(papers.issue_notice(inspection, by=officer, at=at(9, 35)))
        except Refused as refused:
            told.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(type(each).__name__ for each in told) == ["Notice", "Refused"]
    assert Notice.objects.count() == 1


# --- The record ----------------------------------------------------------------------------------


def test_the_record_waits_for_the_signature(officer: Any) -> None:
    inspection = begun(officer)
    reasons = papers.can_issue_record(inspection)
    assert reasons[0].url == reverse("inspections:sign", args=[inspection.pk])


def test_the_record_says_the_whole_visit(officer: Any) -> None:
    inspection = signed(officer)
    assert fields(papers.can_issue_record(inspection)) == {
        "shown",
        "matters",
        "measures",
        "reading",
    }
    filled(inspection, officer, recording="执法记录仪全程录像，9时28分至11时24分")

    record = papers.issue_record(inspection, by=officer, at=at(11, 40))

    for words in (
        inspection.number,
        "2026年11月23日9时30分至2026年11月23日11时20分",
        inspection.enterprise.uscc,
        "张𬭎",
        "第1处数据以明文存储",
        "《网络安全法》第二十三条第一款第四项",
        "9时28分至11时24分",
        "检查民警、记录人韦志远（签名）",
        "检查民警陈䶮（签名）",
    ):
        assert words in record.words, words
    assert record.number not in record.words.split("<body")[1]
    assert [f["cited"][0]["ref"] for f in record.snapshot["findings"]] == ["CSL@2025:23(1)[4]"] * 2
    with pytest.raises(Refused):
        papers.issue_record(inspection, by=officer, at=at(11, 41))
    with pytest.raises(Refused) as refusal:
        filled(inspection, officer, shown="改了")
    assert "先撤回" in why(refusal)


def test_no_number_of_identity_or_telephone_is_frozen(officer: Any) -> None:
    inspection = signed(officer, met_phone="13800138000")
    filled(inspection, officer)
    record = papers.issue_record(inspection, by=officer, at=at(11, 40))
    assert "13800138000" not in record.words + str(record.snapshot)
    assert "证件号码" in record.words


def test_a_refusal_to_sign_is_noted(officer: Any) -> None:
    inspection = signed(
        officer, 1, signature="refused", refusal_note="以请示总部为由拒绝签名", witness="李某，主管"
    )
    filled(inspection, officer)
    record = papers.issue_record(inspection, by=officer, at=at(11, 40))
    assert "被检查对象拒绝签名。以请示总部为由拒绝签名。见证人：李某，主管。" in record.words
    assert "见证人（签名）" in record.words
    assert "负责人或网络安全管理人员（签名）" not in record.words


def test_technical_support_signs_too_and_names_its_organ(officer: Any) -> None:
    inspection = signed(officer, 0)
    filled(inspection, officer, support_people="赵一\n钱二")
    assert fields(papers.can_issue_record(inspection)) == {"support_organ"}
    filled(inspection, officer, support_organ="某公司", support_people="赵一\n钱二")
    record = papers.issue_record(inspection, by=officer, at=at(11, 40))
    assert "技术支持人员钱二（签名）" in record.words
    assert "未发现风险隐患和违法行为" in record.words


def test_what_the_signed_visit_left_open_is_still_filled_in(officer: Any, door: Any) -> None:
    inspection = signed(officer, 1, objections="", summary="", met_title="")
    lacking = papers.can_issue_record(inspection)
    assert {"objections", "process", "met_title"} <= fields(lacking)
    assert all("particulars" in reason.url for reason in lacking)

    url = reverse("inspections:particulars", args=[inspection.pk])
    shown = door.get(url).content.decode()
    assert 'name="objections"' in shown
    assert 'name="place"' not in shown  # the visit says it
    answer = door.post(
        url,
        {
            "version": 0,
            **paper_facts.usual(inspection, has_findings=True),
            "objections": "无",
            "process": "查看了日志",
            "met_title": "经理",
        },
    )
    assert answer.url == reverse("inspections:issue_record", args=[inspection.pk])
    assert papers.can_issue_record(inspection) == []


def test_what_came_after_the_signature_is_not_of_the_record(officer: Any) -> None:
    inspection = signed(officer, 1)
    filled(inspection, officer)
    fieldwork.add_evidence(inspection, photo(), by=officer, at=at(15), title="事后照片")
    record = papers.issue_record(inspection, by=officer, at=at(16))
    assert "事后照片" not in record.words


# --- Advice --------------------------------------------------------------------------------------


def advise(inspection: Inspection, officer: Any, *chosen: int, **facts: Any) -> Notice:
    given: dict[str, Any] = {"to": ENTERPRISE, "by": officer, "at": at(15)} | facts
    return papers.issue_advisory(inspection, risks(inspection, *chosen), **given)


def test_advice_disposes_of_what_nobody_decided(officer: Any) -> None:
    inspection = signed(officer)
    ordered = inspection.findings.get(ordinal=2)
    fieldwork.dispose(ordered, "order", by=officer, at=at(14), note="12号")

    letter = advise(inspection, officer)

    kinds = list(inspection.findings.values_list("disposition", "disposition_note"))
    assert kinds == [("advice", letter.number), ("order", "12号")]
    assert "申请行政复议" not in letter.words
    assert "提起行政诉讼" not in letter.words
    with pytest.raises(Refused) as refusal:
        advise(inspection, officer, 1)
    assert letter.number in why(refusal)

    papers.withdraw_paper(inspection, letter, reason="建议有误", by=officer, at=at(16))
    assert inspection.findings.get(ordinal=1).disposition == Finding.Disposition.NONE
    assert inspection.findings.get(ordinal=2).disposition == Finding.Disposition.ORDER
    advise(inspection, officer, 1, at=at(17))


def test_the_authority_of_the_sector_is_told_from_city_level(officer: Any) -> None:
    inspection = signed(officer, 1)
    letter = advise(inspection, officer, to=SECTOR, sector="南宁市交通运输局")
    assert letter.addressee == "南宁市交通运输局"
    assert f"主管行业的{inspection.enterprise.name}" in letter.words
    advise(inspection, officer)  # the enterprise may be told as well

    officer.unit.level = Unit.Level.COUNTY
    officer.unit.save()
    other = signed(officer, 1)
    with pytest.raises(Refused) as refusal:
        advise(other, officer, to=SECTOR, sector="县交通运输局")
    assert refusal.value.reasons[0].field == "to"
    assert "十七条" in refusal.value.reasons[0].basis


def test_no_advice_before_order_176_nor_before_the_signature_nor_of_nothing(officer: Any) -> None:
    inspection = signed(officer, 1)
    assert papers.can_advise(inspection, at(15, day=date(2026, 9, 30)))
    assert papers.can_advise(begun(officer), at(15))
    assert papers.can_advise(signed(officer, 0), at(15))
    given: dict[str, Any] = {"to": ENTERPRISE, "at": at(15)}
    assert fields(papers.can_issue_advisory(inspection, [], **given)) == {"risks"}
    empty = [Risk(inspection.findings.get(), " ")]
    assert fields(papers.can_issue_advisory(inspection, empty, **given)) == {"risks"}


# --- Remote tests --------------------------------------------------------------------------------


def test_a_planned_test_has_its_notice_and_the_visit_its_number(officer: Any, door: Any) -> None:
    system = SystemFactory(enterprise=EnterpriseFactory(unit=officer.unit))
    second = UserFactory(unit=officer.unit, inspector=True)
    with time_machine.travel(at(10), tick=False):
        test = remote.plan(
            system, by=officer, at=at(10), starts_on=date(2026, 12, 1), scope="对外网站漏洞探测"
        )
        url = reverse("inspections:issue_remote_notice", args=[test.pk])
        assert "公安机关网络空间安全监督检查办法" in door.get(url).content.decode()
        one = {"officers": [officer.pk], "basis": "依据", "matters": ["defence"]}
        assert "少于 2 项" in door.post(url, one).content.decode()
        answer = door.post(url, one | {"officers": [officer.pk, second.pk]})
        assert answer.url == test.get_absolute_url()
        notice = Notice.objects.get()
        assert "2026年12月1日起" in notice.words
        assert "远程检测" in notice.words
        assert "已经有一份有效的" in door.get(url).content.decode()
        assert notice.number in door.get(test.get_absolute_url()).content.decode()
        visit_url = (
            f"{reverse('inspections:new')}?enterprise={system.enterprise_id}&remote={test.pk}"
        )
        assert notice.number in door.get(visit_url).content.decode()


# --- Doors ---------------------------------------------------------------------------------------


def test_from_the_visit_to_the_number_by_hand(officer: Any, door: Any) -> None:
    inspection = begun(officer)
    page = reverse("inspections:issue_notice", args=[inspection.pk])
    with time_machine.travel(at(9, 35), tick=False):
        first = door.get(page).content.decode()
        assert "还缺 3 项" in first
        assert 'value="issue"' not in first
        form = reverse("inspections:particulars", args=[inspection.pk])
        assert "《公安机关网络空间安全监督检查办法》" in door.get(form).content.decode()
        usual = paper_facts.usual(inspection, has_findings=False)
        assert "填写“检查范围”" in door.post(form, {"version": 0}).content.decode()
        assert door.post(form, {"version": 0, **usual}).url == page
        assert 'value="issue"' in door.get(page).content.decode()

        stale = door.post(page, {"seen": "1.0"})
        assert (stale.status_code, Notice.objects.count()) == (302, 0)
        looked = door.post(page, {"seen": f"{inspection.version}.1", "act": "preview"})
        assert "/preview" in looked.url
        done = door.post(page, {"seen": f"{inspection.version}.1", "act": "issue"})
        notice = Notice.objects.get()
        assert done.url == f"{inspection.get_absolute_url()}#papers"
        shown = door.get(inspection.get_absolute_url()).content.decode()
        assert notice.number in shown
        away = reverse("inspections:paper_withdraw", args=[notice.pk])
        assert away not in shown
        door.force_login(UserFactory(unit=officer.unit, supervisor=True))
        assert away in door.get(inspection.get_absolute_url()).content.decode()
        assert "填写" in door.post(away, {"reason": ""}).content.decode()
        door.post(away, {"reason": "时间写错"})
    notice.refresh_from_db()
    assert notice.state == Notice.State.WITHDRAWN
    assert "时间写错" in door.get(inspection.get_absolute_url()).content.decode()


def test_advice_by_hand_keeps_what_was_typed(officer: Any, door: Any) -> None:
    inspection = signed(officer)
    url = reverse("inspections:advise", args=[inspection.pk])
    typed = {"to": "sector", "sector": "", "take_1": "on", "measure_1": " ", "measure_2": "加密"}
    with time_machine.travel(at(12), tick=False):
        back = door.post(url, typed).content.decode()
        assert "填写行业主管部门的名称" in back
        typed |= {"sector": "南宁市交通运输局"}
        back = door.post(url, typed).content.decode()
        assert "写明建议采取的措施" in back
        assert "南宁市交通运输局" in back
        assert (
            "选择要提示的问题"
            in door.post(
                url, {key: value for key, value in typed.items() if key != "take_1"}
            ).content.decode()
        )
        assert door.post(url, typed | {"measure_1": "加密存储"}).status_code == 302
    letter = Notice.objects.get()
    assert (letter.kind, letter.addressee) == ("advisory", "南宁市交通运输局")
    assert inspection.findings.get(ordinal=2).disposition == "none"


def test_two_who_fill_in_at_once_are_told(officer: Any, door: Any) -> None:
    inspection = begun(officer)
    filled(inspection, officer)
    with pytest.raises(Changed):
        papers.write_particulars(inspection, by=officer, at=at(9, 32), version=0, scope="别的")
    url = reverse("inspections:particulars", args=[inspection.pk])
    typed = paper_facts.usual(inspection, has_findings=False) | {"scope": "别的系统"}
    answer = door.post(url, {"version": 0, **typed})
    assert answer.status_code == 409
    assert "别的系统" in answer.content.decode()
    before = trail.timeline(inspection).count()
    filled(inspection, officer)
    assert trail.timeline(inspection).count() == before  # nothing changed, no line


def test_only_who_may_issue_is_offered_it(client: Any, officer: Any) -> None:
    inspection = begun(officer)
    client.force_login(UserFactory(unit=officer.unit, legal_reviewer=True))
    assert "签发监督检查通知书" not in client.get(inspection.get_absolute_url()).content.decode()


def test_the_page_asks_for_all_papers_at_once(
    officer: Any, door: Any, django_assert_max_num_queries: Any
) -> None:
    inspection = signed(officer, 3)
    filled(inspection, officer)
    papers.issue_record(inspection, by=officer, at=at(11, 40))
    for ordinal in (1, 2, 3):
        advise(inspection, officer, ordinal)
    with django_assert_max_num_queries(21):
        shown = door.get(inspection.get_absolute_url()).content.decode()
    assert shown.count("提示字") >= 3


@pytest.mark.parametrize("broken", [{"matters": ["weather"]}, {"version": 0}])
def test_the_database_keeps_the_particulars_in_order(officer: Any, broken: dict[str, Any]) -> None:
    inspection = begun(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Particulars.objects.create(inspection=inspection, **broken)
