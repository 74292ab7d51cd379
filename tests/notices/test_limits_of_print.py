"""A print has limits, and each failure its reason; the rest of the process is as before."""

import errno
import os
import resource
import signal
import threading

import pytest
from django.core import checks
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from audit.middleware import AuditMiddleware
from jobs import ledger
from jobs.models import Job
from jobs.registry import Hopeless
from notices import faces, press, printing, sandbox
from tests.factories import notices as make
from vault import files
from vault.models import StoredFile

pytestmark = pytest.mark.django_db
LONG = "<!DOCTYPE html><html lang=zh-CN><title>长</title>" + "<p>" + "很长的一段文字" * 3000


@pytest.fixture
def idle():
    """After each print no timer runs and no limit stays."""
    space = resource.getrlimit(resource.RLIMIT_AS)
    yield
    assert resource.getrlimit(resource.RLIMIT_AS) == space
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
    os.kill(os.getpid(), signal.SIGPROF)  # a late one ends nothing
    with sandbox.closed() as cell:
        assert cell.breaches == []


def work(job=None):
    return ledger.work(str((job or Job.objects.get()).pk), clock=timezone.now)


def test_too_much_processor_time_is_said(idle, monkeypatch):
    press.load()
    monkeypatch.setattr(sandbox, "CPU_SECONDS", 0.05)
    monkeypatch.setattr(sandbox, "TICK", 0.02)

    with pytest.raises(Hopeless, match=r"排版用时超过 0\.05 秒"):
        press.print_words(LONG)


def test_too_much_memory_is_said(idle, monkeypatch):
    press.load()
    monkeypatch.setattr(sandbox, "MEMORY_MB", -1)
    monkeypatch.setattr(sandbox, "TICK", 0.02)

    with pytest.raises(Hopeless, match="内存超过 -1 MB"):
        press.print_words(LONG)


def test_the_system_holds_what_no_tick_sees(idle):
    """One demand beyond all: the allocation fails, and the process lives."""
    with pytest.raises(sandbox.TooBig), sandbox.closed():
        bytearray((sandbox.BEYOND_MB + 400) << 20)


def test_the_limits_leave_room_for_the_longest_paper(idle):
    printed = printing.render(make.issue(facts=make.order_facts(findings=300)))

    assert printed.pages > 25
    assert len(printed.data) < 500_000


def test_two_prints_in_one_process_are_refused(idle):
    with sandbox.closed(), pytest.raises(RuntimeError, match="two prints"), sandbox.closed():
        pass


def test_handlers_of_the_worker_pool_do_not_end_a_print(idle):
    """The pool sets its own after the warm-up, for every signal that ends a process."""
    press.load()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)

    with sandbox.closed():
        signal.raise_signal(signal.SIGPROF)


def test_never_in_a_request(idle):
    def view(_request):
        with pytest.raises(RuntimeError, match="never in a request"):
            press.load()
        return HttpResponse()

    assert AuditMiddleware(view)(RequestFactory().get("/")).status_code == 200
    press.load()


def test_never_beside_threads():
    said = []

    def attempt():
        try:
            press.load()
        except RuntimeError as fault:
            said.append(str(fault))

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    assert said == ["a paper is printed in the main thread of a worker"]


def test_without_a_font_file_the_portal_runs_and_printing_waits(tmp_path, monkeypatch, client):
    """At start-up: the check names the file, a page opens, the job waits and says why."""
    notice = make.issue()
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    for name in ("SHA256SUMS", *faces.sums()):
        if name != "DocFang.ttf":
            (fonts / name).symlink_to(faces.FONTS / name)
    monkeypatch.setattr(faces, "FONTS", fonts)

    warnings = [each for each in checks.run_checks() if each.id == "notices.W003"]
    assert len(warnings) == 1
    assert "DocFang.ttf" in warnings[0].msg
    assert client.get("/login/").status_code == 200

    press.parts().printer.cache_clear()
    try:
        assert not work()
        state = notice.print_state()
        assert (state.code, "DocFang.ttf: missing" in state.reason) == ("queued", True)
    finally:
        press.parts().printer.cache_clear()
        monkeypatch.undo()
    Job.objects.update(due_at=timezone.now())
    assert work()
    notice.refresh_from_db()
    assert notice.print_state().code == "ready"


@pytest.fixture
def full(monkeypatch):
    """A disk that takes the first kilobyte of every file and no more."""
    fdopen = os.fdopen

    class Full:
        def __init__(self, descriptor):
            self.file = fdopen(descriptor, "wb")

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def write(self, data):
            self.file.write(data[:1024])
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fdopen", lambda descriptor, _mode: Full(descriptor))
    return monkeypatch


def test_a_full_disk_leaves_nothing_half_written(full, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    notice = make.issue()

    assert not work()
    job = Job.objects.get()
    assert (job.state, "磁盘已满" in job.last_error) == ("queued", True)
    assert job.attempts < job.allowed
    notice.refresh_from_db()
    assert (notice.pdf, notice.printed_at) == (None, None)
    assert not StoredFile.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    full.undo()
    Job.objects.update(due_at=timezone.now())
    assert work()
    notice.refresh_from_db()
    assert files.read(notice.pdf).startswith(b"%PDF")


def test_only_a_full_disk_waits(monkeypatch):
    make.issue()

    def broken(*_args):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(files, "write", broken)
    assert not work()
    assert "OSError" in Job.objects.get().last_error
    monkeypatch.setattr(files, "write", _no_quota)
    Job.objects.update(due_at=timezone.now())
    assert not work()
    assert "磁盘已满" in Job.objects.get().last_error


def _no_quota(*_args):
    raise OSError(errno.EDQUOT, "Disk quota exceeded")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_restarts_during_a_print_loses_nothing(monkeypatch):
    """The connection is gone when the print is ready: the job is put back and done again."""
    notice = make.issue()
    render = printing.render

    def meanwhile(which):
        printed = render(which)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        finally:
            other.close()
        return printed

    monkeypatch.setattr(printing, "render", meanwhile)
    assert not work()
    monkeypatch.setattr(printing, "render", render)

    job = Job.objects.get()
    assert (job.state, "OperationalError" in job.last_error) == ("queued", True)
    assert not StoredFile.objects.exists()
    Job.objects.update(due_at=timezone.now())
    assert work(job)
    notice.refresh_from_db()
    assert notice.print_state().code == "ready"
    assert StoredFile.objects.count() == 1
