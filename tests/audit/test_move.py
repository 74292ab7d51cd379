"""Moving: the only writer of states, and of two people exactly one wins."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from accounts.models import User
from audit import trail
from audit.models import Event
from tests.audit.things import Thing, table
from tests.factories.accounts import UserFactory
from tests.factories.audit import AT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _table() -> Iterator[None]:
    trail.words({"test.issue": "签发", "test.void": "撤回"})
    with table():
        yield


def issue(thing: Thing, by: User, **sets: str) -> Event:
    return trail.move(thing, "issued", by=by, at=AT, verb="test.issue", **sets)


def test_a_move_writes_state_version_columns_and_one_line() -> None:
    user, thing = UserFactory(name="韦志强"), Thing.objects.create()
    line = issue(thing, user, number="12号", secret="13877123456")
    assert (thing.state, thing.version, thing.number) == ("issued", 1, "12号")
    assert Thing.objects.get().secret == "13877123456"
    assert line.data == {"from": "draft", "to": "issued"}
    assert trail.describe(line) == "韦志强 签发 事项 12号"
    assert Event.objects.count() == 1


def test_a_step_that_is_not_in_moves_is_refused() -> None:
    thing = Thing.objects.create(state="void")
    with pytest.raises(trail.Refused, match="现在的状态是“已撤回”，不能办理“签发”。"):
        issue(thing, UserFactory())
    assert not Event.objects.exists()


def test_the_later_one_is_told_who_did_what_when() -> None:
    thing = Thing.objects.create(number="12号")
    first, second = Thing.objects.get(), Thing.objects.get()
    issue(first, UserFactory(name="陈立"))
    with pytest.raises(trail.Decided) as lost:
        trail.move(second, "void", by=UserFactory(), at=AT, verb="test.void")
    text = str(lost.value)
    assert "陈立 已于" in text
    assert "签发" in text
    assert lost.value.event == Event.objects.get()
    thing.refresh_from_db()
    assert thing.state == "issued"


def test_a_form_of_an_older_version_loses_even_in_the_same_state() -> None:
    Thing.objects.create(state="issued")
    stale = Thing.objects.get()
    issue(Thing.objects.get(), UserFactory())
    with pytest.raises(trail.Decided):
        issue(stale, UserFactory())


def test_a_change_that_left_no_line_is_still_noticed() -> None:
    stale = Thing.objects.create()
    Thing.objects.update(version=7)
    with pytest.raises(trail.Decided, match="刚才已被别人改动"):
        issue(stale, UserFactory())


def test_without_the_line_there_is_no_move() -> None:
    thing = Thing.objects.create()
    with pytest.raises(TypeError):
        trail.move(thing, "issued", by=None, at=AT, verb="test.issue", data={"x": object()})
    assert Thing.objects.get().state == "draft"


def decide(
    pk: int, user: User, start: threading.Barrier, won: list[str], lost: list[trail.Decided]
) -> None:
    """One of several people at the same draft, on a connection of their own."""
    try:
        mine = Thing.objects.get(pk=pk)
        start.wait(10)
        with transaction.atomic():
            issue(mine, user)
        won.append(user.name)
    except trail.Decided as refusal:
        lost.append(refusal)
    finally:
        connection.close()


def test_of_many_at_once_exactly_one_wins() -> None:
    users = [UserFactory(name=f"民警{n}") for n in range(4)]
    for number in range(5):
        thing = Thing.objects.create(number=f"{number}号")
        start = threading.Barrier(len(users))
        won: list[str] = []
        lost: list[trail.Decided] = []
        threads = [
            threading.Thread(target=decide, args=[thing.pk, user, start, won, lost])
            for user in users
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        assert len(lost) == len(users) - 1
        assert all(f"{won[0]} 已于" in str(refusal) for refusal in lost)
    assert Event.objects.count() == 5
