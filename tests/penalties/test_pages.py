"""The page of a case: steps, what is owed, tabs; each tab costs a few queries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deadlines import clock
from inspections.models import Evidence
from legal import calendars, limits
from penalties import filing, page, tabs
from penalties.casefile import File
from penalties.models import Case, Report, Step
from tests.factories import penalties as make
from tests.factories.penalties import FILED_ON, case_alone, case_beside
from tests.factories.rectification import Desk, at
from tests.factories.vault import stored_file
from tests.penalties.planted import DECIDED, LOOKED, Planted

#: Most queries of a page with one tab; a case of three parties with everything in its file.
QUERIES = 60


def shown(client: Any, case: Case, tab: str = "") -> str:
    address = f"{case.get_absolute_url()}?tab={tab}" if tab else case.get_absolute_url()
    return str(client.get(address).content.decode())


def test_each_tab_opens_and_costs_few_queries(desk: Desk, door: Any, on: Any) -> None:
    """As many with six exhibits more: nothing is asked row by row."""
    planted = Planted(desk)
    case, client = planted.case, door(desk.inspector)
    with on(LOOKED):
        shown(client, case)
        codes = [each.code for each in tabs.of(planted.file)]
        assert {"papers", "log"} <= set(codes)
        counted = {}
        for code in codes:
            with CaptureQueriesContext(connection) as queries:
                text = shown(client, case, code)
            assert f'href="?tab={code}#file" aria-current="page"' in text
            counted[code] = len(queries)
    assert max(counted.values()) <= QUERIES, counted


def test_the_tab_that_opens_is_that_of_the_step(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    file = File(case)
    known = {each.code for each in tabs.of(file)}
    for step, code in page.TAB_OF_STEP.items():
        file.case.step = step
        _every, tab = page.tab_of(file, "")
        if step == Step.TELLING:
            code = "proposal"  # nothing is proposed yet
        assert tab is not None
        if code in known:
            assert tab.code == code, step
    with on(FILED_ON):
        assert "aria-current" in shown(door(desk.inspector), case, "nonsense")


def test_the_steps_of_a_case(desk: Desk) -> None:
    """The hearing only where there is one; no telling and no performing without a penalty."""
    case = case_alone(desk)

    def line() -> list[str]:
        return [str(step) for step in page.path(File(case))]

    assert line() == [
        "filing", "inquiry", "telling", "deciding", "serving", "performing", "closing",
    ]  # fmt: skip
    make.report(case, proposal=Report.Proposal.TERMINATION)
    assert line() == ["filing", "inquiry", "closing"]
    make.report(case, proposal=Report.Proposal.NO_PENALTY, ground="minor")
    assert line() == ["filing", "inquiry", "deciding", "serving", "closing"]
    case.route = "spot"
    assert line() == ["deciding", "serving", "performing", "closing"]


def test_the_steps_of_a_heard_and_decided_case(desk: Desk) -> None:
    file = Planted(desk).file
    file.case.step = Step.PERFORMING
    bar = {each["name"]: each for each in page.step_bar(file, "over")}
    assert bar["听证"]["note"] == "2月14日"
    assert bar["审核决定"] == {"name": "审核决定", "state": "done", "note": "2月21日"}
    assert bar["执行"]["state"] == "soon"
    assert bar["结案"]["state"] == ""
    assert DECIDED.month == 2


def test_what_is_owed_stands_on_top(desk: Desk, door: Any, on: Any) -> None:
    """The ninety days, with the article and how they were counted; a period of the party apart."""
    case = case_alone(desk)
    told = make.told(desk, case)
    period = limits.of("HEARING_REQUEST").due(date(2025, 3, 31), calendars.load())
    clock.start(
        told,
        unit=case.unit,
        kind="HEARING_REQUEST",
        period=period,
        by=desk.inspector,
        at=at(date(2025, 3, 31)),
    )
    with on(date(2025, 4, 9)):
        text = shown(door(desk.inspector), case)
    assert "在办案期限内作出处理决定。" in text
    assert "还剩 1 天" in text
    assert "《行政处罚法》（2021）第六十条" in text
    assert "当事人的期限" in text
    assert f"/cases/of/told/{told.pk}/" in text
    with on(date(2025, 4, 11)):
        late = shown(door(desk.supervisor), case)
    assert "办案期限已过。" in late


def test_a_superiors_override_is_loud(desk: Desk, door: Any, on: Any) -> None:
    planted = Planted(desk, {"override"})
    with on(LOOKED):
        text = shown(door(desk.supervisor), planted.case, "log")
    assert "突破了法定幅度" in text
    assert "桂公发〔2025〕3号" in text


def test_a_record_leads_to_its_tab(desk: Desk, door: Any) -> None:
    told = make.told(desk, case_alone(desk))
    answer = door(desk.inspector).get(f"/cases/of/told/{told.pk}/")
    assert answer.url == f"{told.case.get_absolute_url()}?tab=telling#told-{told.pk}"
    assert door(desk.inspector).get(f"/cases/of/told/{told.case.pk}/").status_code == 404


# ---- The file (案卷) ----------------------------------------------------------------------------


def test_the_file_holds_every_visit_and_every_kept_file(desk: Desk) -> None:
    planted = Planted(desk)
    case = planted.case
    other = desk.visit(1, day=date(2025, 1, 7), enterprise=case.enterprise)
    make_link(case, other.findings.get())
    taken = [
        Evidence.objects.create(
            inspection=visit,
            kind="photo",
            title=title,
            file=stored_file(),
            received_at=at(visit.day),
            added_by=desk.inspector,
        )
        for visit, title in ((case.inspection, "第一次"), (other, "第二次"))
    ]
    statement = case.statements.get()
    statement.file = stored_file()
    statement.save()
    own, over = case.exhibits.all()
    own.file, over.evidence, over.file = stored_file(), taken[0], taken[0].file
    own.save()
    over.save()
    keys = [entry.key for entry in filing.entries(case, desk.supervisor)]
    assert len(keys) == len(set(keys))
    for row in taken:
        assert f"evidence:{row.pk}" in keys
    assert f"statement:{statement.pk}" in keys
    assert f"exhibit:{own.pk}" in keys
    assert f"exhibit:{over.pk}" not in keys


def make_link(case: Case, finding: Any) -> None:
    case.casefindings.create(finding=finding)


def test_a_case_without_a_visit_has_a_file(desk: Desk) -> None:
    case = case_alone(desk)
    Case.objects.filter(pk=case.pk).update(inspection=None)
    case = Case.objects.for_list().get(pk=case.pk)
    case.casefindings.all().delete()
    assert filing.entries(case, desk.supervisor) == filing.entries(case, desk.supervisor)
    assert filing.cover(case).opened == FILED_ON


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"outcome": "no_penalty"}, "不予行政处罚"),
        ({"state": "declined"}, "不予立案"),
        ({"measures": ["warning", "fine"]}, "警告、罚款"),
    ],
)
def test_the_cover_says_how_it_ended(desk: Desk, facts: dict[str, Any], word: str) -> None:
    case = case_beside(desk)
    for name, value in facts.items():
        setattr(case, name, value)
    assert filing.cover(case).outcome == word
    assert filing.cover(case).opened == FILED_ON + timedelta(days=0)
