"""Statements: two officers, times, signature, rows; each goes onto the list of exhibits."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Event
from audit.trail import Refused
from penalties.cases import statements
from penalties.models import Case, CaseOfficer, Exhibit, Statement
from tests.factories.accounts import UserFactory
from tests.factories.penalties import case_alone, decision, party
from tests.factories.rectification import Desk, at
from tests.factories.vault import png

pytestmark = pytest.mark.django_db
DAY = date(2025, 1, 14)
TODAY = date(2025, 1, 15)


def typed(desk: Desk, case: Case, **changes: Any) -> dict[str, Any]:
    """What an officer types into the form."""
    return {
        "seen": case.version,
        "person": "覃某某",
        "respondent": str(party(case).pk),
        "standing": "法定代表人",
        "begun_at": "2025-01-14T09:00",
        "ended_at": "2025-01-14T10:30",
        "place": "南宁市公安局",
        "officer_1": str(desk.inspector.pk),
        "officer_2": str(desk.colleague.pk),
        "rights_told": "on",
        "answers-q": ["你的身份？", "", "数据为什么没有加密？"],
        "answers-a": ["我是法定代表人。", "", "没有预算。"],
        "signature": "signed",
    } | changes


def said(desk: Desk, case: Case, **changes: Any) -> Statement:
    facts: dict[str, Any] = {
        "person": "覃某某",
        "begun_at": at(DAY, 9),
        "ended_at": at(DAY, 10),
        "place": "南宁市公安局",
        "officers": desk.pair,
        "answers": [{"q": "问", "a": "答"}],
        "rights_told": True,
        "signature": "signed",
    } | changes
    return statements.record_statement(case, by=desk.inspector, at=at(TODAY), **facts)


def address(case: Case, act: str, row: Any = None) -> str:
    return reverse(f"cases:{act}", args=[case.pk] + ([row.pk] if row else []))


def test_a_statement_is_recorded_shown_and_listed(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    client: Client = door(desk.inspector)
    scan = SimpleUploadedFile("笔录.png", png(), "image/png")
    with on(TODAY):
        form = client.get(address(case, "record_statement")).content.decode()
        twice = [
            client.post(address(case, "record_statement"), typed(desk, case)) for _n in range(2)
        ]
        row = Statement.objects.get()
        late = client.post(
            address(case, "scan_statement", row), {"seen": case.version + 1, "upload": scan}
        )
        tab = client.get(case.get_absolute_url(), {"tab": "inquiry"}).content.decode()
        page = client.get(address(case, "statement_page", row)).content.decode()
        sent = client.post(address(case, "statement_file", row))
    assert "问答" in form
    assert [answer.status_code for answer in (*twice, late)] == [302, 302, 302]
    assert row.answers == [
        {"q": "你的身份？", "a": "我是法定代表人。"},
        {"q": "数据为什么没有加密？", "a": "没有预算。"},
    ]
    exhibit = Exhibit.objects.get()
    assert (exhibit.number, exhibit.kind, exhibit.statement) == (1, "party", row)
    assert not exhibit.verified
    assert f'id="statement-{row.pk}"' in tab
    assert "没有预算。" in page
    assert sent["Content-Disposition"].startswith("attachment")
    verbs = Event.objects.filter(subject_id=str(case.pk)).values_list("verb", flat=True)
    assert list(verbs.order_by("id"))[-3:] == [
        "cases.record_statement",
        "cases.scan_statement",
        "file.download",
    ]


def test_more_rows_lose_nothing_and_save_nothing(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    many = ["问题"] * 9
    data = typed(desk, case, **{"answers-q": many, "answers-a": many, "person": ""})
    with on(TODAY):
        answer = door(desk.inspector).post(
            address(case, "record_statement"), data | {"more_rows": "1"}
        )
        missing = door(desk.inspector).post(address(case, "record_statement"), data)
    page = answer.content.decode()
    assert page.count(">问题</textarea>") == 18
    assert page.count('name="answers-q"') == 15
    assert "需要改正" not in page
    assert "被询问人" in missing.content.decode()
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"officer_2": "same"}, "应当由两名不同的办案民警进行"),
        ({"ended_at": "2025-01-14T09:00"}, "结束时间应当晚于开始时间"),
        ({"ended_at": "2025-01-15T23:00"}, "结束时间不能晚于现在"),
        ({"begun_at": "2025-01-03T09:00"}, "不能早于发现违法线索之日"),
        ({"rights_told": ""}, "没有做到的，笔录不能登记"),
        ({"answers-q": [""], "answers-a": [""]}, "至少写一组问和答"),
        ({"answers-q": [""], "answers-a": ["无"]}, "至少写一组问和答"),
        ({"signature": "refused"}, "写明拒绝签名的情况"),
        ({"signature": "none"}, "选择一个有效的选项"),
        ({"officer_2": "stranger"}, "选择一个有效的选项"),
    ],
)
def test_what_is_refused_comes_back_as_typed(
    desk: Desk, door: Any, on: Any, changes: dict[str, Any], sentence: str
) -> None:
    case = case_alone(desk)
    who = {"same": desk.inspector, "stranger": UserFactory(unit=desk.unit, inspector=True)}
    if changes.get("officer_2"):
        changes = {"officer_2": str(who[changes["officer_2"]].pk)}
    with on(TODAY):
        answer = door(desk.inspector).post(
            address(case, "record_statement"), typed(desk, case, **changes)
        )
    page = answer.content.decode()
    assert sentence in page or "不在可用的选项中" in page
    assert "法定代表人" in page
    assert not Statement.objects.exists()


def test_nobody_is_in_two_rooms_at_once(desk: Desk) -> None:
    """Neither an officer, in whatever case, nor the person questioned."""
    first, second = case_alone(desk), case_alone(desk)
    said(desk, first)
    with pytest.raises(Refused, match="韦志远在 2025-01-14 09:00 至 10:00 正在做另一份"):
        said(desk, second, begun_at=at(DAY, 9, 59), ended_at=at(DAY, 11), person="李某某")
    said(desk, second, begun_at=at(DAY, 10), ended_at=at(DAY, 11), person="李某某")
    third = UserFactory(unit=desk.unit, inspector=True, name="农建国")
    fourth = UserFactory(unit=desk.unit, inspector=True, name="莫小兰")
    for officer in (third, fourth):
        CaseOfficer.objects.create(
            case=first,
            officer=officer,
            name=officer.name,
            certificate_expires_on=date(2030, 1, 1),
            from_on=first.filed_on,
            entered_at=at(DAY),
            entered_by=desk.inspector,
        )
    with pytest.raises(Refused, match=r"覃某某在 .* 正在接受另一次询问"):
        said(desk, first, officers=(third, fourth), ended_at=at(DAY, 9, 30))
    assert Exhibit.objects.filter(case=first).count() == 1


def test_certificates_and_parts_in_the_case_are_of_the_day(desk: Desk) -> None:
    case = case_alone(desk)
    CaseOfficer.objects.filter(officer=desk.colleague).update(certificate_expires_on=DAY)
    desk.colleague.certificate_expires_on = DAY
    desk.colleague.save()
    said(desk, case)
    with pytest.raises(Refused, match="黄莉的执法证当日无效"):
        said(desk, case, begun_at=at(TODAY, 8), ended_at=at(TODAY, 9))
    CaseOfficer.objects.filter(officer=desk.colleague).update(until_on=DAY)
    with pytest.raises(Refused, match="现有办案民警不足二人"):
        said(desk, case, begun_at=at(DAY, 11), ended_at=at(DAY, 12))


def test_nothing_is_gathered_after_the_decision(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    row = said(desk, case)
    decision(case)
    with pytest.raises(Refused, match="不再收集证据"):
        said(desk, case, begun_at=at(TODAY, 8), ended_at=at(TODAY, 9))
    with on(date(2025, 3, 3)):
        page = door(desk.inspector).get(address(case, "record_statement")).content.decode()
    assert "不再收集证据" in page
    assert row.exhibit.number == 1


def test_others_find_nothing_or_only_read(desk: Desk, door: Any) -> None:
    case = case_alone(desk)
    row = said(desk, case)
    reader, stranger = UserFactory(unit=desk.unit, legal_reviewer=True), UserFactory(inspector=True)
    assert door(reader).get(address(case, "record_statement")).status_code == 403
    assert door(stranger).get(address(case, "statement_page", row)).status_code == 404
    other = case_alone(desk)
    assert door(reader).get(address(other, "statement_page", row)).status_code == 404
    assert door(reader).get(reverse("cases:statement", args=[row.pk])).status_code == 302


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("statement_times_in_order", {"ended_at": datetime(2025, 1, 14, 1, tzinfo=at(DAY).tzinfo)}),
        ("statement_two_officers", {"officer_2": "officer_1"}),
        ("statement_refusal_told", {"signature": "refused", "refusal_note": ""}),
    ],
)
def test_the_database_refuses(desk: Desk, name: str, facts: dict[str, Any]) -> None:
    row = said(desk, case_alone(desk))
    if "officer_2" in facts:
        facts = {"officer_2": row.officer_1}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Statement.objects.filter(pk=row.pk).update(**facts)
