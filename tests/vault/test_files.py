"""Stored files: encrypted, bound to their id, whole or absent, handed out harmlessly."""

import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from tests.factories.accounts import UserFactory
from tests.factories.vault import png, stored_file
from vault import files
from vault.models import StoredFile

pytestmark = pytest.mark.django_db
SECRET = "身份证 110101199003071234".encode()


def on_disk(stored: StoredFile, settings: Any) -> Path:
    return Path(settings.MEDIA_ROOT) / stored.path


def test_what_is_stored_is_read_and_the_disk_holds_neither_text_nor_name(settings: Any) -> None:
    user = UserFactory()
    stored = stored_file(SECRET, "张三的身份证.txt", "text/plain", by=user)
    assert files.read(stored) == SECRET
    path = on_disk(stored, settings)
    assert b"110101199003071234" not in path.read_bytes()
    assert path.name == stored.pk.hex
    assert path.stat().st_mode & 0o077 == 0
    assert [p for p in path.parent.iterdir() if p != path] == [], "no temporary file stays"


def test_store_takes_an_open_file() -> None:
    assert files.read(files.store(io.BytesIO(b"abc"), "a.txt", "text/plain")) == b"abc"


def test_a_flipped_byte_is_found(settings: Any) -> None:
    stored = stored_file(SECRET)
    path = on_disk(stored, settings)
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(files.Damaged):
        files.read(stored)


def test_another_files_bytes_are_refused(settings: Any) -> None:
    a, b = stored_file(SECRET), stored_file(b"other")
    on_disk(b, settings).write_bytes(on_disk(a, settings).read_bytes())
    with pytest.raises(files.Damaged, match="does not belong"):
        files.read(b)


def test_a_missing_file_is_told(settings: Any) -> None:
    stored = stored_file(SECRET)
    on_disk(stored, settings).unlink()
    with pytest.raises(files.Damaged, match="missing"):
        files.read(stored)


def test_a_full_disk_leaves_nothing_behind(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        stored_file(SECRET)
    assert not StoredFile.objects.exists()
    assert [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()] == []


def test_download_has_safe_headers() -> None:
    stored = stored_file(SECRET, '证据 "1"; x.txt', "text/plain")
    answer = files.response(stored)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "no-store" in answer["Cache-Control"]
    assert answer.content == SECRET


def test_inline_only_for_pictures_and_pdf() -> None:
    picture = files.response(stored_file(png()), inline=True)
    assert picture["Content-Type"] == "image/png"
    assert picture["Content-Disposition"].startswith("inline")
    text = files.response(stored_file(b"<html>", "a.txt", "text/html"), inline=True)
    assert text["Content-Type"] == "application/octet-stream"
    assert text["Content-Disposition"].startswith("attachment")


def test_sweep_removes_old_orphans_only(settings: Any) -> None:
    kept = stored_file(SECRET)
    with transaction.atomic():
        lost = stored_file(b"rolled back")
        transaction.set_rollback(True)
    young, old = on_disk(lost, settings), on_disk(kept, settings).with_name(".half.12345678")
    old.write_bytes(b"half")
    os.utime(old, (time.time() - 2 * 86400,) * 2)
    call_command("sweep_files", stdout=io.StringIO())
    assert not old.exists()
    assert young.exists()
    assert files.read(kept) == SECRET
    call_command("sweep_files", age=-1, stdout=io.StringIO())
    assert not young.exists()


def test_sweep_reports_damage(settings: Any) -> None:
    stored = stored_file(SECRET)
    on_disk(stored, settings).write_bytes(b"broken")
    with pytest.raises(CommandError, match=str(stored.pk)):
        call_command("sweep_files", stdout=io.StringIO())


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("sha256", "nonsense", "storedfile_sha256_is_a_digest"),
        ("name", "", "storedfile_has_a_name"),
    ],
)
def test_constraints_hold(column: str, value: str, constraint: str) -> None:
    stored = stored_file(SECRET)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(**{column: value})


def test_one_path_once() -> None:
    a, b = stored_file(SECRET), stored_file(SECRET)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE vault_storedfile SET path = %s WHERE id = %s", [a.path, b.pk])
