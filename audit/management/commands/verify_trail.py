"""Verify the record: every event unchanged, none missing, none slipped in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import chain


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            action="store_true",
            help="print only the head of the chain, to be kept outside the database",
        )
        parser.add_argument(
            "--since-anchor",
            metavar="FILE",
            type=Path,
            help="also check that the chain still goes through the anchors in FILE, one a line",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["anchor"]:
            self.stdout.write(str(chain.head()))
            return
        anchors = self._anchors(options["since_anchor"])
        sound, fault = chain.verify()
        for anchor in anchors:
            fault = fault or chain.anchor_fault(anchor)
        if fault is not None:
            where = f"event {fault.event}" if fault.event else "an event"
            place = f" at position {fault.seq}" if fault.seq else ""
            raise CommandError(
                f"The record is broken. First bad: {where}{place}: {fault.text}. "
                f"{sound} events before it are sound."
            )
        self.stdout.write(f"The record is whole: {sound} events. Head: {chain.head()}")

    @staticmethod
    def _anchors(file: Path | None) -> list[chain.Anchor]:
        if file is None:
            return []
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
            anchors = [chain.Anchor.parse(line) for line in lines if line.strip()]
        except (OSError, ValueError) as error:
            raise CommandError(f"The anchor file does not read: {error}") from error
        if not anchors:
            raise CommandError("The anchor file is empty; nothing was compared.")
        return anchors
