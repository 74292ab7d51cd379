"""Keeping watch over what was printed, and over what printing needs."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from notices import checks, faces, press
from notices.models import Series
from tests.factories import notices as make
from vault import files

pytestmark = pytest.mark.django_db


def verify(*options):
    out, err = io.StringIO(), io.StringIO()
    call_command("verify_notices", *options, stdout=out, stderr=err)
    return out.getvalue()


def faults(*options):
    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_notices", *options, stderr=err)
    return err.getvalue()


def test_what_was_printed_is_printed_again_and_equal(print_now):
    print_now(make.issue())
    make.issue()

    assert "2 notices as issued, 0 with a whole signature, 1 printed again and equal" in verify()
    assert "0 printed again" in verify("--no-print")


def test_a_changed_file_is_found(print_now, settings):
    notice = print_now(make.issue())
    path = settings.MEDIA_ROOT / notice.pdf.path
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    assert notice.number in faults("--no-print")
    with pytest.raises(files.Damaged):
        files.read(notice.pdf)


def test_changed_words_and_a_gap_are_found():
    notice = make.issue()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE notices_notice DISABLE TRIGGER notice_frozen")
        cursor.execute("UPDATE notices_notice SET words = words || ' '")
        cursor.execute("ALTER TABLE notices_notice ENABLE TRIGGER notice_frozen")
    Series.objects.filter(unit=notice.unit).update(last=2)

    found = faults("--no-print")
    assert "the words are not those that were issued" in found
    assert "1 notices, highest 1" in found


def test_the_fonts_are_prepared_and_their_file_named():
    out = io.StringIO()

    call_command("prepare_fonts", stdout=out)

    assert out.getvalue().strip() == str(faces.conf_path())


def test_altered_faces_stop_the_preparation(monkeypatch):
    monkeypatch.setattr(faces, "sums", lambda: {"DocFang.ttf": "0" * 64, "DocNone.ttf": "0" * 64})

    assert faces.faults() == ["DocFang.ttf: altered", "DocNone.ttf: missing"]
    with pytest.raises(CommandError, match="DocFang"):
        call_command("prepare_fonts")


def test_the_start_up_check_names_the_line_that_mends(monkeypatch):
    assert checks.printing_parts(None) == []

    monkeypatch.setattr(checks.ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    monkeypatch.setattr(faces, "sums", lambda: {"DocNone.ttf": ""})
    found = checks.printing_parts(None)

    assert [message.id for message in found] == ["notices.W001", "notices.W002", "notices.W003"]
    assert press.INSTALL in found[0].hint
