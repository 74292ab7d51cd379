"""The list of exhibits: taken over in one act, numbered without gaps, verified, left out."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.trail import Decided, Refused
from inspections import fieldwork
from penalties.cases import exhibits
from penalties.models import Case, Exhibit
from tests.factories.accounts import UserFactory
from tests.factories.inspections import photo
from tests.factories.penalties import case_alone, case_beside
from tests.factories.rectification import SERVED_ON, Desk, at
from tests.factories.vault import png
from tests.penalties.test_statements import address

pytestmark = pytest.mark.django_db
TODAY = date(2025, 1, 15)


def added(desk: Desk, case: Case, title: str = "服务器日志", **changes: Any) -> Exhibit:
    facts: dict[str, Any] = {
        "kind": "electronic",
        "title": title,
        "proves": "没有加密",
        "source": "从服务器提取",
        "collected_on": date(2025, 1, 14),
    } | changes
    return exhibits.add_exhibit(case, by=desk.inspector, at=at(TODAY), **facts)


def test_evidence_and_papers_of_the_visit_come_in_one_act(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    finding = order.inspection.findings.first()
    for name, of in (("整体.png", None), ("明文.png", finding)):
        fieldwork.add_evidence(
            order.inspection,
            photo(name, "red" if of else "blue"),
            by=desk.inspector,
            at=at(SERVED_ON, 19),
            finding=of,
        )
    case = case_beside(desk, order)
    client = door(desk.inspector)
    with on(TODAY):
        before = client.get(case.get_absolute_url(), {"tab": "inquiry"}).content.decode()
        url = address(case, "adopt_exhibits")
        answers = [client.post(url, {"seen": case.version}) for _n in range(2)]
        tab = client.get(case.get_absolute_url(), {"tab": "inquiry"}).content.decode()
        sheet = client.get(address(case, "exhibit_sheet")).content.decode()
        page = client.get(address(case, "exhibit_list")).content.decode()
        again = client.get(url).content.decode()
    rows = list(Exhibit.objects.all())
    assert url in before
    assert url not in tab
    assert [answer.status_code for answer in answers] == [302, 302]
    assert [row.number for row in rows] == [1, 2, 3]
    assert [(row.kind, bool(row.evidence), bool(row.notice)) for row in rows] == [
        ("recording", True, False),
        ("recording", True, False),
        ("document", False, True),
    ]
    assert rows[0].proves.startswith("第1项发现：")
    assert {rows[0].officer_1, rows[0].officer_2} == set(desk.pair)
    assert "都已经在证据清单里" in again
    assert order.notice.number in sheet
    assert "3. " in page


def test_added_amended_verified_left_out_and_back(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    client = door(desk.inspector)

    def post(act: str, row: Any = None, **data: Any) -> Any:
        case.refresh_from_db()
        return client.post(address(case, act, row), {"seen": case.version} | data)

    typed = {"title": "日志", "proves": "没有加密", "source": "提取", "collected_on": "2025-01-14"}
    with on(TODAY):
        post("add_exhibit", kind="electronic", upload=SimpleUploadedFile("a.png", png()), **typed)
        alone = post("add_exhibit", kind="object", officer_1=str(desk.inspector.pk), **typed)
        tomorrow = post("add_exhibit", kind="object", **(typed | {"collected_on": "2025-01-16"}))
        row = Exhibit.objects.get()
        post("amend_exhibit", row, kind="document", **typed)
        nothing = post("verify_exhibits")
        post("verify_exhibits", exhibits=[str(row.pk)])
        fixed = client.get(address(case, "amend_exhibit", row)).content.decode()
        silent = post("exclude_exhibit", row, reason=" ")
        post("exclude_exhibit", row, reason="来源不明")
        row.refresh_from_db()
        assert (row.verified, row.excluded_reason) == (False, "来源不明")
        post("restore_exhibit", row, reason="来源已补正")
        tab = client.get(case.get_absolute_url(), {"tab": "inquiry"}).content.decode()
        sent = client.post(address(case, "exhibit_file", row))
    row.refresh_from_db()
    assert (row.kind, row.number, row.verified, row.excluded_reason) == ("document", 1, False, "")
    assert "两名不同的办案民警" in alone.content.decode()
    assert "日期不能晚于今天" in tomorrow.content.decode()
    assert "至少选择一件证据" in nothing.content.decode()
    assert "不再修改登记" in fixed
    assert silent.status_code == 200
    assert "待查证" in tab
    assert sent["Content-Disposition"].startswith("attachment")


def test_what_was_left_out_is_not_verified_and_numbers_run_on(desk: Desk) -> None:
    case = case_alone(desk)
    first, second = added(desk, case), added(desk, case, "照片")
    who = {"by": desk.inspector, "at": at(TODAY)}
    stale = Case.objects.get(pk=case.pk)
    exhibits.exclude_exhibit(case, first, reason="来源不明", **who)
    with pytest.raises(Decided):
        exhibits.verify_exhibits(stale, exhibits=[first], **who)
    with pytest.raises(Refused, match="已经查证或者不采用"):
        exhibits.verify_exhibits(case, exhibits=[first, second], **who)
    exhibits.verify_exhibits(case, exhibits=[second], **who)
    assert added(desk, case, "书证").number == 3
    with pytest.raises(Refused, match="没有被排除"):
        exhibits.restore_exhibit(case, second, reason="x", **who)


def test_two_hundred_exhibits_cost_no_more_queries(
    desk: Desk, door: Any, on: Any, django_assert_max_num_queries: Any
) -> None:
    case = case_alone(desk)
    facts = {"case": case, "entered_at": at(TODAY), "entered_by": desk.inspector}
    Exhibit.objects.bulk_create(
        Exhibit(
            number=number,
            kind="document",
            title=f"第{number}件",
            proves="x",
            source="y",
            collected_on=TODAY,
            officer_1=desk.inspector,
            officer_2=desk.colleague,
            **facts,
        )
        for number in range(1, 201)
    )
    client = door(UserFactory(unit=desk.unit, supervisor=True))
    with on(TODAY):
        client.get(case.get_absolute_url(), {"tab": "inquiry"})
        with django_assert_max_num_queries(45):
            page = client.get(case.get_absolute_url(), {"tab": "inquiry"}).content.decode()
    assert "还有 150 件" in page
    assert "50. 第50件" in page


def test_strangers_and_readers(desk: Desk, door: Any) -> None:
    case = case_alone(desk)
    added(desk, case)
    stranger, reader = UserFactory(supervisor=True), UserFactory(unit=desk.unit, auditor=True)
    for name in ("exhibit_list", "exhibit_sheet", "add_exhibit"):
        assert door(stranger).get(address(case, name)).status_code == 404
    assert door(reader).get(address(case, "add_exhibit")).status_code == 403
    assert door(reader).get(address(case, "exhibit_list")).status_code == 200
    row = Exhibit.objects.get()
    assert door(reader).post(address(case, "exhibit_file", row)).status_code == 404
    assert reverse("cases:exhibit", args=[row.pk])


@pytest.mark.parametrize("field", ["number", "evidence"])
def test_the_database_refuses_twins(desk: Desk, field: str) -> None:
    case = case_alone(desk)
    row = added(desk, case)
    evidence = fieldwork.add_evidence(case.inspection, photo(), by=desk.inspector, at=at(TODAY))
    Exhibit.objects.filter(pk=row.pk).update(evidence=evidence)
    twin = {"number": 1} if field == "number" else {"number": 2, "evidence": evidence}
    facts = {"kind": "object", "title": "x", "proves": "x", "source": "x", "collected_on": TODAY}
    with pytest.raises(IntegrityError, match=f"exhibit_{field}_once"), transaction.atomic():
        Exhibit.objects.create(
            case=case, entered_at=at(TODAY), entered_by=desk.inspector, **(facts | twin)
        )
