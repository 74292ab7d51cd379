"""Compare every stored PDF with what was written down when it was printed.

Re-hashes the stored bytes and the frozen words; where the renderer is the same (fingerprint),
prints again and compares byte for byte. Also: numbers of each series without a gap. Exit 1 and
one line for each fault.
"""

import hashlib
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Max

from jobs.registry import Hopeless, NotYet
from notices import press, printing
from notices.models import Notice, Series
from vault import files


class Command(BaseCommand):
    help = "Re-hash the stored papers; print again where the renderer is the same."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-print", action="store_true", help="compare hashes only")

    def handle(self, *args: Any, **options: Any) -> None:
        fingerprint = "" if options["no_print"] else self._fingerprint()
        checked = printed_again = 0
        faults = list(_gaps())
        for notice in Notice.objects.select_related("pdf", "seal").order_by("issued_at").iterator():
            faults += _altered(notice)
            checked += 1
            if notice.pdf is not None and fingerprint and notice.fingerprint == fingerprint:
                faults += _differs(notice)
                printed_again += 1
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in {checked} notices")
        self.stdout.write(f"{checked} notices as issued, {printed_again} printed again and equal")

    def _fingerprint(self) -> str:
        try:
            return str(press.load().fingerprint())
        except NotYet as lacking:
            self.stderr.write(f"hashes only: {lacking}")
            return ""


def _gaps() -> Iterator[str]:
    """Series whose numbers are not 1 to n, each once."""
    held = {
        (row["unit"], row["kind"], row["year"]): (row["count"], row["last"])
        for row in Notice.objects.values("unit", "kind", "year")
        .annotate(count=Count("pk"), last=Max("serial"))
        .order_by()
    }
    for series in Series.objects.all():
        found = held.get((series.unit_id, series.kind, series.year), (0, 0))
        if found != (series.last, series.last):
            yield f"series {series}: {found[0]} notices, highest {found[1]}"


def _altered(notice: Notice) -> Iterator[str]:
    if hashlib.sha256(notice.words.encode()).hexdigest() != notice.words_sha256:
        yield f"{notice}: the words are not those that were issued"
    if notice.pdf is None:
        return
    try:
        data = files.read(notice.pdf)
    except files.Damaged as damage:
        yield f"{notice}: {damage}"
        return
    if hashlib.sha256(data).hexdigest() != notice.pdf_sha256:
        yield f"{notice}: the PDF is not the one that was printed"


def _differs(notice: Notice) -> Iterator[str]:
    try:
        if printing.render(notice).sha256 != notice.pdf_sha256:
            yield f"{notice}: the same renderer prints other bytes"
    except Hopeless as reason:
        yield f"{notice}: does not print again: {reason}"
