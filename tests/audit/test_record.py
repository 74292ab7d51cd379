"""Recording: what a line holds, what it never holds, and that nothing alters it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from accounts.models import Unit
from audit import context, trail
from audit.models import Event, Link
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.audit import AT, chain_now, event

pytestmark = pytest.mark.django_db


def test_a_line_says_who_what_when_and_why() -> None:
    user = UserFactory(name="韦志强")
    unit = UnitFactory(name="南宁市公安局")
    with context.from_source(context.Source("r1", "10.0.0.7")):
        line = event("test.touch", unit, by=user, reason="依法办理", data={"n": 1})
    line.refresh_from_db()
    assert (line.actor, line.actor_name, line.unit_id) == (user, "韦志强", unit.pk)
    assert (line.subject_type, line.subject_id) == ("accounts.unit", str(unit.pk))
    assert (line.subject_label, line.reason, line.data) == ("南宁市公安局", "依法办理", {"n": 1})
    assert (line.ip, line.request_id) == ("10.0.0.7", "r1")


def test_happened_and_entered_are_two_times() -> None:
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        line = event(at=AT)
    assert line.happened_at == AT
    assert line.entered_at == datetime(2026, 11, 22, tzinfo=UTC)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        event(at=datetime(2025, 1, 1))


def test_the_name_stays_as_it_was_then() -> None:
    user = UserFactory(name="旧名")
    line = event(by=user)
    user.name = "新名"
    user.save()
    line.refresh_from_db()
    assert line.actor_name == "旧名"


def test_personal_numbers_never_enter() -> None:
    line = event(
        reason="当事人电话13812345678",
        data={"a": ["身份证11010519491231002X"], "b": {"c": "13912345678"}},
    )
    for number in ("13812345678", "11010519491231002X", "13912345678"):
        assert number not in line.payload
    assert "138****5678" in line.reason


def test_nul_and_strange_values_do_not_break_the_record() -> None:
    line = event(reason="a\x00b", data={"when": AT, "x": 1.5, "who": UserFactory(name="李")})
    line.refresh_from_db()
    assert (line.reason, line.data["x"], line.data["who"]) == ("ab", "1.5", "李")
    with pytest.raises(TypeError, match="object"):
        event(data={"x": object()})


def test_the_payload_is_rebuilt_from_the_columns_byte_for_byte() -> None:
    with context.from_source(context.Source("r", "2001:db8::1")):
        line = event(
            subject=UnitFactory(), by=UserFactory(), data={"b": 1, "a": ["ü", None, True, 10**15]}
        )
    assert trail.canonical(Event.objects.get(pk=line.pk)) == line.payload


def test_describe_is_a_sentence() -> None:
    trail.words({"test.issue": "签发"})
    line = event(
        "test.issue",
        UnitFactory(name="整改通知书 南公（网安）责通字〔2025〕12号"),
        by=UserFactory(name="韦志强"),
    )
    assert trail.describe(line) == "韦志强 签发 整改通知书 南公（网安）责通字〔2025〕12号"
    assert trail.describe(event("test.issue")) == "系统 签发"
    user = UserFactory(name="李审")
    assert trail.describe(event("test.issue", user, by=user)) == "李审 签发"


def test_timeline_is_newest_first_in_one_query(django_assert_num_queries: Any) -> None:
    a, b, c = UnitFactory(), UnitFactory(), UnitFactory()
    first = event("t.1", a, at=AT)
    second = event("t.2", b, at=AT + timedelta(days=1))
    late = event("t.3", a, at=AT + timedelta(hours=1))
    event("t.4", c)
    with django_assert_num_queries(1):
        told = list(trail.timeline(a, also=[b]))
        assert told == [second, late, first]
        assert trail.story(told)[0]["at"] == timezone.localtime(second.happened_at)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET reason = 'x'",
        "DELETE FROM audit_event",
        "UPDATE audit_link SET hash = 'x'",
        "DELETE FROM audit_link",
        "INSERT INTO audit_link (seq, event_id, prev, hash) VALUES (99, 1, 'a', 'b')",
    ],
)
def test_the_record_refuses_change(sql: str) -> None:
    event()
    chain_now()
    with (
        pytest.raises(DatabaseError, match=r"append-only|by the database alone"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize("table", ["audit_event", "audit_link"])
def test_truncate_is_refused_without_the_tests_own_setting(table: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL zhenggai.allow_truncate = 'off'")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("column", ["verb", "actor_name"])
def test_a_line_without_verb_or_actor_is_refused(column: str) -> None:
    line = Event(happened_at=AT, entered_at=AT, actor_name="a", verb="v", payload="{}")
    setattr(line, column, "")
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()


def test_a_unit_or_person_on_the_record_cannot_be_deleted() -> None:
    user = UserFactory()
    event(subject=user.unit, by=user)
    with pytest.raises(IntegrityError):
        user.delete()
    with pytest.raises(IntegrityError):
        Unit.objects.get(pk=user.unit_id).delete()


def test_the_chain_links_each_event_to_the_one_before() -> None:
    lines = [event(reason=str(n)) for n in range(3)]
    chain_now()
    links = list(Link.objects.order_by("seq"))
    assert [link.event_id for link in links[-3:]] == [line.pk for line in lines]
    for before, after in pairwise(links):
        assert after.prev == before.hash
        assert after.seq == before.seq + 1


def test_act_and_line_stand_or_fall_together() -> None:
    unit = UnitFactory(name="一")

    @transaction.atomic
    def act() -> None:
        Unit.objects.filter(pk=unit.pk).update(name="二")
        trail.record("t.x", unit, by=None, at=datetime(2025, 1, 1))

    with pytest.raises(ValueError, match="aware"):
        act()
    unit.refresh_from_db()
    assert unit.name == "一"
