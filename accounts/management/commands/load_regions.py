"""Load the administrative divisions from accounts/data/regions.json. Safe to run again."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import Region

SOURCE = Path(__file__).resolve().parents[2] / "data" / "regions.json"


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        rows = json.loads(SOURCE.read_text(encoding="utf-8"))["regions"]
        with transaction.atomic():
            created = 0
            for row in rows:  # a parent stands before its children
                _, new = Region.objects.update_or_create(
                    code=row["code"], defaults={"name": row["name"], "parent_id": row["parent"]}
                )
                created += new
        self.stdout.write(f"{len(rows)} regions, {created} of them new.")
