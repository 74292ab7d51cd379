"""Citing on the form of a finding: notes beside the boxes, what the unit usually cites, gates."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from inspections import fieldwork, usual
from inspections.gates import gates
from inspections.models import Finding
from legal import citations
from legal.models import Article, ViolationType
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.inspections import SIGNED, MiniLaw, finding, recorded, visit
from tests.factories.legal import load_law
from tests.inspections.test_findings import new_url, typed

pytestmark = pytest.mark.django_db

IN_2026 = datetime(2026, 2, 2, 2, 0, tzinfo=UTC)


def box(page: str, role: str, article: Article) -> str:
    """The part of the page from this box to the next."""
    start = page.index(f'id="{role}-{article.pk}"')
    return page[start:].split('<div class="form-check">')[0]


# --- Notes beside the boxes ----------------------------------------------------------------------


def test_check_says_it_beside_the_box_without_script(door: Any, officer: Any, law: MiniLaw) -> None:
    inspection = visit(officer)
    form = typed(law, act="check", duty=[law.old_duty.pk, law.other_duty.pk])
    page = door.post(new_url(inspection), form).content.decode()
    assert "引用提示" in box(page, "duty", law.other_duty)
    assert "不涉及这一行为" in box(page, "duty", law.other_duty)
    assert "引用提示" not in box(page, "duty", law.old_duty)
    assert "客户电话以明文存储。" in page
    assert "处需要改正" not in page
    assert not Finding.objects.exists()


def test_a_tick_asks_for_the_part_with_the_boxes(door: Any, officer: Any, law: MiniLaw) -> None:
    """The same door, asked by the page: what a search found moves among the boxes."""
    inspection = visit(officer)
    page = door.get(new_url(inspection, law.kind.pk)).content.decode()
    assert 'id="citations"' in page
    assert 'hx-select="#citations"' in page
    form = typed(law, act="check", duty=[law.other_duty.pk], searched="小法")
    page = door.post(new_url(inspection), form, headers={"HX-Request": "true"}).content.decode()
    assert "checked" in box(page, "duty", law.other_duty)
    assert f'name="beside_duty" value="{law.other_duty.pk}"' in page
    # The results of the search stay where they were.
    assert f'id="found-penalty-{law.old_penalty.pk}"' in page
    # Untied again, the box stays on the page.
    form |= {"duty": [], "beside_duty": [law.other_duty.pk]}
    page = door.post(new_url(inspection), form, headers={"HX-Request": "true"}).content.decode()
    assert "checked" not in box(page, "duty", law.other_duty)


def test_a_text_not_in_force_is_said_at_the_box_before_saving(
    door: Any, officer: Any, law: MiniLaw
) -> None:
    form = typed(law, act="check", duty=[law.new_duty.pk])
    page = door.post(new_url(visit(officer)), form).content.decode()
    assert "须更换或者写明理由" in box(page, "duty", law.new_duty)
    assert "当时有效的是《小法》（2016）第二十一条" in box(page, "duty", law.new_duty)


def test_the_level_of_the_unit_is_looked_at(door: Any, officer: Any) -> None:
    load_law()
    form = {
        "violation_type": "NO_CONSENT",
        "penalty": [Article.objects.by_ref("PIPL@2021:66(2)").pk],
        "act": "check",
    }
    page = door.post(new_url(visit(officer)), form).content.decode()
    assert "限省级以上部门作出" in page


# --- Usual ---------------------------------------------------------------------------------------


def cited_before(officer: Any, times: int, **facts: Any) -> None:
    for _n in range(times):
        finding(visit(officer), officer, **facts)


def test_what_the_unit_usually_cites_is_offered_and_not_ticked(
    door: Any, officer: Any, law: MiniLaw
) -> None:
    cited_before(officer, 2, duty=[law.other_duty], penalty=[])
    page = door.get(new_url(visit(officer), law.kind.pk))
    offers = {o.article: o for o in page.context["offers"]["duty"]}
    assert (offers[law.other_duty].usual.count, offers[law.other_duty].ticked) == (2, False)
    assert "本单位常引 2 次" in box(page.content.decode(), "duty", law.other_duty)


def test_a_habit_of_a_repealed_text_offers_its_counterpart(
    door: Any, officer: Any, law: MiniLaw
) -> None:
    cited_before(officer, 3)
    inspection = visit(officer, started_at=IN_2026, ended_at=None)
    finding(inspection, officer)
    found = usual.usual(
        officer.unit, law.kind.pk, IN_2026.date(), citations.register(), user=officer
    )
    (duty,) = found["duty"]
    # Three under the old number, one under the new one.
    assert (duty.article, duty.count, duty.formerly) == (law.new_duty, 4, None)
    Finding.objects.filter(inspection=inspection).delete()
    page = door.get(new_url(inspection, law.kind.pk)).content.decode()
    words = box(page, "duty", law.new_duty)
    assert "本单位常引 3 次" in words
    assert "以前引用的是《小法》（2016）第二十一条，该文本当日不施行" in words


def test_only_the_own_unit_counts_and_no_publication(officer: Any, law: MiniLaw) -> None:
    below = UserFactory(inspector=True, unit=UnitFactory(parent=officer.unit))
    stranger = UserFactory(inspector=True)
    cited_before(below, 1)
    cited_before(stranger, 1)
    cited_before(officer, 1, published=True)
    inspection = visit(officer)
    finding(inspection, officer)
    fieldwork.discard(inspection, by=officer, at=SIGNED, reason="登记错误")
    books = citations.register()
    day = IN_2026.date()
    blank: dict[str, list[Any]] = {"duty": [], "penalty": []}
    assert usual.usual(officer.unit, law.kind.pk, day, books, user=officer) == blank
    # Nobody learns the habits of a unit that is out of sight.
    assert usual.usual(stranger.unit, law.kind.pk, day, books, user=officer) == blank
    assert usual.usual(below.unit, law.kind.pk, day, books, user=officer) != blank


def test_the_most_cited_come_first_in_one_query(
    officer: Any, law: MiniLaw, django_assert_num_queries: Any
) -> None:
    cited_before(officer, 1, duty=[law.other_duty], penalty=[])
    cited_before(officer, 3)
    books, day = citations.register(), visit(officer).day
    with django_assert_num_queries(1):
        found = usual.usual(officer.unit, law.kind.pk, day, books, user=officer)
    assert [(u.article, u.count) for u in found["duty"]] == [
        (law.old_duty, 3),
        (law.other_duty, 1),
    ]
    assert [(u.article, u.count) for u in found["penalty"]] == [(law.old_penalty, 3)]


# --- The gate ------------------------------------------------------------------------------------


def test_warnings_are_shown_before_the_signature_and_do_not_block(
    door: Any, officer: Any, law: MiniLaw
) -> None:
    inspection = visit(officer)
    finding(inspection, officer, duty=[law.other_duty], penalty=[])
    page = door.get(reverse("inspections:sign", args=[inspection.pk])).content.decode()
    assert "有 1 处引用提示，不妨碍签名" in page
    fieldwork.record_inspection(inspection, by=officer, at=SIGNED)


def test_a_register_corrected_later_blocks_what_it_overtook(officer: Any, law: MiniLaw) -> None:
    inspection = visit(officer)
    finding(inspection, officer)
    law.old_duty.version.effective_to = inspection.day.replace(year=2024, month=12)
    law.old_duty.version.save()
    unmet = [gate for gate in gates(inspection, at=SIGNED) if gate.met is False]
    assert ["没有施行" in gate.text for gate in unmet] == [True]
    assert "有 2 处引用了行为当日没有施行的条款" in unmet[0].title


def test_a_rule_of_procedure_is_judged_by_the_visit(officer: Any) -> None:
    """The act ended under Order 151, the visit was made under Order 176."""
    load_law()
    began = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
    inspection = visit(officer, started_at=began, ended_at=None)
    kind = ViolationType.objects.get(pk="NO_VULN_SCAN")
    facts = {"violation_type": kind, "act_from": datetime(2026, 9, 1).date(), "penalty": []}
    facts["act_to"] = datetime(2026, 9, 5).date()
    duty = [Article.objects.by_ref("CSL@2025:27"), Article.objects.by_ref("MPS176@2026:7")]
    found = finding(inspection, officer, duty=duty, **facts)
    assert found.may_cite(duty[1])
    assert not found.may_cite(Article.objects.by_ref("MPS151@2018:10"))


def test_two_hundred_findings_cost_the_gates_no_more(
    officer: Any, law: MiniLaw, django_assert_max_num_queries: Any
) -> None:
    inspection = recorded(officer, findings=3)
    inspection = type(inspection).objects.select_related("unit", "enterprise").get(pk=inspection.pk)
    books = citations.register()
    with django_assert_max_num_queries(3):
        gates(inspection, at=SIGNED, books=books)
