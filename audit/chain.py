"""Is the record whole? Walks the chain and names the first event that is not right.

The chain alone cannot tell that its end was cut off: keep the head (`anchor`) somewhere else and
compare (`since`).
"""

import hashlib
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from audit import trail
from audit.models import Event, Link

START = "0" * 64
BATCH = 2000


@dataclass(frozen=True)
class Fault:
    """The first thing that is not right; `event` is None when it is missing."""

    seq: int | None
    event: int | None
    text: str


@dataclass(frozen=True)
class Anchor:
    """A head of the chain: position and hash."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"

    @classmethod
    def parse(cls, line: str) -> "Anchor":
        """Raises ValueError for anything but "<seq> <64 hexadecimal digits>"."""
        seq, digest = line.split()[:2]
        if len(digest) != 64 or int(digest, 16) < 0:
            raise ValueError(f"not an anchor: {line!r}")
        return cls(int(seq), digest.lower())


def head() -> Anchor:
    """The last link; position 0 while nothing was ever recorded."""
    last = Link.objects.order_by("-seq").first()
    return Anchor(last.seq, last.hash) if last else Anchor(0, START)


def anchor_fault(anchor: Anchor) -> Fault | None:
    """Whether the chain still goes through an anchor that was kept elsewhere."""
    if anchor.seq == 0:
        return None
    link = Link.objects.filter(seq=anchor.seq).first()
    if link is None:
        last = Link.objects.aggregate(last=Max("seq"))["last"] or 0
        return Fault(
            anchor.seq,
            None,
            f"the chain was cut off: it ends at {last}, the anchor is {anchor.seq}",
        )
    if link.hash != anchor.hash:
        return Fault(anchor.seq, link.event_id, "the chain was rewritten: another hash than then")
    return None


_COLUMNS = [
    "actor_id",
    "actor_name",
    "data",
    "entered_at",
    "happened_at",
    "ip",
    "reason",
    "request_id",
    "subject_type",
    "subject_id",
    "subject_label",
    "unit_id",
    "verb",
]
_Row = namedtuple("_Row", ["seq", "prev", "hash", "event_id", "payload", *_COLUMNS])  # type: ignore[misc]


def _rows() -> Iterator[Any]:
    """Every link with its event, by position, in batches; bare rows, since a million may come."""
    fields = ["seq", "prev", "hash", "event_id", "event__payload"]
    fields += [f"event__{name}" for name in _COLUMNS]
    after = 0
    while True:
        rows = list(Link.objects.filter(seq__gt=after).order_by("seq").values_list(*fields)[:BATCH])
        if not rows:
            return
        yield from map(_Row._make, rows)
        after = rows[-1][0]


def _gap(position: int, following: int | None) -> Fault:
    if Link.objects.filter(seq=position).exists():
        return Fault(position, None, "the event was deleted")
    return Fault(position, None, f"link {position} is missing; {following} follows")


def verify() -> tuple[int, Fault | None]:
    """The number of sound links, and the first fault or None."""
    sound, previous = 0, START
    for row in _rows():
        position = sound + 1
        if row.seq != position:
            return sound, _gap(position, row.seq)
        if trail.canonical(row) != row.payload:
            return sound, Fault(
                position, row.event_id, "the columns do not say what the payload says"
            )
        if row.prev != previous:
            return sound, Fault(position, row.event_id, "it does not follow the event before it")
        if row.hash != hashlib.sha256((previous + row.payload).encode()).hexdigest():
            return sound, Fault(position, row.event_id, "its text was changed afterwards")
        sound, previous = position, row.hash
    if Link.objects.filter(seq__gt=sound).exists():
        return sound, _gap(sound + 1, None)
    loose = Event.objects.filter(link__isnull=True).order_by("pk").first()
    if loose is not None:
        return sound, Fault(None, loose.pk, "it was slipped in beside the chain")
    return sound, None
