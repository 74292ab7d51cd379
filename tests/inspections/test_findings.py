"""Findings and their citations: suggested, chosen, noted; through the form."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from audit import trail
from audit.trail import Refused
from inspections import fieldwork
from inspections.models import Citation, Evidence, Finding, Inspection
from legal.models import Article, ViolationType
from tests.factories.enterprises import SystemFactory
from tests.factories.inspections import (
    BEGAN,
    SIGNED,
    InspectionFactory,
    MiniLaw,
    finding,
    photo,
    visit,
)
from tests.factories.legal import load_law

pytestmark = pytest.mark.django_db


def typed(law: MiniLaw, **changes: Any) -> dict[str, Any]:
    """What an officer types into the form of a finding."""
    return {
        "form_token": str(uuid4()),
        "violation_type": law.kind.pk,
        "seen": "客户电话以明文存储。",
        "required_correction": "加密存储。",
        "severity": "moderate",
        "pii_kinds": ["name", "phone"],
        "records_affected": "1860",
        "duty": [law.old_duty.pk],
        "penalty": [law.old_penalty.pk],
        "act": "save",
    } | changes


def new_url(inspection: Any, kind: str = "") -> str:
    url = reverse("inspections:finding_new", args=[inspection.pk])
    return f"{url}?type={kind}" if kind else url


def test_first_the_kind_then_the_form_with_its_articles(
    door: Any, officer: Any, law: MiniLaw
) -> None:
    inspection = visit(officer)
    page = door.get(new_url(inspection)).content.decode()
    assert f"?type={law.kind.pk}" in page
    response = door.get(new_url(inspection, law.kind.pk))
    duty = response.context["offers"]["duty"]
    assert [(o.article, o.ticked, o.suggested) for o in duty] == [(law.old_duty, True, True)]
    assert f'value="{law.old_duty.pk}" id="duty-{law.old_duty.pk}" checked' in (
        response.content.decode()
    )


def test_the_suggestion_follows_the_day(door: Any, officer: Any, law: MiniLaw) -> None:
    began = datetime(2026, 2, 2, 2, 0, tzinfo=UTC)
    inspection = visit(officer, started_at=began, ended_at=None)
    offers = door.get(new_url(inspection, law.kind.pk)).context["offers"]
    assert [o.article for o in offers["duty"]] == [law.new_duty]
    form = typed(law, act="suggest", act_from="2025-03-01", act_to="2025-03-02", duty=[])
    response = door.post(new_url(inspection), form)
    assert [o.article for o in response.context["offers"]["duty"]] == [law.old_duty]
    assert "客户电话以明文存储。" in response.content.decode()
    assert "处需要改正" not in response.content.decode()
    assert not Finding.objects.exists()


def test_the_form_logs_a_finding(door: Any, officer: Any, law: MiniLaw) -> None:
    inspection = visit(officer)
    response = door.post(new_url(inspection), typed(law))
    found = Finding.objects.get()
    assert response.url == f"{inspection.get_absolute_url()}#finding-1"
    assert (found.ordinal, found.act_from, found.act_on) == (1, date(2025, 1, 6), date(2025, 1, 6))
    assert (found.pii_words, found.quantity) == (["姓名", "电话"], "1,860 条")
    assert [(c.article, c.role, c.origin) for c in found.citations.all()] == [
        (law.old_duty, "duty", "suggested"),
        (law.old_penalty, "penalty", "suggested"),
    ]
    assert (found.duty_articles, found.penalty_articles) == ([law.old_duty], [law.old_penalty])
    event = trail.timeline(inspection).first()
    assert event.verb == "inspections.log_finding"
    assert event.data["citations"][0] == {"role": "duty", "article": "MINI@2016:21"}
    assert "明文" not in event.payload
    assert "客户电话以明文存储。" in door.get(inspection.get_absolute_url()).content.decode()


def test_the_same_form_posted_twice_makes_one_finding(
    door: Any, officer: Any, law: MiniLaw
) -> None:
    inspection = visit(officer)
    form = typed(law)
    for _ in range(2):
        upload = SimpleUploadedFile("现场.png", photo().data, content_type="image/png")
        assert door.post(new_url(inspection), form | {"uploads": [upload]}).status_code == 302
    assert Finding.objects.count() == 1
    assert inspection.evidence.count() == 1


def test_a_finding_without_an_article_is_told(door: Any, officer: Any, law: MiniLaw) -> None:
    inspection = visit(officer)
    page = door.post(new_url(inspection), typed(law, duty=[])).content.decode()
    assert "至少引用一条违反的（义务）条款" in page
    assert "客户电话以明文存储。" in page
    assert not Finding.objects.exists()


def test_an_article_not_in_force_needs_a_reason(door: Any, officer: Any, law: MiniLaw) -> None:
    inspection = visit(officer)
    form = typed(law, duty=[law.new_duty.pk], penalty=[])
    page = door.post(new_url(inspection), form).content.decode()
    assert "在 2025年1月6日 没有施行，换成当日施行的条款，或者写明引用的理由" in page
    assert "当日未施行" in page
    assert not Finding.objects.exists()
    door.post(new_url(inspection), form | {"override_reason": "新法处罚较轻"})
    citation = Citation.objects.get()
    assert (citation.origin, citation.override_reason) == ("chosen", "新法处罚较轻")
    assert "新法处罚较轻" in door.get(inspection.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seen": " "}, "填写“检查所见”"),
        ({"act_from": "2025-02-01"}, "行为开始日期不能晚于检查日期（2025年1月6日）"),
        ({"act_from": "2025-01-05", "act_to": "2025-01-01"}, "行为终了日期不能早于开始日期"),
        ({"act_to": "2025-02-01"}, "行为终了日期不能晚于检查日期"),
        ({"records_affected": "很多"}, "“涉及数量（条）”写整数"),
        ({"records_affected": "-1"}, "大于或等于0"),
    ],
)
def test_bad_facts_are_told(
    door: Any, officer: Any, law: MiniLaw, changes: dict[str, str], message: str
) -> None:
    inspection = visit(officer)
    page = door.post(new_url(inspection), typed(law, **changes)).content.decode()
    assert message in page
    assert "加密存储。" in page
    assert not Finding.objects.exists()


def test_articles_are_found_without_script(door: Any, officer: Any, law: MiniLaw) -> None:
    inspection = visit(officer)
    form = typed(law, act="search", article_q="同意")
    response = door.post(new_url(inspection), form)
    offered = [o.article for o in response.context["offers"]["duty"]]
    assert offered == [law.old_duty, law.other_duty]
    assert "客户电话以明文存储。" in response.content.decode()
    page = door.post(new_url(inspection), form | {"article_q": "鞋帽"}).content.decode()
    assert "没有找到“鞋帽”" in page


def test_articles_are_found_by_the_page(door: Any, law: MiniLaw) -> None:
    url = reverse("inspections:articles")
    page = door.get(url, {"article_q": "小法 第二十一条", "day": "2025-01-06"}).content.decode()
    assert f'name="duty" value="{law.old_duty.pk}"' in page
    page = door.get(url, {"article_q": "加密", "day": "2026-01-06"}).content.decode()
    assert str(law.new_duty.pk) in page
    assert "《小法》（2016）" not in page


def test_notes_stand_beside_the_citation_and_change_nothing(
    door: Any, officer: Any, law: MiniLaw
) -> None:
    inspection = visit(officer)
    found = finding(inspection, officer, duty=[law.other_duty], penalty=[], published=True)
    page = door.get(inspection.get_absolute_url()).content.decode()
    assert "引用提示" in page
    assert "不涉及这一行为，义务在《小法》（2016）第二十一条" in page
    assert "按公开通报" in page
    assert found.citations.get().origin == "published"


def test_amending_and_citing_anew(door: Any, officer: Any, law: MiniLaw) -> None:
    inspection = visit(officer)
    found = finding(inspection, officer)
    url = reverse("inspections:finding_edit", args=[found.pk])
    assert "明文存储" in door.get(url).content.decode()
    form = typed(law, version=1, seen="又看到一处。", duty=[law.old_duty.pk, law.other_duty.pk])
    assert door.post(url, form).status_code == 302
    found.refresh_from_db()
    assert found.seen == "又看到一处。"
    assert [c.origin for c in found.citations.filter(role="duty")] == ["suggested", "chosen"]
    verbs = [event.verb for event in trail.timeline(inspection)[:2]]
    assert verbs == ["inspections.cite", "inspections.amend_finding"]
    door.post(url, form | {"version": found.version})
    assert trail.timeline(inspection).count() == 4


def test_two_officers_on_one_finding(door: Any, officer: Any, colleague: Any, law: MiniLaw) -> None:
    inspection = visit(officer)
    found, other = finding(inspection, officer), finding(inspection, officer)
    fieldwork.amend_finding(found, by=colleague, at=SIGNED, version=1, seen="黄莉写的。")
    url = reverse("inspections:finding_edit", args=[found.pk])
    response = door.post(url, typed(law, version=1, seen="我写的。"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "黄莉写的。" in page
    assert "我写的。" in page
    # Each on a finding of one's own do not get in each other's way.
    other_url = reverse("inspections:finding_edit", args=[other.pk])
    assert door.post(other_url, typed(law, version=1)).status_code == 302


def test_dropping_closes_the_numbers_up(door: Any, officer: Any, law: MiniLaw) -> None:
    inspection = visit(officer)
    rows = [finding(inspection, officer) for _ in range(3)]
    item = fieldwork.add_evidence(inspection, photo(), by=officer, at=SIGNED, finding=rows[0])
    door.post(reverse("inspections:finding_drop", args=[rows[0].pk]), {"reason": "记重了"})
    ordinals = list(inspection.findings.values_list("pk", "ordinal"))
    assert ordinals == [(rows[1].pk, 1), (rows[2].pk, 2)]
    item.refresh_from_db()
    assert item.finding is None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_another_units_finding_is_not_found(door: Any) -> None:
    stranger = InspectionFactory()
    found = finding(stranger)
    for name in ("finding_edit", "finding_drop", "finding_dispose"):
        assert door.get(reverse(f"inspections:{name}", args=[found.pk])).status_code == 404


def test_a_continuing_act_falls_under_the_law_of_the_visit(officer: Any, law: MiniLaw) -> None:
    began = datetime(2026, 2, 2, 2, 0, tzinfo=UTC)
    inspection = visit(officer, started_at=began, ended_at=None)
    found = finding(inspection, officer, act_from=date(2025, 11, 1))
    assert found.act_on == date(2026, 2, 2)
    # The text of the beginning may still be cited; the note says what is usual.
    fieldwork.cite(found, by=officer, at=began, duty=[law.old_duty])
    earlier = finding(visit(officer), officer)
    with pytest.raises(Refused, match="没有施行"):
        fieldwork.cite(earlier, by=officer, at=SIGNED, duty=[law.new_duty])


def test_the_published_cases_with_the_real_law(officer: Any) -> None:
    load_law()
    inspection = visit(officer)
    duty, penalty = (
        Article.objects.with_law().get(ref=ref) for ref in ("CSL@2016:21", "CSL@2016:59")
    )
    found = fieldwork.log_finding(
        inspection,
        by=officer,
        at=SIGNED,
        violation_type=ViolationType.objects.get(pk="NO_CONSENT"),
        seen="注册页默认勾选同意。",
        duty=[duty],
        penalty=[penalty],
        published=True,
    )
    assert {c.origin for c in found.citations.all()} == {"published"}
    fieldwork.record_inspection(inspection, by=officer, at=SIGNED)


@pytest.mark.parametrize(
    "changes",
    [
        {"seen": ""},
        {"ordinal": 0},
        {"act_to": date(2020, 1, 1)},
        {"severity": "forgotten"},
        {"disposition": "forgotten"},
    ],
)
def test_the_database_refuses_bad_findings(
    officer: Any, law: MiniLaw, changes: dict[str, Any]
) -> None:
    found = finding(visit(officer), officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=found.pk).update(**changes)


def test_the_database_refuses_bad_pairs(officer: Any, law: MiniLaw) -> None:
    first, second = visit(officer), visit(officer)
    found, other = finding(first, officer), finding(first, officer)
    item = fieldwork.add_evidence(second, photo(), by=officer, at=SIGNED)
    citation = found.citations.filter(role="duty").get()
    evidence = Evidence.objects.filter(pk=item.pk)
    cited = Citation.objects.filter(pk=citation.pk)
    stranger = SystemFactory()
    attempts = [
        lambda: evidence.update(finding=found),
        lambda: evidence.update(title=""),
        lambda: evidence.update(kind="forgotten"),
        lambda: evidence.update(captured_at=SIGNED + timedelta(days=1)),
        lambda: Inspection.objects.filter(pk=first.pk).update(system=stranger),
        lambda: cited.update(role="other"),
        lambda: cited.update(origin="other"),
        lambda: found.citations.create(article=citation.article, role="duty"),
        lambda: Finding.objects.filter(pk=other.pk).update(ordinal=1),
        lambda: law.old_duty.delete(),
    ]

    def at_once(attempt: Any) -> None:
        attempt()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            at_once(attempt)


def test_two_hundred_findings_on_one_page(
    door: Any, officer: Any, law: MiniLaw, django_assert_max_num_queries: Any
) -> None:
    inspection = visit(officer)
    for _ in range(200):
        found = Finding.objects.create(
            inspection=inspection,
            ordinal=inspection.findings.count() + 1,
            violation_type=law.kind,
            seen="一处。",
            act_from=BEGAN.date(),
        )
        Citation.objects.create(finding=found, article=law.old_duty, role="duty")
    fieldwork.add_evidence(inspection, photo(), by=officer, at=SIGNED, finding=found)
    door.get(inspection.get_absolute_url())
    with django_assert_max_num_queries(12):
        page = door.get(inspection.get_absolute_url()).content.decode()
    assert page.count('class="zg-item"') == 200
