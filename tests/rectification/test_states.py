"""The table of moves, the words of the phases, and what each state offers."""

from collections.abc import Callable
from datetime import date

import pytest

from audit import trail
from rectification import page
from rectification.acts import ACTS, STAGES
from rectification.models import Extension, ExtensionState, Order, OrderState, Outcome
from rectification.urls import urlpatterns
from tests.factories.rectification import DUE_ON, SERVED_ON, Desk, at

AFTER = date(2025, 2, 13)


def test_every_state_is_reachable_and_in_the_table() -> None:
    assert set(Order.MOVES) == set(OrderState)
    reached, frontier = {OrderState.DRAFT}, [OrderState.DRAFT]
    while frontier:
        for step in Order.MOVES[frontier.pop()]:
            if step not in reached:
                reached.add(OrderState(step))
                frontier.append(OrderState(step))
    assert reached == set(OrderState)
    assert set(Extension.MOVES) == set(ExtensionState)


def test_each_act_has_one_word_an_address_a_question_and_a_line() -> None:
    names = {pattern.name for pattern in urlpatterns}
    known = trail.known_words()
    for name, act in ACTS.items():
        assert name in names
        assert act.ask.__name__ == f"can_{name}"
        assert known[f"orders.{name}"] == str(act.word)
    assert set(STAGES) == set(OrderState)


MADE: dict[str, Callable[[Desk], Order]] = {
    "draft": lambda desk: desk.draft(),
    "submitted": lambda desk: desk.submitted(),
    "approved": lambda desk: desk.approved(),
    "issued": lambda desk: desk.issued(),
    "served": lambda desk: desk.served(),
    "reported": lambda desk: desk.report(desk.served(), DUE_ON),
    "judged": lambda desk: desk.judged(),
    "unmet": lambda desk: desk.judged(on=AFTER, outcome=Outcome.UNCHANGED),
}


@pytest.mark.parametrize("made", MADE)
def test_whatever_can_be_done_is_offered(desk: Desk, made: str) -> None:
    """No act is possible that the page of its state does not name."""
    order = MADE[made](desk)
    for user in (desk.inspector, desk.supervisor):
        for day in (SERVED_ON, AFTER):
            possible = {name for name, act in ACTS.items() if not act.ask(order, user, day)}
            assert possible <= set(STAGES[order.state]), made


@pytest.mark.parametrize("made", MADE)
def test_the_page_offers_at_most_one_primary_act(desk: Desk, made: str) -> None:
    order = MADE[made](desk)
    for user in (desk.inspector, desk.supervisor):
        shown = page.offered(order, user, AFTER)
        assert sum(act["primary"] for act in shown) <= 1
        assert all(act["reasons"] for act in shown if not act["url"])


@pytest.mark.parametrize("made", MADE)
def test_every_reason_has_words_and_its_article_reads(desk: Desk, made: str) -> None:
    order = MADE[made](desk)
    for act in ACTS.values():
        for reason in act.ask(order, desk.inspector, AFTER):
            assert str(reason).endswith("。")
            shown = page.shown([reason])[0]
            assert "@" not in shown["basis"]


def test_the_words_of_the_phases(desk: Desk) -> None:
    seen = [
        MADE[made](desk).phase(AFTER)
        for made in ("draft", "submitted", "approved", "issued", "served", "reported", "unmet")
    ]
    assert [(group, str(word)) for group, word in seen] == [
        ("wait", "起草中"),
        ("wait", "待审批"),
        ("wait", "待签发"),
        ("wait", "待送达"),
        ("over", "已逾期"),
        ("wait", "待复查"),
        ("refused", "未改正"),
    ]


def test_the_record_reads_as_a_sentence(desk: Desk) -> None:
    order = desk.issued()
    event = trail.timeline(order).filter(verb="orders.issue").get()
    assert trail.describe(event) == "覃海波 签发 南公（网安）责通字〔2025〕1号"
    assert event.happened_at == at(date(2025, 1, 8), 17)
