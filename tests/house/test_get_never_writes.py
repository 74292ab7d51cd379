"""Looking changes nothing: no GET or HEAD writes a row or a file, except those that are listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from look import context as look_context
from tests.house.addresses import ADDRESSES, Address
from tests.house.test_access import PAGE, expected, text
from tests.house.world import ACTORS, World, changed, untouched, written

LOOKS = [address for address in ADDRESSES if "GET" in address.methods]

#: Addresses that may write on a GET, what, and why.
WRITES = {
    "bulletins:pdf": ({"audit_event"}, "who took the file out is on the record"),
    "bulletins:docx": ({"audit_event"}, "who took the file out is on the record"),
    "bulletins:html": ({"audit_event"}, "who took the file out is on the record"),
    "notices:pdf": ({"audit_event"}, "who took the paper out is on the record"),
    "notices:batch_file": ({"audit_event"}, "who took the papers out is on the record"),
    "orders:file": ({"audit_event"}, "who took the file out is on the record"),
    "orders:proof": ({"audit_event"}, "who took the receipt out is on the record"),
}


def files(folder: Path) -> set[tuple[str, int]]:
    return {(str(each), each.stat().st_mtime_ns) for each in folder.rglob("*")}


@pytest.mark.parametrize("address", LOOKS, ids=str)
def test_get_never_writes(world: World, address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """By PostgreSQL's own count of rows written, for everybody who may look."""
    if address.name != "desk":  # the counts of the layout are read there for all pages
        monkeypatch.setattr(look_context, "_fillers", [])
    allowed, _why = WRITES.get(address.name, (set(), ""))
    stored = files(world.media)
    for actor in ACTORS:
        if expected(address, actor, "own", "GET") != PAGE:
            continue
        for method in ("get", "head"):
            with untouched():
                before = written()
                response = getattr(world.client(actor), method)(address.path(world))
                text(response)  # what streams must run to its end
                wrote = changed(before)
            assert response.status_code < 400, f"{address} as {actor}: {response.status_code}"
            assert wrote <= allowed, f"{method} {address} as {actor} wrote {wrote}"
    assert files(world.media) == stored


def test_the_list_of_exceptions_is_no_longer_than_it_must_be(world: World) -> None:
    for address in ADDRESSES:
        if address.name in WRITES:
            before = written()
            with untouched():
                world.client("supervisor").get(address.path(world))
            assert changed(before) == WRITES[address.name][0], address.name


def test_a_first_look_writes_the_session_alone(world: World) -> None:
    """The moment of log-in and the last sign of life stand in the session, nowhere else."""
    client = world.client("inspector")
    session = client.session
    del session["seen"]
    session.save()
    before = written()
    with untouched():
        assert client.get("/").status_code == 200
    assert changed(before) == {"django_session"}
