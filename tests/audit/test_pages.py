"""The record browser: who sees what, filters, pages by key, export, one event in full."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from audit import export, trail
from audit.models import Event
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.audit import AT, chain_now, event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words() -> None:
    trail.words({"test.issue": "签发", "test.serve": "送达"})


@pytest.fixture
def auditor() -> User:
    return UserFactory(auditor=True, name="李审")


def page(client: Client, user: User, path: str = "/trail/") -> str:
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_scope_and_permission(client: Client, auditor: User) -> None:
    county = UnitFactory(parent=auditor.unit)
    event("test.issue", UnitFactory(name="别处"), reason="别处的理由")
    event("test.issue", county, reason="下级的理由")
    text = page(client, auditor)
    assert "下级的理由" in text
    assert "别处的理由" not in text
    for role in ("inspector", "legal_reviewer", "system_admin", "security_admin"):
        client.force_login(UserFactory(unit=auditor.unit, **{role: True}))
        assert client.get("/trail/").status_code == 403
    page(client, UserFactory(unit=auditor.unit, supervisor=True))


def test_another_units_event_is_404(client: Client, auditor: User) -> None:
    foreign = event("test.issue", UnitFactory())
    client.force_login(auditor)
    assert client.get(f"/trail/{foreign.pk}/").status_code == 404
    assert client.get("/trail/999999999/").status_code == 404


def test_events_of_no_unit_are_for_the_root_only(client: Client, auditor: User) -> None:
    line = event("test.issue", reason="没有单位")
    assert "没有单位" in page(client, auditor)
    below = UserFactory(auditor=True, unit=UnitFactory(parent=auditor.unit))
    assert "没有单位" not in page(client, below)
    client.force_login(below)
    assert client.get(f"/trail/{line.pk}/").status_code == 404


def test_filters(client: Client, auditor: User) -> None:
    unit = UnitFactory(parent=auditor.unit, name="东兰县公安局")
    officer = UserFactory(unit=unit, name="陈立")
    event("test.issue", unit, by=officer, reason="甲理由", at=AT)
    event(
        "test.serve",
        unit,
        by=UserFactory(unit=unit, name="黄莉"),
        reason="乙理由",
        at=AT + timedelta(days=3),
    )
    for query, wanted, unwanted in [
        ("verb=test.issue", "甲理由", "乙理由"),
        ("person=黄", "乙理由", "甲理由"),
        ("q=东兰&until=2025-02-12", "甲理由", "乙理由"),
        ("since=2025-02-13", "乙理由", "甲理由"),
    ]:
        text = page(client, auditor, f"/trail/?{query}")
        assert wanted in text, query
        assert unwanted not in text, query
    assert "没有符合条件的操作记录" in page(client, auditor, "/trail/?q=没有这个")
    text = page(client, auditor, "/trail/?since=2025-02-13&until=2025-02-12")
    assert "结束日期早于开始日期。" in text
    assert page(client, auditor, "/trail/?verb=nonsense&since=x&after=abc&before=-1")


def test_pages_by_key_there_and_back(client: Client, auditor: User) -> None:
    for number in range(120):
        event("test.issue", auditor.unit, reason=f"第{number:03d}条")
    client.force_login(auditor)
    first = client.get("/trail/?verb=test.issue")
    assert len(first.context["rows"]) == 50
    assert first.context["previous"] is None
    second = client.get(f"/trail/?verb=test.issue&after={first.context['next']}")
    third = client.get(f"/trail/?verb=test.issue&after={second.context['next']}")
    assert len(third.context["rows"]) == 20
    assert third.context["next"] is None
    back = client.get(f"/trail/?verb=test.issue&before={third.context['previous']}")
    assert [r["event"] for r in back.context["rows"]] == [
        r["event"] for r in second.context["rows"]
    ]
    start = client.get(f"/trail/?verb=test.issue&before={second.context['previous']}")
    assert start.context["previous"] is None
    assert start.context["rows"] == first.context["rows"]


def test_queries_do_not_grow(
    client: Client, auditor: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(60):
        event("test.issue", UnitFactory(parent=auditor.unit), by=UserFactory(unit=auditor.unit))
    chain_now()
    client.force_login(auditor)
    with django_assert_max_num_queries(12):
        client.get("/trail/")


def test_one_event_in_full_with_its_place_in_the_chain(client: Client, auditor: User) -> None:
    line = event("test.issue", auditor.unit, by=auditor, data={"changes": {"name": ["甲", "乙"]}})
    chain_now()
    text = page(client, auditor, f"/trail/{line.pk}/")
    line = Event.objects.select_related("link").get(pk=line.pk)
    assert line.link.hash in text
    assert line.link.prev in text
    assert "内容与散列值相符。" in text
    assert "changes.name" in text
    assert "甲、乙" in text


def test_a_tampered_event_says_so_on_its_page(client: Client, auditor: User) -> None:
    line = event("test.issue", auditor.unit)
    assert "这一条不在链上。" in page(client, auditor, f"/trail/{line.pk}/")
    chain_now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_event SET reason = 'x' WHERE id = %s", [line.pk])
    assert "这一条被改动过" in page(client, auditor, f"/trail/{line.pk}/")


def export_rows(client: Client, query: str = "", reason: str = "季度审计抽查") -> Any:
    return client.post(f"/trail/export/{query}", {"export-reason": reason})


def test_export_is_what_was_asked_for_and_is_itself_on_the_record(
    client: Client, auditor: User
) -> None:
    event("test.issue", auditor.unit, reason="=HYPERLINK(1)")
    event("test.serve", auditor.unit, reason="乙")
    chain_now()
    client.force_login(auditor)
    response = export_rows(client, "?verb=test.issue")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="trail-')
    text = response.content.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert len(rows) == 2
    assert "'=HYPERLINK(1)" in rows[1]
    line = Event.objects.get(verb="trail.export")
    assert (line.actor, line.reason) == (auditor, "季度审计抽查")
    assert line.data == {"rows": 1, "conditions": {"verb": "test.issue"}}


def test_export_without_a_reason_exports_nothing(client: Client, auditor: User) -> None:
    client.force_login(auditor)
    response = export_rows(client, reason="无")
    assert response.status_code == 422
    assert "理由至少 4 个字。" in response.content.decode()
    assert not Event.objects.filter(verb="trail.export").exists()
    assert client.get("/trail/export/").status_code == 405
    client.force_login(UserFactory(inspector=True))
    assert export_rows(client).status_code == 403


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u3000＝1",
        "＋1",
        "－1",
        "＠x",
        "a\n=1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff=1",
    ],
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert export.safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["南公（网安）", "a=1", "2025-02-12", "", "5"])
def test_ordinary_cells_stay(text: str) -> None:
    assert export.safe_cell(text) == text
