"""Add the first security administrator, who then adds everybody else in the back room.

The password comes from the variable ZHENGGAI_PASSWORD or is asked for; it must be changed at the
first log-in.
"""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import people
from accounts.models import Unit


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("--unit", help="the unit's full name; without it, the first root unit")
        parser.add_argument(
            "--role",
            default="security_admin",
            choices=["security_admin", "system_admin", "auditor"],
        )

    def handle(self, *args: Any, **options: Any) -> None:
        units = Unit.objects.order_by("path")
        chosen = units.filter(name=options["unit"]) if options["unit"] else units
        unit = chosen.first()
        if unit is None and options["unit"]:
            raise CommandError(f"There is no unit named {options['unit']!r}.")
        password = os.environ.get("ZHENGGAI_PASSWORD") or getpass.getpass("Password: ")
        try:
            validate_password(password)
            user = people.add(
                by=None,
                at=timezone.now(),
                username=options["username"],
                name=options["name"],
                unit=unit,
                password=password,
                roles=[options["role"]],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.username} is {options['role']}.")
