"""Many papers at once: one PDF or a zip, made by the worker, for the person who asked."""

import csv
import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import pikepdf
import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from audit.trail import Refused
from jobs import ledger
from jobs.models import Job
from jobs.registry import NotYet
from notices import batches, papers, pdf
from notices.batches import making, standing
from notices.batches.rows import rows_of
from notices.models import Batch, Notice
from notices.reading import squeeze
from tests.factories import notices as make
from tests.factories.accounts import UnitFactory, UserFactory
from vault import files
from vault.models import StoredFile

pytestmark = pytest.mark.django_db
AT = make.later(days=1)


@pytest.fixture
def unit():
    return make.nanning()


@pytest.fixture
def who(unit):
    return UserFactory(unit=unit, inspector=True)


def ask(found, who, form="pdf", *, at=AT, token=None):
    chosen = batches.of_papers([notice.pk for notice in found], who)
    return batches.ask_for_papers(chosen, form, token=token or uuid4(), by=who, at=at)


def work(batch, at=AT):
    """What the worker does; True when it was done."""
    job = Job.objects.get(kind="make_batch", key=str(batch.pk))
    Job.objects.filter(pk=job.pk).update(due_at=at)
    with time_machine.travel(at, tick=False):
        done = ledger.work(str(job.pk), clock=lambda: at)
    batch.refresh_from_db()
    return done


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_one_pdf_with_its_list_first(unit, who, print_now):
    found = [print_now(make.issue(unit=unit, by=who)) for _ in range(2)]
    batch = ask(found, who)
    assert work(batch)
    data = files.read(batch.file)
    texts = pdf.pages_of(data)
    assert batch.pages == len(texts) == 1 + sum(notice.pages for notice in found)
    head = squeeze(texts[0])
    for notice in found:
        assert squeeze(notice.number) in head
        assert notice.pdf_sha256 in head
    assert "副本" in head
    with pikepdf.open(io.BytesIO(data)) as made, made.open_outline() as outline:
        assert [item.title for item in outline.root][1:] == [
            f"{notice.title} {notice.number}" for notice in found
        ]
    assert squeeze(found[1].number) in squeeze(texts[1 + found[0].pages])
    assert [row.state for row in rows_of(batch)] == ["in", "in"]
    assert batch.done == batch.total == 2
    asked = Event.objects.filter(verb="notices.batch")
    assert {event.subject_id for event in asked} == {str(notice.pk) for notice in found}


def test_a_zip_holds_the_stored_bytes_unchanged(unit, who, print_now):
    notice = print_now(make.issue(unit=unit, by=who, addressee="=南宁某客货服务有限责任公司"))
    batch = ask([notice], who, "zip")
    assert work(batch)
    with zipfile.ZipFile(io.BytesIO(files.read(batch.file))) as box:
        assert box.testzip() is None
        names = box.namelist()
        assert names == [f"001 {notice.number}.pdf", "index.csv", "index.pdf"]
        assert box.read(names[0]) == files.read(notice.pdf)
        index = box.read("index.csv")
    assert index.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(index.decode("utf-8-sig"))))
    assert lines[1][2] == notice.number
    assert lines[1][3].startswith("'=")
    assert lines[1][6] == notice.pdf_sha256


def test_the_same_parts_give_the_same_bytes(unit, who, print_now):
    notice = print_now(make.issue(unit=unit, by=who))
    batch = ask([notice], who)
    first = batches.owed_batch(str(batch.pk), at=AT)
    again = batches.owed_batch(str(batch.pk), at=AT + timedelta(hours=1))
    assert first.args[1].data == again.args[1].data
    first(AT)
    again(AT)  # the worker that was thought dead comes back
    assert StoredFile.objects.filter(name=f"{batch.title}.pdf").count() == 1
    assert batches.owed_batch(str(batch.pk), at=AT) is None


def test_papers_on_their_way_are_waited_for_and_then_said_to_be_missing(unit, who, print_now):
    ready, owed = print_now(make.issue(unit=unit, by=who)), make.issue(unit=unit, by=who)
    batch = ask([ready, owed], who)
    with pytest.raises(NotYet):
        batches.owed_batch(str(batch.pk), at=AT)
    assert not work(batch)
    assert standing.of([batch])[batch.pk].code == "queued"
    assert work(batch, AT + making.PATIENCE)
    rows = {row.key: row for row in rows_of(batch)}
    assert rows[f"notice:{owed.pk}"].state == "left_out"
    assert rows[f"notice:{owed.pk}"].why == "unprinted"
    assert "还没有打印好" in squeeze(pdf.pages_of(files.read(batch.file))[0])


def test_scope_is_asked_again_when_it_is_made(unit, who, print_now):
    below = UnitFactory(parent=unit)
    mine, gone = print_now(make.issue(unit=unit, by=who)), print_now(make.issue(unit=below))
    ended = print_now(make.issue(unit=unit, by=who))
    batch = ask([mine, gone, ended], who)
    below.parent = None
    below.save()
    papers.withdraw(ended, reason="文书有误", by=who, at=AT)
    assert work(batch)
    rows = {row.key: row for row in rows_of(batch)}
    assert (rows[f"notice:{gone.pk}"].state, rows[f"notice:{gone.pk}"].why) == ("left_out", "gone")
    assert (rows[f"notice:{ended.pk}"].state, rows[f"notice:{ended.pk}"].why) == ("in", "ended")
    head = squeeze(pdf.pages_of(files.read(batch.file))[0])
    assert "已不在可以查看的范围内" in head
    assert "已撤回或者被替代" in head
    assert gone.pdf_sha256 not in head


