"""Seal everything again with the current key and cipher, and make the blind indexes anew.

Put the new key first in ZHENGGAI_KEYS and keep the old one behind it; run this; when `--check`
finds nothing, the old key may go. Work is done in small transactions and can be interrupted at
any moment: what is already current is passed over the next time. For a new ZHENGGAI_INDEX_KEY
run it once more; until it ends, exact search misses the rows not yet reached.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from vault import files, keys
from vault.fields import BlindIndexField, SealedTextField
from vault.models import StoredFile


def sealed_models() -> Iterator[tuple[type[models.Model], list[Any], list[Any]]]:
    """Each model with sealed fields, these fields, and its blind indexes."""
    for model in apps.get_models():
        sealed = [f for f in model._meta.local_fields if isinstance(f, SealedTextField)]
        blind = [f for f in model._meta.local_fields if isinstance(f, BlindIndexField)]
        if sealed and not model._meta.proxy:
            yield model, sealed, blind


def fresh_columns(obj: models.Model, sealed: list[Any], blind: list[Any]) -> dict[str, Any]:
    """The columns of the row that are not what would be written today."""
    columns: dict[str, Any] = {}
    for field in sealed:
        stored = obj.__dict__[field.attname]
        if stored is not None and stored.data and not keys.is_current(stored.data):
            columns[field.attname] = field.seal_for(obj.pk, getattr(obj, field.attname))
    for field in blind:
        index = keys.blind(field.purpose, getattr(obj, field.source) or "")
        if getattr(obj, field.attname) != index:
            columns[field.attname] = index
    return columns


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="rows in one transaction")
        parser.add_argument("--check", action="store_true", help="change nothing, only count")

    def handle(self, *args: Any, **options: Any) -> None:
        batch, check = options["batch"], options["check"]
        stale = 0
        for model, sealed, blind in sealed_models():
            seen, changed = self._rows(model, sealed, blind, batch, check)
            self.stdout.write(f"{model._meta.label}: {seen} rows, {changed} not current")
            stale += changed
        seen, changed = self._files(batch, check)
        self.stdout.write(f"files: {seen}, {changed} not current")
        stale += changed
        if check and stale:
            raise CommandError(f"{stale} are not sealed with the current key; run rotate_keys.")
        self.stdout.write("Everything is current.")

    def _rows(
        self, model: Any, sealed: list[Any], blind: list[Any], batch: int, check: bool
    ) -> tuple[int, int]:
        names = [field.attname for field in [*sealed, *blind]]
        seen = changed = 0
        last: Any = None
        while True:
            with transaction.atomic():
                rows = model._base_manager.order_by("pk").only("pk", *names)
                if last is not None:
                    rows = rows.filter(pk__gt=last)
                if not check:
                    rows = rows.select_for_update(of=("self",))
                page = list(rows[:batch])
                if not page:
                    return seen, changed
                for obj in page:
                    columns = fresh_columns(obj, sealed, blind)
                    changed += bool(columns)
                    if columns and not check:
                        model._base_manager.filter(pk=obj.pk).update(**columns)
            seen, last = seen + len(page), page[-1].pk

    def _files(self, batch: int, check: bool) -> tuple[int, int]:
        seen = changed = 0
        for stored in StoredFile.objects.order_by("pk").iterator(chunk_size=batch):
            seen += 1
            stale = stored.key_id != keys.ring().current or not files.is_current(stored)
            changed += stale
            if stale and not check:
                files.rekey(stored)
        return seen, changed
