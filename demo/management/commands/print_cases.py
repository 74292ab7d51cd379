"""Write docs/cases.md from the demonstration: `print_cases FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo import cases_page
from penalties.models import Case


class Command(BaseCommand):
    help = "Write the page of the six published cases, as the demonstration decided them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = cases_page.document()
        except Case.DoesNotExist as lacking:
            raise CommandError("the demonstration is not loaded: run load_demo first") from lacking
        options["file"].write_text(text, encoding="utf-8")
