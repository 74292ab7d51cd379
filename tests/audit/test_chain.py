"""The chain on real commits: order, and every way of tampering found and named."""

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from accounts.models import Role
from audit import chain
from audit.models import Event, Link
from tests.factories.audit import event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def five() -> list[Event]:
    return [event(reason=f"第{n}条", data={"n": n}) for n in range(1, 6)]


@pytest.fixture
def superuser() -> Iterator[Callable[..., None]]:
    """Somebody with all rights over the database: triggers do not stop them."""

    def run(*statements: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                cursor.execute(statement)

    return run


def verify(**options: Any) -> str:
    out = io.StringIO()
    call_command("verify_trail", stdout=out, **options)
    return out.getvalue()


def test_an_untouched_record_is_whole(five: list[Event]) -> None:
    assert "whole: 5 events" in verify()
    assert verify(anchor=True).split() == ["5", Link.objects.get(seq=5).hash]


TAMPERING = {
    "edit a column": (
        "UPDATE audit_event SET reason = 'x' WHERE id = {2}",
        "columns do not say",
        2,
    ),
    "edit the actor's name": (
        "UPDATE audit_event SET actor_name = 'x' WHERE id = {3}",
        "columns do not say",
        3,
    ),
    "edit column and payload": (
        "UPDATE audit_event SET reason = 'x', payload = replace(payload, '第2条', 'x')"
        " WHERE id = {2}",
        "changed afterwards",
        2,
    ),
    "delete an event": ("DELETE FROM audit_event WHERE id = {3}", "deleted", None),
    "delete a link and its event": (
        "DELETE FROM audit_event WHERE id = {3}; DELETE FROM audit_link WHERE seq = 3",
        "link 3 is missing",
        None,
    ),
    "insert beside the chain": (
        "INSERT INTO audit_event (happened_at, entered_at, actor_name, verb, subject_type,"
        " subject_id, subject_label, reason, data, request_id, payload)"
        " SELECT happened_at, entered_at, actor_name, verb, subject_type, subject_id,"
        " subject_label, reason, data, request_id, payload FROM audit_event WHERE id = {1}",
        "slipped in",
        None,
    ),
    "swap two": (
        "UPDATE audit_link SET event_id = -1 WHERE seq = 2;"
        " UPDATE audit_link SET event_id = {2} WHERE seq = 3;"
        " UPDATE audit_link SET event_id = {3} WHERE seq = 2",
        "changed afterwards",
        3,
    ),
    "break a link": (
        "UPDATE audit_link SET prev = repeat('a', 64) WHERE seq = 4",
        "does not follow",
        4,
    ),
    "forge a hash": (
        "UPDATE audit_link SET hash = repeat('b', 64) WHERE seq = 4",
        "changed afterwards",
        4,
    ),
}


@pytest.mark.parametrize("case", TAMPERING)
def test_tampering_is_found_and_named(
    case: str, five: list[Event], superuser: Callable[..., None]
) -> None:
    statements, says, named = TAMPERING[case]
    ids = {number: line.pk for number, line in enumerate(five, 1)}
    text = statements
    for number, pk in ids.items():
        text = text.replace(f"{{{number}}}", str(pk))
    superuser(*text.split(";"))
    with pytest.raises(CommandError, match=says) as broken:
        verify()
    if named:
        assert f"event {ids[named]} at position" in str(broken.value)


def test_a_cut_tail_is_found_with_an_anchor(
    five: list[Event], superuser: Callable[..., None], tmp_path: Path
) -> None:
    anchors = tmp_path / "anchors"
    anchors.write_text(verify(anchor=True))
    superuser(
        "DELETE FROM audit_link WHERE seq >= 4",
        f"DELETE FROM audit_event WHERE id >= {five[3].pk}",
    )
    assert "whole: 3 events" in verify(), "the chain alone cannot know"
    with pytest.raises(CommandError, match="cut off: it ends at 3"):
        verify(since_anchor=anchors)


def test_a_rewritten_tail_is_found_with_an_anchor(
    five: list[Event], superuser: Callable[..., None], tmp_path: Path
) -> None:
    anchors = tmp_path / "anchors"
    anchors.write_text(f"2 {Link.objects.get(seq=2).hash}\n{verify(anchor=True)}")
    superuser(
        "DELETE FROM audit_link WHERE seq >= 4",
        f"DELETE FROM audit_event WHERE id >= {five[3].pk}",
    )
    event(reason="伪造1")
    event(reason="伪造2")
    assert "whole: 5 events" in verify()
    with pytest.raises(CommandError, match="rewritten"):
        verify(since_anchor=anchors)


@pytest.mark.parametrize("text", ["", "nonsense", "5 abc"])
def test_an_anchor_file_that_says_nothing_is_refused(text: str, tmp_path: Path) -> None:
    anchors = tmp_path / "anchors"
    anchors.write_text(text)
    with pytest.raises(CommandError, match="anchor file"):
        verify(since_anchor=anchors)


def test_the_chain_has_the_order_of_commits() -> None:
    """One transaction writes first and commits last."""
    wrote, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                event(reason="先写后交")
                wrote.set()
                assert may_commit.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert wrote.wait(10)
    event(reason="后写先交")
    may_commit.set()
    thread.join()
    order = [link.event.reason for link in Link.objects.select_related("event")]
    assert order == ["后写先交", "先写后交"]
    assert Event.objects.order_by("pk").first().reason == "先写后交"
    assert chain.verify() == (2, None)


def test_many_writers_make_one_chain() -> None:
    def write() -> None:
        try:
            for number in range(10):
                with transaction.atomic():
                    event(reason=str(number))
                    event(reason=str(number))
                    if number % 3 == 0:
                        transaction.set_rollback(True)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert chain.verify() == (4 * 6 * 2, None)


def test_roles_are_back_after_the_tables_were_emptied() -> None:
    """Other rooms' transactional tests rely on it."""
    assert Role.objects.count() == 6
