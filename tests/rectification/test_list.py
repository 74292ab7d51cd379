"""The list: saved views, conditions, order, pages, export; and how many questions pages ask."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from rectification import orders
from rectification.models import Order, Outcome
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.rectification import DUE_ON, SERVED_ON, Desk, at
from tests.rectification.doors import url

LIST = "/orders/"
AFTER = date(2025, 2, 13)
MOST_QUERIES = 12


def _visit(desk: Desk, name: str) -> Any:
    return desk.visit(enterprise=EnterpriseFactory(unit=desk.unit, name=name))


@pytest.fixture
def all_kinds(desk: Desk) -> dict[str, Order]:
    """One order in each situation, seen on 13 February 2025."""
    made = {
        "draft": desk.draft(inspection=_visit(desk, "甲起草公司")),
        "submitted": desk.submitted(inspection=_visit(desk, "乙待批公司")),
        "issued": desk.issued(inspection=_visit(desk, "丙待送公司")),
        "term": desk.served(inspection=_visit(desk, "丁在期公司"), term_days=40),
        "soon": desk.served(inspection=_visit(desk, "戊将到公司"), term_days=22),
        "overdue": desk.served(inspection=_visit(desk, "己逾期公司")),
        "reported": desk.served(inspection=_visit(desk, "庚报告公司")),
        "seen": desk.served(inspection=_visit(desk, "辛复查公司")),
        "judged": desk.served(inspection=_visit(desk, "壬结论公司")),
        "pending": desk.served(inspection=_visit(desk, "癸延期公司")),
    }
    for key in ("reported", "seen", "judged"):
        desk.report(made[key], DUE_ON)
    for key in ("seen", "judged"):
        desk.look(made[key], DUE_ON)
    orders.judge(made["judged"], by=desk.supervisor, at=at(DUE_ON, 17))
    orders.request_extension(
        made["pending"], by=desk.inspector, at=at(DUE_ON), until=date(2025, 3, 3), reason="采购"
    )
    return made


def _names(client: Any, **query: Any) -> set[str]:
    page = client.get(LIST, query)
    return {row["order"].enterprise.name[0] for row in page.context["rows"]}


VIEWS = {
    "": "甲乙丙丁戊己庚辛壬癸",
    "sign": "乙",
    "serve": "丙",
    "term": "丁戊",
    "soon": "戊",
    "overdue": "己",
    "reinspect": "己庚",
    "judge": "辛",
    "judged": "壬",
    "extension": "癸",
    "open": "丙丁戊己庚辛癸",
}


def test_the_saved_views(desk: Desk, door: Any, on: Any, all_kinds: dict[str, Order]) -> None:
    with on(AFTER):
        client = door(desk.supervisor)
        assert {view: _names(client, view=view) for view in VIEWS} == {
            view: set(expected) for view, expected in VIEWS.items()
        }
        shown = {view["url"]: view["count"] for view in client.get(LIST).context["views"]}
    counted = {view: shown.get(f"{LIST}?view={view}") for view in VIEWS}
    assert {view: n for view, n in counted.items() if n is not None} == {
        view: len(VIEWS[view]) for view, n in counted.items() if n is not None
    }
    assert sum(n is not None for n in counted.values()) >= 5


def test_the_conditions(desk: Desk, door: Any, on: Any, all_kinds: dict[str, Order]) -> None:
    with on(AFTER):
        client = door(desk.supervisor)
        number = all_kinds["overdue"].notice.number

        assert _names(client, q="逾期") == {"己"}
        assert _names(client, q=number) == {"己"}
        assert _names(client, unit=desk.unit.pk) == set("甲乙丙丁戊己庚辛壬癸")
        assert _names(client, state="issued") == {"丙"}
        assert _names(client, verdict=["met_on_time", "not_met"]) == {"壬"}
        assert _names(client, result="not_met") == set()
        assert _names(client, type="PII_UNENCRYPTED", state="draft") == {"甲"}
        assert _names(client, type="NO_CONSENT") == set()
        assert _names(client, officer=desk.colleague.pk, state="draft") == {"甲"}
        assert _names(client, officer=desk.supervisor.pk) == set()
        assert _names(client, due_from="2025-02-14", due_to="2025-02-14") == {"戊"}
        assert _names(client, issued_from="2025-01-08", issued_to="2025-01-08", view="serve") == {
            "丙"
        }
        assert _names(client, issued_from="2025-01-09") == set()
        assert _names(client, enterprise=all_kinds["term"].enterprise_id) == {"丁"}
        assert _names(client, extended="1") == set()
        page = client.get(LIST, {"q": "没有这家"}).content.decode()
    assert "没有符合条件的责令改正" in page


def test_overdue_first_with_words_and_marks(
    desk: Desk, door: Any, on: Any, all_kinds: dict[str, Order]
) -> None:
    with on(AFTER):
        page = door(desk.supervisor).get(LIST, {"sort": "due"})
    rows = page.context["rows"]
    text = page.content.decode()

    assert [row["row"] for row in rows].count("is-over") == 1
    assert "逾期 1 个工作日" in text
    assert "还剩 1 个工作日" in text
    assert rows[0]["order"].due_on == DUE_ON
    assert rows[-1]["order"].due_on is None


def test_withdrawn_ones_are_found_by_their_state_only(desk: Desk, door: Any) -> None:
    order = desk.issued()
    orders.withdraw(order, by=desk.supervisor, at=at(SERVED_ON), reason="x")
    client = door(desk.supervisor)
    assert _names(client) == set()
    assert len(_names(client, state="withdrawn")) == 1


def test_the_export_holds_exactly_the_rows_and_no_formula(
    desk: Desk, door: Any, on: Any, all_kinds: dict[str, Order]
) -> None:
    enterprise = all_kinds["overdue"].enterprise
    enterprise.name = "=HYPERLINK(逾期)"
    enterprise.save()
    with on(AFTER):
        answer = door(desk.supervisor).get("/orders/export/", {"view": "overdue"})
        text = b"".join(answer).decode("utf-8-sig")
    header, *rows = list(csv.reader(io.StringIO(text)))

    assert len(rows) == 1
    row = dict(zip(header, rows[0], strict=True))
    assert row["企业"] == "'=HYPERLINK(逾期)"
    assert (row["改正期限"], row["状态"]) == ("2025-02-12", "已逾期")
    assert "attachment" in answer["Content-Disposition"]


def test_an_empty_list_says_what_comes_next(desk: Desk, door: Any, on: Any) -> None:
    client = door(desk.inspector)
    assert "还没有责令改正" in client.get(LIST).content.decode()
    desk.served()
    with on(SERVED_ON):
        page = door(desk.inspector).get(LIST, {"view": "overdue"}).content.decode()
    assert "下一个到期日是 2025年2月12日" in page


def test_a_cut_cursor_shows_the_first_page(desk: Desk, door: Any) -> None:
    client = door(desk.inspector)
    forged = "WyJub3QgYSBkYXRlIiwgIm5vIGlkIl0"
    for after in ("xx", forged):
        assert client.get(LIST, {"after": after, "sort": "due"}).status_code in (200, 302)


def test_pages_follow_each_other(desk: Desk, door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("enterprises.paging.page.__kwdefaults__", {"size": 2})
    for n in range(5):
        desk.draft(1, inspection=_visit(desk, f"{n}号公司"))
    client, seen, after = door(desk.inspector), [], ""
    while True:
        page = client.get(LIST, {"after": after} if after else {})
        seen += [row["order"].pk for row in page.context["rows"]]
        after = page.context["page"].next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5


# ---- how many questions ----------------------------------------------------------------------


def test_the_list_asks_little(
    desk: Desk, door: Any, on: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(8):
        desk.draft(1, inspection=_visit(desk, f"{n}号公司"))
    with on(SERVED_ON):
        client = door(desk.supervisor)
        client.get(LIST)
        with django_assert_max_num_queries(MOST_QUERIES):
            client.get(LIST)
        with django_assert_max_num_queries(MOST_QUERIES):
            client.get(LIST, {"q": "公司", "unit": desk.unit.pk, "type": "NO_CONSENT"})


@pytest.mark.parametrize("made", ["draft", "approved", "issued", "served", "seen", "judged"])
def test_the_page_asks_little(
    desk: Desk, door: Any, on: Any, django_assert_max_num_queries: Any, made: str
) -> None:
    if made == "seen":
        order = desk.report(desk.served(12), DUE_ON)
        desk.look(order, DUE_ON, Outcome.PARTLY)
    elif made == "judged":
        order = desk.judged()
    else:
        order = getattr(desk, made)(12)
    if order.served_on is not None:  # a paper still in line costs two questions more
        desk.printed(order)
    with on(AFTER):
        client = door(desk.supervisor)
        client.get(url(order))
        with django_assert_max_num_queries(MOST_QUERIES):
            page = client.get(url(order))
    assert page.status_code == 200


def test_another_unit_sees_none_of_it(desk: Desk, door: Any) -> None:
    desk.issued()
    stranger = door(UserFactory(supervisor=True))
    assert _names(stranger) == set()
    assert b"".join(stranger.get("/orders/export/")).count(b"\n") == 1
