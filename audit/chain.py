"""Is the record whole? Walks the chain and names the first event that is not right.

The chain alone cannot tell that its end was cut off: keep the head (`anchor`) somewhere else and
compare (`since`).
"""

import hashlib
from dataclasses import dataclass

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


def _event_fault(seq: int, event: Event | None) -> Fault | None:
    if event is None:
        return Fault(seq, None, "the event was deleted")
    if trail.canonical(event) != event.payload:
        return Fault(seq, event.pk, "the columns do not say what the payload says")
    return None


def verify() -> tuple[int, Fault | None]:
    """The number of sound links, and the first fault or None."""
    expected, previous = 1, START
    after = 0
    while True:
        links = list(Link.objects.filter(seq__gt=after).order_by("seq")[:BATCH])
        if not links:
            break
        events = Event.objects.in_bulk([link.event_id for link in links])
        for link in links:
            event = events.get(link.event_id)
            if link.seq != expected:
                return expected - 1, Fault(
                    expected, None, f"link {expected} is missing; {link.seq} follows"
                )
            if fault := _event_fault(link.seq, event):
                return expected - 1, fault
            assert event is not None
            digest = hashlib.sha256((previous + event.payload).encode()).hexdigest()
            if link.prev != previous:
                return expected - 1, Fault(
                    link.seq, event.pk, "it does not follow the event before it"
                )
            if link.hash != digest:
                return expected - 1, Fault(link.seq, event.pk, "its text was changed afterwards")
            expected, previous = expected + 1, link.hash
        after = links[-1].seq
    loose = Event.objects.filter(link__isnull=True).order_by("pk").first()
    if loose is not None:
        return expected - 1, Fault(None, loose.pk, "it was slipped in beside the chain")
    return expected - 1, None
