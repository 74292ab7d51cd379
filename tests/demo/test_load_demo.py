"""`load_demo`: what it brings in, that it adds nothing twice, and where it refuses."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import RequestFactory

from accounts.models import Unit, User
from demo import ground, loading
from demo.loading import Loaded
from enterprises.models import Enterprise
from inspections.models import Citation, Evidence, Inspection
from legal import citations
from notices import kinds
from notices.models import Notice
from rectification.models import Order, OrderState, Verdict
from tests.factories.accounts import UnitFactory
from tests.factories.demo import NOW
from tests.vault import leaks

TODAY = NOW.date()
CASES = {case["id"]: case for case in ground.read("cases.json")["cases"]}
VERDICTS = {
    "S1-1": Verdict.MET_ON_TIME,
    "S1-2": Verdict.MET_EARLY,
    "S1-3": Verdict.MET_LATE,
    "S1-4": Verdict.NOT_MET,
    "S1-5": Verdict.MET_ON_TIME,
    "S2-1": Verdict.MET_ON_TIME,
}


def order_of(key: str) -> Order:
    return Order.objects.select_related("enterprise", "inspection", "notice").get(
        form_token=ground.token(f"{key}/order")
    )


def counted() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def test_loading_again_adds_nothing(world: Loaded) -> None:
    before = counted()
    again = loading.load(NOW)
    assert again.told == []
    assert sorted(again.known) == sorted(world.told)
    assert counted() == before


# --- The six published cases ----------------------------------------------------------------------


@pytest.mark.parametrize("key", CASES)
def test_published_facts_stay_exact(key: str) -> None:
    published, order = CASES[key], order_of(key)
    findings = list(
        order.inspection.findings.order_by("ordinal").prefetch_related("citations__article")
    )
    assert order.enterprise.name == published["enterprise"]
    assert order.enterprise.region_id == published["region"]
    assert order.inspection.trigger_text == published["trigger"]
    assert [f.violation_type_id for f in findings] == published["found"]
    for finding in findings:
        assert finding.seen == published["phrases"][finding.violation_type_id]
        cited = finding.citations.order_by("role")
        assert [c.article.ref for c in cited] == published["cited"]
        assert {c.origin for c in cited} == {Citation.Origin.PUBLISHED}
    for sentence in published["quote"]:
        assert sentence in order.inspection.summary


@pytest.mark.parametrize("key", CASES)
def test_what_is_chosen_is_marked_and_lies_before_publication(key: str) -> None:
    order, published = order_of(key), date.fromisoformat(CASES[key]["published"])
    assert "演示设定" in order.inspection.summary
    assert "演示" in order.enterprise.note
    assert order.served_on < published
    assert order.inspection.day < published


@pytest.mark.parametrize("key", CASES)
def test_the_six_show_every_outcome(key: str) -> None:
    assert order_of(key).verdict == VERDICTS[key]


def test_the_order_that_was_not_met_went_on_into_its_case() -> None:
    order = order_of("S1-4")
    assert order.state == OrderState.ESCALATED
    assert order.cases.get().origin == "unmet_order"


def test_donglan_was_put_right_on_the_spot_on_the_published_day() -> None:
    order = order_of("S2-1")
    day = date.fromisoformat(CASES["S2-1"]["decided"])
    assert order.cases.get().decided_on == order.served_on == order.due_on == day
    assert order.corrections.get().on_the_spot
    finding = order.inspection.findings.get(ordinal=1)
    assert finding.records_affected == 400
    assert finding.quantity == "400余条"
    assert [str(word) for word in finding.pii_words] == CASES["S2-1"]["data_categories"]


def test_more_time_was_refused_once_and_granted_once() -> None:
    assert order_of("S1-3").extensions.get().state == "refused"
    assert order_of("S1-5").extensions.get().state == "granted"
    assert order_of("S1-3").reinspections.count() == 2


def test_a_note_stands_beside_the_published_citation_of_consent() -> None:
    finding = order_of("S1-1").inspection.findings.get(violation_type="NO_CONSENT")
    cited = [(c.role, c.article) for c in finding.citations.select_related("article")]
    notes = citations.notes(finding.violation_type, cited, finding.act_on)
    offered = {article.ref for note in notes for article in note.articles}
    assert any(ref.startswith("CSL@2016:41") for ref in offered)


# --- The invented ones ----------------------------------------------------------------------------


def test_every_situation_is_there() -> None:
    orders = Order.objects.filter(inspection__started_at__year=TODAY.year)
    words = Counter(str(order.phase(TODAY)[1]) for order in orders)
    assert set(words) >= {
        "起草中", "已退回", "待审批", "待签发", "待送达", "改正期限内", "已逾期", "期限中止",
        "延期待审批", "待复查", "待作出结论", "提前改正", "按期改正", "逾期改正", "部分改正",
    }  # fmt: skip
    due = set(orders.running().values_list("due_on", flat=True))
    assert {date(2026, 11, 19), date(2026, 11, 23), date(2026, 11, 27)} <= due
    assert orders.filter(extensions__state="granted", due_on__gte=TODAY).exists()
    assert orders.filter(judged_at__month=TODAY.month, verdict=Verdict.MET_ON_TIME).exists()
    assert Inspection.objects.filter(state="draft", created_by__username="inspector").exists()


def test_everything_says_that_it_is_a_demonstration() -> None:
    assert not Unit.objects.filter(is_demonstration=False).exists()
    assert not Enterprise.objects.filter(is_demonstration=False).exists()
    assert not User.objects.filter(is_demonstration=False).exists()
    assert Notice.objects.exists()
    assert not Notice.objects.filter(is_demonstration=False).exists()
    published = {case["enterprise"] for case in CASES.values()}
    for enterprise in Enterprise.objects.exclude(name__in=published):
        assert enterprise.name.endswith("（演示）")
    assert Evidence.objects.count() > len(published)


def test_numbers_and_days_of_issue_agree() -> None:
    for unit, kind in product(Unit.objects.all(), kinds.codes()):
        papers = Notice.objects.filter(unit=unit, kind=kind)
        issued = list(papers.order_by("year", "serial").values_list("issued_at"))
        assert issued == sorted(issued)


def test_act_and_entry_are_kept_apart() -> None:
    event = apps.get_model("audit.Event").objects.get(
        verb="orders.issue", subject_id=str(order_of("S1-1").pk)
    )
    assert event.happened_at.date() == date(2024, 12, 6)
    assert event.entered_at.date() > event.happened_at.date()


def test_a_rare_character_is_among_the_names() -> None:
    assert Enterprise.objects.filter(legal_representative="陈䶮").exists()


@pytest.mark.parametrize("login", ground.logins(), ids=lambda login: login["username"])
def test_each_login_works(login: dict[str, str], settings: Any) -> None:
    request = RequestFactory().post("/login/")
    user = authenticate(request, username=login["username"], password=login["password"])
    assert user is not None
    assert user.name in login["name"]
    assert not user.must_change_password


def test_one_certificate_has_expired() -> None:
    expired = User.objects.get(username="expired")
    assert not expired.certificate_valid_on(TODAY)
    assert not expired.has_usable_password()


# --- Refusals -------------------------------------------------------------------------------------


def test_real_records_keep_the_demonstration_away() -> None:
    UnitFactory(name="真实单位", is_demonstration=False)
    with pytest.raises(loading.NotADemonstration, match="真实单位"):
        loading.load(NOW)
    with pytest.raises(CommandError, match="真实单位"):
        call_command("load_demo", "--reset")
    assert Order.objects.exists()


def test_production_is_never_emptied(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("load_demo", "--reset")


# --- Secrets --------------------------------------------------------------------------------------


def test_no_seeded_number_lies_open(media: Path, caplog: pytest.LogCaptureFixture) -> None:
    numbers = ground.seeded_numbers()
    assert len(numbers) > 40
    with caplog.at_level(logging.DEBUG):
        loading.load(NOW)
    assert leaks.in_database(numbers) == []
    assert leaks.in_folder(media, numbers) == []
    assert leaks.in_bytes(caplog.text.encode(), numbers) == []
