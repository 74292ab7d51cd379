"""The file of an order: whole, in the order of the procedure, and honest about what it lacks."""

import io
import zipfile
from datetime import date, timedelta
from uuid import uuid4

import pikepdf
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from inspections import fieldwork
from jobs import ledger
from jobs.models import Job
from notices import batches, pdf, printing
from notices.batches.rows import rows_of
from notices.models import Batch
from notices.reading import squeeze
from rectification import filing, orders
from tests.factories.inspections import photo
from tests.factories.rectification import ISSUED_ON, at
from vault import files
from vault.uploads import Checked

pytestmark = pytest.mark.django_db
LATER = at(date(2025, 3, 1))


def upload(name, data, content_type):
    """A file as `vault.uploads` would have let it in at another time."""
    return Checked(name, content_type, data)


def plain_pdf(pages=1, *, size=(595.28, 841.89), rotate=0, **saved):
    made = pikepdf.Pdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=size).rotate(rotate, relative=False)
    out = io.BytesIO()
    made.save(out, **saved)
    return out.getvalue()


def picture(size, kind="PNG", **saved):
    out = io.BytesIO()
    Image.new("L", size, "white").save(out, kind, **saved)
    return out.getvalue()


def work(batch):
    job = Job.objects.get(kind="make_batch", key=str(batch.pk))
    Job.objects.filter(pk=job.pk).update(due_at=LATER)
    with time_machine.travel(LATER, tick=False):
        assert ledger.work(str(job.pk), clock=timezone.now), Job.objects.get(pk=job.pk).last_error
    batch.refresh_from_db()
    return batch


def ask(subject, who, *, originals=False):
    preview = batches.case_file(subject, who)
    return batches.ask_for_file(
        subject, preview, originals=originals, token=uuid4(), by=who, at=LATER
    )


@pytest.fixture
def order(desk):
    """Served with a receipt, more time granted, corrected, looked at; evidence of every sort."""
    made = desk.issued()
    printing.keep(made.notice, printing.render(made.notice), at(ISSUED_ON, 18))
    desk.serve(made, proof=photo("回证.png"))
    visit = made.inspection
    for place, (name, data, kind) in enumerate(
        (
            ("宽幅.pdf", plain_pdf(2, size=(1200, 700)), "application/pdf"),
            ("横置.pdf", plain_pdf(rotate=90), "application/pdf"),
            ("现场😀.jpg", picture((3000, 2000), "JPEG"), "image/jpeg"),
            ("日志.txt", "一行".encode(), "text/plain"),
            ("坏.pdf", b"%PDF-1.7 nothing", "application/pdf"),
            (
                "密码.pdf",
                plain_pdf(encryption=pikepdf.Encryption(owner="a", user="b")),
                "application/pdf",
            ),
            ("巨幅.png", picture((8000, 5000)), "image/png"),
            ("丢失.png", picture((9, 9)), "image/png"),
            ("举报信.png", picture((8, 9)), "image/png"),
        )
    ):
        found = fieldwork.add_evidence(
            visit,
            upload(name, data, kind),
            by=desk.inspector,
            at=at(date(2025, 1, 10)) + timedelta(minutes=place),
        )
        if name == "丢失.png":
            lost = found
        if name == "举报信.png":
            fieldwork.withhold(
                found, why="informant", reason="举报材料", by=desk.inspector, at=at(ISSUED_ON)
            )
    (files._folder() / lost.file.path).unlink()
    orders.record_correction(
        made,
        list(made.items.all()),
        by=desk.inspector,
        at=at(date(2025, 2, 5)),
        completed_on=date(2025, 2, 5),
        received_on=date(2025, 2, 5),
        note="已加密。",
        evidence=[photo("整改后.png", "green")],
    )
    return made


