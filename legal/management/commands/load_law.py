"""Bring the register of law and the working calendars up to the project's data files."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from legal import loading


class Command(BaseCommand):
    """`manage.py load_law`: safe to run again; says what changed and never deletes an article."""

    help = "Load laws, articles, violation types, time limits and calendars from legal/data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="also take back entries that administrators keep by hand",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = loading.load(overwrite=options["overwrite"])
        except loading.BrokenData as error:
            raise CommandError(str(error)) from error
        for name in report.added if options["verbosity"] > 1 else []:
            self.stdout.write(f"added    {name}")
        for name, columns in report.changed.items():
            self.stdout.write(f"changed  {name}: {', '.join(sorted(set(columns)))}")
        for name in report.kept:
            self.stdout.write(f"kept     {name}: edited by hand, differs from the data")
        for name in report.unknown:
            self.stdout.write(f"extra    article {name}: not in the data, left as it is")
        self.stdout.write(
            f"Law: {len(report.added)} added, {len(report.changed)} changed, "
            f"{report.same} unchanged, {len(report.kept)} kept by hand."
        )
