"""The house's own rules: the nearest unit's, from their day on, and never changed after it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from deadlines import policies
from deadlines.models import Policy, Rung
from tests.factories.accounts import UnitFactory, UserFactory

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


# --- In the back room -----------------------------------------------------------------------------

ADD = "admin:deadlines_policy_add"


@pytest.fixture
def root():
    return UnitFactory(name="某省公安厅网安总队")


@pytest.fixture
def room(client, root):
    client.force_login(UserFactory(unit=root, system_admin=True))
    return client


def typed(page, **changes):
    """What a browser posts of the page as it stands, with some values changed."""
    data = {}
    for form in (page.context["adminform"].form, *page.context["inline_admin_formsets"][0].formset):
        for bound in form:
            data[bound.html_name] = bound.value()
    management = page.context["inline_admin_formsets"][0].formset.management_form
    data |= {bound.html_name: bound.value() for bound in management}
    return {key: "" if value is None else value for key, value in (data | changes).items()}


def test_a_new_policy_begins_with_the_one_in_effect(room, later):
    page = room.get(reverse(ADD))
    form = page.context["adminform"].form
    assert form.initial["max_extensions"] == 2
    assert form.initial["effective_from"] == timezone.localdate() + timedelta(days=1)
    answer = room.post(reverse(ADD), typed(page, effective_from=later, max_extensions=1))
    assert answer.status_code == 302, answer.context["errors"]
    made = Policy.objects.get()
    assert (made.unit, made.max_extensions, made.entered_on) == (None, 1, timezone.localdate())
    # The ladder came over whole, also the rungs that nobody touched.
    facts = ("kind", "offset", "measure", "repeat_every", "audience")
    of_today = policies.ladder(policies.built_in())
    assert sorted(made.rungs.values_list(*facts), key=str) == sorted(
        (tuple(getattr(rung, name) for name in facts) for rung in of_today), key=str
    )
    event = Event.objects.latest("id")
    assert event.verb == "admin.added"
    assert "-3 自然日 承办人、企业" in event.data["changes"]["rungs"][1]


def test_the_unit_of_the_administrator_decides_what_is_prefilled(client, root):
    city = UnitFactory(parent=root)
    policy(city, max_extensions=4, reinspect_within=9)
    client.force_login(UserFactory(unit=city, system_admin=True))
    page = client.get(reverse(ADD))
    initial = page.context["adminform"].form.initial
    assert (initial["unit"], initial["reinspect_within"]) == (city.pk, 9)
    refused = client.post(reverse(ADD), typed(page, unit=""))
    assert "请选择单位" in refused.content.decode()
    foreign = client.post(reverse(ADD), typed(page, unit=root.pk))
    assert foreign.status_code == 200
    assert Policy.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"effective_from": timezone.localdate()}, "施行日期最早为明天"),
        ({"reinspect_within": 0}, "大于或等于"),
        ({"rungs-0-measure": "share", "rungs-0-offset": 101}, "百分比须在 1 至 100 之间"),
        ({"rungs-0-offset": -1, "rungs-0-repeat_every": 7}, "只有届满之后的提醒可以重复"),
        ({"rungs-0-audience": []}, "这个字段是必填项"),
    ],
)
def test_what_cannot_be_is_said_in_words(room, changes, words):
    page = room.get(reverse(ADD))
    answer = room.post(reverse(ADD), typed(page, **changes))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Policy.objects.exists()


def test_what_is_in_effect_is_read_and_says_how_to_change_it(room, root, later):
    old, now = policy(), policy(begins=DAY + timedelta(days=10))
    ahead, own = policy(begins=later), policy(root)
    Rung.objects.create(policy=ahead, offset=1, audience=["officer"])
    text = room.get(reverse("admin:deadlines_policy_changelist")).content.decode()
    assert text.count("现行。不能修改") == 2  # of all units, and of the root
    assert text.count("已由后来的规定取代") == 1
    assert text.count("尚未施行") == 1
    assert "所有单位" in text
    for row in (old, now, own):
        url = reverse("admin:deadlines_policy_change", args=[row.pk])
        page = room.get(url)
        assert "要改的，新增一条" in page.content.decode() or row == old
        assert room.post(url, {"max_extensions": 9}).status_code == 403
        assert room.post(url.replace("change", "delete"), {"post": "yes"}).status_code == 403
    url = reverse("admin:deadlines_policy_change", args=[ahead.pk])
    data = typed(room.get(url), max_extensions=7) | {"rungs-0-audience": ["upper"]}
    assert room.post(url, data).status_code == 302
    ahead.refresh_from_db()
    assert (ahead.max_extensions, ahead.rungs.get().audience) == (7, ["upper"])
    # A policy ahead is never moved into the past.
    assert room.post(url, data | {"effective_from": DAY}).status_code == 200
    assert room.post(url.replace("change", "delete"), {"post": "yes"}).status_code == 302
    assert not Policy.objects.filter(pk=ahead.pk).exists()
