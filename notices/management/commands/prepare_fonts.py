"""Once at deployment and at each start: check the faces, write fonts.conf, fill its cache.

Prints the path that FONTCONFIG_FILE has to name, alone on the last line.
"""

import shutil
import subprocess
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notices import faces


class Command(BaseCommand):
    help = "Check the document faces and write var/fonts/fonts.conf."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help="do not compare checksums")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = [] if options["quick"] else faces.faults()
        if faults:
            raise CommandError("The document faces are not as committed: " + "; ".join(faults))
        path = faces.write_conf()
        cache = shutil.which("fc-cache")
        if cache and not any((path.parent / "cache").iterdir()):
            subprocess.run(  # noqa: S603 - a fixed command
                [cache, str(faces.FONTS)], env={"FONTCONFIG_FILE": str(path)}, check=False
            )
        self.stdout.write(str(path))
