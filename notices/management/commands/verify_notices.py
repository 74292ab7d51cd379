"""Compare every stored PDF with what was written down when it was printed.

Re-hashes the stored bytes and the frozen words; checks that each signature still covers its file,
is that of the certificate on record, and that the print whose hash was taken before signing is
still inside; where the renderer is the same (fingerprint), prints again and compares byte for byte
with the print before signing. Also: numbers of each series without a gap. Exit 1 and one line for
each fault.
"""

import hashlib
from argparse import ArgumentParser
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Max

from jobs.registry import Hopeless, NotYet
from notices import press, printing, signing
from notices.models import Notice, Series
from vault import files


class Command(BaseCommand):
    help = "Re-hash the stored papers; print again where the renderer is the same."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-print", action="store_true", help="compare hashes only")

    def handle(self, *args: Any, **options: Any) -> None:
        fingerprint = "" if options["no_print"] else self._fingerprint()
        pades = self._pades()
        checked = signed = printed_again = 0
        faults = list(_gaps())
        rows = Notice.objects.select_related("pdf", "seal", "certificate").order_by("issued_at")
        for notice in rows.iterator():
            faults += _altered(notice, pades)
            checked += 1
            signed += notice.certificate is not None and pades is not None
            if notice.pdf is not None and fingerprint and notice.fingerprint == fingerprint:
                faults += _differs(notice)
                printed_again += 1
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in {checked} notices")
        self.stdout.write(
            f"{checked} notices as issued, {signed} with a whole signature, "
            f"{printed_again} printed again and equal"
        )

    def _fingerprint(self) -> str:
        try:
            return press.fingerprint()
        except NotYet as lacking:
            self.stderr.write(f"hashes only: {lacking}")
            return ""

    def _pades(self) -> ModuleType | None:
        try:
            return signing.parts()
        except NotYet as lacking:
            self.stderr.write(f"signatures not checked: {lacking}")
            return None


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


def _altered(notice: Notice, pades: ModuleType | None) -> Iterator[str]:
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
    if notice.certificate is None or pades is None:
        return
    for fault in pades.faults(data, notice.certificate.chain, at=notice.signed_at):
        yield f"{notice}: {fault}"
    if not pades.print_inside(data, notice.unsigned_sha256):
        yield f"{notice}: the print that was signed is not in the file"


def _differs(notice: Notice) -> Iterator[str]:
    try:
        printed = notice.unsigned_sha256 or notice.pdf_sha256
        if printing.render(notice).sha256 != printed:
            yield f"{notice}: the same renderer prints other bytes"
    except Hopeless as reason:
        yield f"{notice}: does not print again: {reason}"
