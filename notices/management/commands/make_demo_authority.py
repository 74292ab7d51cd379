"""Certificates for the demonstration units, by an authority that is made here and forgotten.

Does nothing where every demonstration unit has one, or where there is none. `--export FILE` writes
the authorities' certificates, for a PDF reader that is to call a demonstration signature valid.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notices import demo_authority
from notices.models import Certificate


class Command(BaseCommand):
    help = "Make signing certificates for demonstration units that have none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--export", type=Path, help="write the authorities' certificates (PEM)")

    def handle(self, *args: Any, **options: Any) -> None:
        made = demo_authority.ensure(at=timezone.now())
        if made and options["verbosity"]:
            self.stdout.write(f"{len(made)} demonstration certificates made.")
        if options["export"]:
            chains = Certificate.objects.filter(is_demonstration=True).values_list(
                "chain", flat=True
            )
            begin = "-----BEGIN CERTIFICATE-----"
            roots = dict.fromkeys(begin + chain.rpartition(begin)[2] for chain in chains)
            options["export"].write_text("".join(roots), encoding="ascii")
