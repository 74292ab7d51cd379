"""Load the days off and make-up working days of a year from files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from legal import calendars


class Command(BaseCommand):
    """`manage.py load_calendar FILE…`: JSON of holiday-cn, CSV or .ics; all of them or none."""

    help = (
        "Load working calendars from files: holiday-cn JSON, CSV (日期,名称,类型) or .ics. "
        "Safe to run again. Deadlines that stand do not move: see recheck_deadlines."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--year", type=int, help="the year to take out of a collection")
        parser.add_argument(
            "--status",
            choices=["official", "provisional"],
            default="",
            help="without it: official where the file or --source names the notice",
        )
        parser.add_argument("--source", default="", help="number or address of the notice")

    def handle(self, *args: Any, **options: Any) -> None:
        published = [self._read(file, options) for file in options["files"]]
        changed: set[int] = set()
        with transaction.atomic():
            # By year: the notice of a year may move days of the December before.
            for file, notice in sorted(published, key=lambda pair: pair[1].year):
                was_provisional = calendars.is_provisional(notice.year)
                try:
                    years = calendars.store(notice)
                except calendars.BadCalendar as bad:
                    raise CommandError(f"{file}: {bad}") from bad
                changed |= set(years)
                replaced = was_provisional and notice.status == "official"
                self.stdout.write(
                    f"{notice.year} {notice.status}: {len(notice.off)} days off, "
                    f"{len(notice.work)} make-up days"
                    + ("" if years else ", nothing new")
                    + (", replaces the provisional calendar" if years and replaced else "")
                )
        for effect in calendars.effects(sorted(changed)):
            if effect.number:
                self.stdout.write(
                    f"{effect.number} open deadlines would come out differently; none was "
                    "changed. See manage.py recheck_deadlines."
                )

    def _read(self, file: Path, options: dict[str, Any]) -> tuple[Path, calendars.Published]:
        try:
            return file, calendars.read(
                file.read_bytes(),
                file.name,
                year=options["year"],
                status=options["status"],
                source=options["source"],
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except calendars.BadCalendar as bad:
            raise CommandError(f"{file}: {bad}") from bad
