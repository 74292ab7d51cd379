"""The model of the procedure in small: a short random walk, every verb once, and a gate that is
broken on purpose. `./run bench walk` walks 50,000 steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from penalties.gate import condition
from tests.penalties.walk import Walker
from tests.penalties.walk_acts import ACTS

Way = tuple[str, dict[str, Any]]


def to(name: str, **wants: Any) -> Way:
    return name, wants


FINE, SUSPEND = to("set_item", measure="fine"), to("set_item", measure="suspension")
PROVED = (to("add_exhibit"), to("verify_exhibits"))
#: With everything that an investigation may gather; ended by the report that nothing comes of it.
INQUIRY = (
    to("approve_filing"), to("amend_case"), to("add_findings"), to("drop_finding"),
    to("add_unit"), to("add_person"), to("amend_party"), to("remove_party"), to("record_status"),
    to("record_status", status="standing"), to("add_officer"), to("let_go_officer"),
    to("record_statement"), to("scan_statement"), to("add_exhibit"), to("amend_exhibit"),
    to("exclude_exhibit"), to("restore_exhibit"), to("verify_exhibits"),
    to("preserve"), to("dispose_preservation"), to("send_appraisal"), to("receive_appraisal"),
    to("serve_appraisal_copy"), to("request_recusal"), to("decide_recusal", granted=False),
    to("exclude_days", until=None, ground="other"), to("end_exclusion"),
    to("record_interview"), to("follow_up_interview"),
    to("mark_gravity"), to("refer", whole=True, to="authority"),
    to("record_answer", answer="declined"),
    to("report_findings", proposal="termination"), to("terminate"),
)  # fmt: skip
#: To a hearing that is held, and a decision that is taken back.
HEARD = (
    to("approve_filing"), *PROVED, to("report_findings", proposal="penalty"),
    FINE, to("edit_item", measure="fine"), to("add_circumstance"), to("drop_circumstance"),
    SUSPEND,    to("give_notice", defence="later", hearing="waived"),
    to("change_answer", right="hearing", answer="later"), to("record_defence"),
    to("answer_defence"), to("request_hearing"), to("withdraw_hearing", how="party"),
    to("request_hearing"), to("decide_request", accepted=True), to("appoint_hearing"),
    to("notify_hearing"), to("postpone_hearing"), to("serve_hearing_notice"), to("wait", days=20),
    to("hold_hearing"), to("report_hearing"), to("give_review", opinion="amend"),
    to("follow_up_review"), to("hold_discussion", agreed=True), to("approve_decision", agreed=True),
    to("issue_decision"), to("record_service"), to("lift_measure"), to("withdraw_decision"),
)  # fmt: skip
#: A fine on which everything happens that can; the court ends it.
FINED = (
    to("approve_filing"), *PROVED, to("report_findings", proposal="penalty"), FINE,
    to("give_notice", defence="waived", hearing="waived"), to("approve_decision", agreed=True),
    to("issue_decision"), to("record_service", method="post"), to("record_returned_mail"),
    to("record_service"), to("record_stay"), to("end_stay"),
    to("record_remedy", kind="suit"), to("answer_remedy"),
    to("record_result", result="upheld", effective=False), to("wait", days=20), to("take_effect"),
    to("import_statement", text="货款"), to("match_line"), to("unmatch"), to("set_line_aside"),
    to("record_payment", excess=True), to("refund"), to("void_payment"), to("void_payment"),
    to("ask_plan"), to("decide_plan", granted=False),
    to("wait", days=200), to("make_demand"), to("serve_demand"), to("wait", days=16),
    to("apply_to_court"), to("record_court_result", result="terminated"),
    to("ask_closing", ground="impossible"), to("return_closing"),
    to("ask_closing", ground="impossible"), to("approve_closing"),
)  # fmt: skip
#: A measure with a term of its own, lifted and ended.
STOPPED = (
    to("approve_filing"), *PROVED, to("report_findings", proposal="penalty"),
    FINE, to("remove_item"), SUSPEND,
    to("give_notice", defence="waived", hearing="waived"), to("approve_decision", agreed=True),
    to("issue_decision"), to("record_service"), to("record_check"),
    to("wait", days=40), to("end_measure"),
)  # fmt: skip
ON_THE_SPOT = (
    to("file_with_unit"), to("hand_in"), to("bank_in"),
)  # fmt: skip


@pytest.fixture(scope="module")
def made(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Walker]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Walker(20250120)
        transaction.set_rollback(True)


@pytest.fixture
def walker(made: Walker, db: None) -> Walker:
    """Each test throws the same dice, whichever ran before it."""
    made.dice.seed(made.seed)
    return made


def test_a_short_walk_finds_nothing_wrong(walker: Walker) -> None:
    walker.walk(60)
    assert walker.violations == []


#: A condition that always says yes, the way that it bars, and what the walker says of it.
BROKEN = {
    "approved": (
        [to("give_notice", defence="waived", hearing="waived")],
        "decided without the leader's yes",
    ),
    "defence_over": (
        [to("give_notice", defence="later", hearing="waived"), to("approve_decision", agreed=True)],
        "decided before the time to state a defence was over",
    ),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_gate_is_noticed(
    walker: Walker, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = condition._entries[code]
    open_ = replace(entry, check=lambda asked: condition.met())
    open_.check.__module__ = entry.check.__module__
    monkeypatch.setitem(condition._entries, code, open_)
    way, said = BROKEN[code]
    story = walker.open(findings=1)
    assert story is not None
    start = (to("approve_filing"), *PROVED, to("report_findings", proposal="penalty"), FINE)
    for name, wants in (*start, *way, to("issue_decision")):
        walker.lead(story, name, **wants)
    found = [each.what for each in walker.violations]
    walker.violations.clear()
    assert found == [said]


@pytest.mark.parametrize(
    "tour", [INQUIRY, HEARD, FINED, STOPPED], ids=["inquiry", "heard", "fined", "stopped"]
)
def test_each_verb_is_done(walker: Walker, tour: tuple[Way, ...]) -> None:
    story = walker.open(findings=2)
    assert story is not None
    for name, wants in tour:
        walker.lead(story, name, **wants)
    walker.finish(story)
    assert walker.violations == []


def test_on_the_spot_and_nothing_is_left_out(walker: Walker) -> None:
    story = walker.open_on_the_spot(fined=True, amount=100)
    assert story is not None
    for name, wants in ON_THE_SPOT:
        walker.lead(story, name, **wants)
    assert walker.violations == []
    other = walker.open(beside=True)
    assert other is not None
    walker.lead(other, "adopt_exhibits")
    walker.lead(other, "decline_filing")
    assert {*ACTS} - {*walker.done} == set()
