"""A thing with a life, in a table of its own, to move about."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models
from django.test.utils import isolate_apps

from vault.fields import SealedTextField

with isolate_apps("audit"):

    class Thing(models.Model):
        MOVES = {
            "draft": {"issued", "void"},
            "issued": {"void", "issued"},
            "void": set(),
        }
        state = models.CharField(
            max_length=10,
            default="draft",
            choices=[("draft", "草稿"), ("issued", "已签发"), ("void", "已撤回")],
        )
        version = models.IntegerField(default=0)
        number = models.CharField(max_length=20, blank=True)
        secret = SealedTextField(default="", blank=True)

        class Meta:
            app_label = "audit"
            db_table = "test_thing"

        def __str__(self) -> str:
            return f"事项 {self.number or self.pk}"


@contextmanager
def table() -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Thing)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Thing)