def test_a_damaged_file_is_left_out_and_said(unit, who, print_now, settings):
    good, bad = print_now(make.issue(unit=unit, by=who)), print_now(make.issue(unit=unit, by=who))
    (settings.MEDIA_ROOT / bad.pdf.path).unlink()
    batch = ask([good, bad], who)
    assert work(batch)
    assert [row.why for row in rows_of(batch)] == ["", "damaged"]


def test_limits_are_said_in_words(unit, who, print_now, monkeypatch):
    notice = print_now(make.issue(unit=unit, by=who))
    chosen = batches.of_papers([notice.pk, uuid4()], who)
    assert (chosen.ready, chosen.out_of_reach) == (1, 1)
    assert "没有选文书" in str(batches.can_ask(batches.of_papers([], who), "pdf", who)[0])
    monkeypatch.setattr("notices.batches.asking.MOST_PAPERS", 0)
    many = batches.of_papers([notice.pk], who)
    assert "一次最多 0 份" in str(batches.can_ask(many, "pdf", who)[0])
    monkeypatch.setattr("notices.batches.asking.MOST_BYTES", 10)
    assert "一次最多 0 MB" in str(batches.can_ask(chosen, "pdf", who)[0])
    monkeypatch.setattr("notices.batches.asking.MOST_BYTES", 1 << 30)
    monkeypatch.setattr("notices.batches.asking.MOST_WAITING", 1)
    batches.ask_for_papers(chosen, "pdf", token=uuid4(), by=who, at=AT)
    with pytest.raises(Refused, match="没有做完"):
        batches.ask_for_papers(chosen, "pdf", token=uuid4(), by=who, at=AT)


def test_after_its_days_it_goes_with_its_file(
    unit, who, print_now, settings, django_capture_on_commit_callbacks
):
    notice = print_now(make.issue(unit=unit, by=who))
    batch = ask([notice], who, "zip")
    assert work(batch)
    place = settings.MEDIA_ROOT / batch.file.path
    assert batches.sweep(at=AT + batches.KEEP) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert batches.sweep(at=AT + batches.KEEP + timedelta(seconds=1)) == 1
    assert not place.exists()
    assert not Batch.objects.exists()
    assert files.read(notice.pdf)


def test_through_the_doors(unit, who, print_now, django_assert_max_num_queries):
    notice = print_now(make.issue(unit=unit, by=who))
    client, other = client_of(who), client_of(UserFactory(unit=unit, supervisor=True))
    shown = client.get(reverse("notices:batch_new"), {"paper": [str(notice.pk), "cut off"]})
    assert notice.number in shown.content.decode()
    everything = client.get(reverse("notices:batch_new"), {"all": "1", "q": notice.number})
    assert everything.context["preview"].ready == 1
    assert client.post(reverse("notices:batch_new"), {"form": "pdf"}).status_code == 422
    body = {"paper": str(notice.pk), "form": "pdf", "token": str(uuid4())}
    answer = client.post(reverse("notices:batch_new"), body)
    assert client.post(reverse("notices:batch_new"), body)["Location"] == answer["Location"]
    batch = Batch.objects.get()
    state = client.get(reverse("notices:batch_state", args=[batch.pk])).json()
    assert (state["state"], state["done"], state["total"]) == ("queued", 0, 1)
    assert client.get(reverse("notices:batch_file", args=[batch.pk])).status_code == 302
    assert "data-poll" in client.get(answer["Location"]).content.decode()
    assert work(batch, timezone.now())
    page = client.get(answer["Location"]).content.decode()
    assert "下载" in page
    assert "已放入" in page
    answer = client.get(reverse("notices:batch_file", args=[batch.pk]))
    assert answer.content == files.read(batch.file)
    assert Event.objects.filter(verb="notices.download_batch", actor=who).exists()
    for name in ("batch", "batch_state", "batch_file"):
        assert other.get(reverse(f"notices:{name}", args=[batch.pk])).status_code == 404
    assert str(batch.pk) not in other.get(reverse("notices:batches")).content.decode()
    for _ in range(3):
        ask([notice], who)
    with django_assert_max_num_queries(14):
        assert len(client.get(reverse("notices:batches")).context["rows"]) == 4


def test_the_database_holds_too(unit, who):
    facts = {"unit": unit, "title": "文书", "by": who, "asked_at": AT, "entries": []}
    order = ContentType.objects.get_for_model(Notice)
    for wrong, name in (
        ({"form": "pdf", "total": 0}, "batch_holds_something"),
        ({"form": "pdf", "total": 1, "done": 2}, "batch_done_in_total"),
        ({"form": "pdf", "total": 1, "ready_at": AT}, "batch_file_whole_or_none"),
        ({"form": "bundle", "total": 1}, "batch_case_file_has_subject"),
        (
            {"form": "pdf", "total": 1, "subject_type": order, "subject_id": uuid4()},
            "batch_case_file_has_subject",
        ),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Batch.objects.create(**facts, **wrong)
