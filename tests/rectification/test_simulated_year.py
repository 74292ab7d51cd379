"""A small simulated year (`bench.year`): the end is the same, whatever stops and comes late."""

from datetime import date

import pytest
from django.db import transaction

from bench.year import compare, world
from bench.year.run import Disturbed, Straight
from tests.factories.legal import load_law

ORDERS, DAYS, SEED = 16, 12, 20250110
END = date(2025, 4, 20)

pytestmark = pytest.mark.django_db


def test_facts_in_any_order_and_a_beat_that_stops_lead_to_the_same_end() -> None:
    load_law()
    with world.quiet():
        house = world.build(ORDERS, DAYS, SEED)
        with transaction.atomic():
            telling = Straight(house, seed=SEED)
            straight = telling.run(END)
            transaction.set_rollback(True)
    with world.quiet():
        disturbed = Disturbed(house, telling.script, seed=SEED, together=False).run(END)

    found = compare.differences(straight, disturbed)
    assert found == {promise: [] for promise in found}
    assert not thin(compare.figures(straight, disturbed))

    # It would notice: a reminder too few, another verdict, a deadline that ended earlier.
    disturbed.said.popitem()
    disturbed.orders[0] = ("served", *disturbed.orders[0][1:])
    disturbed.deadlines[1] = []
    noticed = {
        promise for promise, each in compare.differences(straight, disturbed).items() if each
    }
    assert noticed >= {
        "orders whose state, verdict or days differ",
        "orders whose deadlines differ",
        "reminders of the disturbed run against the oracle",
    }


def thin(figures: dict[str, int]) -> list[str]:
    """Figures that are 0: then the year would show nothing of them."""
    spared = {"workers killed"}  # the dice may spare a small year
    return [name for name, figure in figures.items() if not figure and name not in spared]
