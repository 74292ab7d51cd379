"""The house's own rules: the nearest unit's, from their day on, and never changed after it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from deadlines import policies
from deadlines.models import Policy, Rung
from tests.factories.accounts import UnitFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


def policy(unit=None, begins=DAY, **rules):
    return Policy.objects.create(
        unit=unit, effective_from=begins, entered_on=begins - timedelta(days=1), **rules
    )


@pytest.fixture
def later():
    """A day on which nothing entered now is in effect yet."""
    return timezone.localdate() + timedelta(days=30)


def test_without_any_the_built_in_rules_hold():
    found = policies.of(UnitFactory(), DAY)
    assert found.pk is None
    assert (found.max_extensions, found.reinspect_within) == (2, 3)
    days = [rung.offset for rung in policies.rungs_for("RECTIFY", policies.ladder(found))]
    assert days == [-7, -3, -1, 0, 1, 3, 10]
    others = [rung.offset for rung in policies.rungs_for("ELSE", policies.ladder(found))]
    assert others == [-1, 0, 1, 8]


def test_the_nearest_unit_decides_from_its_day_on():
    city = UnitFactory()
    county = UnitFactory(parent=city)
    policy(None, max_extensions=5)
    policy(city, max_extensions=4)
    policy(city, begins=DAY + timedelta(days=10), max_extensions=3)
    before, then, after = DAY - timedelta(days=1), DAY, DAY + timedelta(days=10)
    assert [policies.of(county, day).max_extensions for day in (before, then, after)] == [2, 4, 3]
    assert policies.of(UnitFactory(), then).max_extensions == 5


def test_rungs_may_be_set_for_one_kind(later):
    own = policy(begins=later)
    Rung.objects.create(policy=own, kind="RECTIFY", offset=50, measure="share", audience=["upper"])
    Rung.objects.create(policy=own, offset=0, audience=["officer"])
    rungs = policies.ladder(own)
    assert [rung.measure for rung in policies.rungs_for("RECTIFY", rungs)] == ["share"]
    assert [rung.offset for rung in policies.rungs_for("REINSPECT", rungs)] == [0]


@pytest.mark.parametrize(
    ("rules", "constraint"),
    [
        ({"reinspect_within": 0}, "deadlines_policy_positive"),
        ({"max_extension_days": 0}, "deadlines_policy_positive"),
        ({"verdict_basis": "guess"}, "deadlines_policy_basis_known"),
        ({"entered_on": DAY}, "deadlines_policy_looks_ahead"),
    ],
)
def test_the_database_refuses_a_policy_that_cannot_be(rules, constraint):
    facts = {"effective_from": DAY, "entered_on": DAY - timedelta(days=1)} | rules
    with pytest.raises(IntegrityError, match=constraint):
        Policy.objects.create(**facts)


def test_one_policy_a_unit_and_day():
    policy()
    with pytest.raises(IntegrityError, match="deadlines_policy_once_a_day"):
        policy()


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"measure": "share", "offset": 101}, "deadlines_rung_measure"),
        ({"measure": "moon", "offset": 1}, "deadlines_rung_measure"),
        ({"offset": -1, "repeat_every": 7}, "deadlines_rung_repeats_after"),
        ({"offset": 1, "audience": []}, "deadlines_rung_reminds_somebody"),
    ],
)
def test_the_database_refuses_a_rung_that_cannot_be(later, facts, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Rung.objects.create(policy=policy(begins=later), **{"audience": ["officer"]} | facts)


def test_a_rung_stands_once(later):
    own = policy(begins=later)
    Rung.objects.create(policy=own, offset=1, audience=["officer"])
    with pytest.raises(IntegrityError, match="deadlines_rung_once"):
        Rung.objects.create(policy=own, offset=1, audience=["upper"])


def test_what_is_in_effect_stays_as_it_is(later):
    old, ahead = policy(), policy(begins=later)
    rung = Rung.objects.create(policy=ahead, offset=1, audience=["officer"])
    # The day comes.
    Policy.objects.filter(pk=ahead.pk).update(entered_on=DAY, effective_from=DAY + timedelta(1))
    for act in (
        lambda: Policy.objects.filter(pk=old.pk).update(max_extensions=9),
        lambda: Policy.objects.filter(pk=old.pk).delete(),
        lambda: Rung.objects.create(policy=old, offset=1, audience=["officer"]),
        lambda: Rung.objects.filter(pk=rung.pk).update(offset=2),
        lambda: Rung.objects.filter(pk=rung.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="a policy in effect stays"), transaction.atomic():
            act()


def test_what_lies_ahead_may_be_changed_and_dropped(later):
    ahead = policy(begins=later)
    Rung.objects.create(policy=ahead, offset=1, audience=["officer"])
    ahead.max_extensions = 1
    ahead.save()
    ahead.delete()
    assert not Policy.objects.exists()