def test_everything_in_its_order_with_what_is_wrong_said(desk, order):
    batch = work(ask(order, desk.inspector, originals=True))
    rows = rows_of(batch)
    assert [row.sort for row in rows] == [*["evidence"] * 9, "paper", "scan", "material"]
    states = {row.title.partition("：")[2]: (row.state, row.why) for row in rows[:9]}
    assert states == {
        "宽幅.pdf": ("in", ""),
        "横置.pdf": ("in", ""),
        "现场😀.jpg": ("in", ""),
        "日志.txt": ("sheet", "not_a_leaf"),
        "坏.pdf": ("sheet", "bad_pdf"),
        "密码.pdf": ("sheet", "encrypted"),
        "巨幅.png": ("sheet", "large_picture"),
        "丢失.png": ("sheet", "damaged"),
        "举报信.png": ("sheet", "informant"),
    }
    with zipfile.ZipFile(io.BytesIO(files.read(batch.file))) as box:
        names = box.namelist()
        data = box.read("案卷.pdf")
    assert not any("举报" in name or "丢失" in name for name in names)
    assert sum(name.startswith("原件/") for name in names) == 10
    with pikepdf.open(io.BytesIO(data)) as made:
        assert not made.check_pdf_syntax()
        assert len(made.Root.PageLabels.Nums) == 8
        with made.open_outline() as outline:
            marks = [item.title for item in outline.root]
        assert marks[0:2] == ["封面", "卷内文件目录"]
        assert marks[-1] == "备考表"
        assert len(marks) == len(rows) + 3
        upright = [abs(float(page.mediabox[2]) - 595.28) < 1 for page in made.pages]
        assert upright.count(False) == 3  # two wide pages and one that lies on its side
    texts = [squeeze(text) for text in pdf.pages_of(data)]
    front = next(n for n, text in enumerate(texts) if "证据" in text and "目录" not in text) - 3
    assert front >= 2
    assert "责令改正案卷" in texts[0]
    assert f"{len(rows)}件，{batch.pages}页" in texts[0]
    assert order.notice.number in "".join(texts[1:front])
    inside = texts[front : front + batch.pages]
    assert len(texts) == front + batch.pages + 1
    for number, text in enumerate(inside, 1):
        assert str(number) in text
    for row in rows:
        if row.sha256:
            assert row.sha256 in "".join(texts[1:front])
    assert "现场〓.jpg" in "".join(inside)
    assert "8000×5000像素" in "".join(inside)
    assert "密封" in "".join(inside)
    assert "举报信.png" not in "".join(inside).replace("：举报信.png", "")
    assert "备考表" in texts[-1]
    assert "涉及举报人身份" in texts[-1]


def test_what_came_or_went_since_is_said(desk, order):
    batch = ask(order, desk.inspector)
    fieldwork.add_evidence(order.inspection, photo("后来.png", "blue"), by=desk.inspector, at=LATER)
    work(batch)
    texts = [squeeze(text) for text in pdf.pages_of(files.read(batch.file))]
    assert "又归入1件材料" in texts[-1]
    assert "后来" not in "".join(texts)
    assert ask(order, desk.inspector).total == batch.total + 1


def test_out_of_reach_by_then_no_file_is_made(desk, order, door):
    batch = ask(order, desk.inspector)
    order.unit.staff.filter(pk=desk.inspector.pk).update(is_active=False)
    job = Job.objects.get(kind="make_batch", key=str(batch.pk))
    Job.objects.filter(pk=job.pk).update(due_at=LATER)
    with time_machine.travel(LATER, tick=False):
        assert not ledger.work(str(job.pk), clock=timezone.now)
    job.refresh_from_db()
    assert job.state == "dead"
    assert "可以查看的范围" in job.last_error


def test_through_the_door(desk, order, door, django_assert_max_num_queries):
    client, url = door(desk.inspector), reverse("orders:bundle", args=[order.pk])
    assert (
        reverse("orders:bundle", args=[order.pk])
        in client.get(order.get_absolute_url()).content.decode()
    )
    with django_assert_max_num_queries(30):
        page = client.get(url).content.decode()
    assert "密封 1 件" in page
    body = {"token": str(uuid4()), "originals": "1"}
    answer = client.post(url, body)
    assert client.post(url, body)["Location"] == answer["Location"]
    batch = Batch.objects.get()
    assert (batch.form, batch.originals, batch.subject) == ("bundle", True, order)
    assert filing.cover(order).url in client.get(answer["Location"]).content.decode()
