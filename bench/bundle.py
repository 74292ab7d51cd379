"""A case file of 300 pages: `./run bench bundle`. Time and memory of a worker that makes it.

What a file holds after a year: printed papers, scans as PDF, scans and photographs as JPEG. Made
by the real handler from stored, sealed files, and stored sealed again; in a process of its own, so
that what other benches left in memory does not count.
"""

import io
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pikepdf
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter

from accounts.models import Region, Role, RoleHolding, Unit, User
from bench import Row, papers
from notices import batches, filing, press
from notices.batches.rows import rows_of
from notices.filing import Cover, Entry, Sort, Stage
from notices.models import Batch
from vault import files
from vault.models import StoredFile

PAPERS, PAPER_PAGES = 20, 3
SCANNED, SCANNED_PAGES = 12, 10
SCANS, PHOTOS = 60, 60
PAGES = PAPERS * PAPER_PAGES + SCANNED * SCANNED_PAGES + SCANS + PHOTOS
NAME = "bench-case-file"
A4 = (1654, 2339)  # at 200 dots an inch


def rows() -> list[Row]:
    code = "import json, django; django.setup(); from bench import bundle; bundle.load(); " + (
        "print(json.dumps(bundle.measure()))"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-W", "ignore", "-c", code], stdout=subprocess.PIPE, text=True, check=True
    )
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return [
        Row(f"a case file of {found['pages']:.0f} pages, wall clock", found["seconds"], "s", 60),
        Row("its CPU", found["cpu"], "s"),
        Row("most memory while it was made", found["rss_mb"], "MB", 500),
        Row("what it is made of", found["in_mb"], "MB"),
        Row("the file", found["out_mb"], "MB"),
    ]


def load() -> None:
    """The files, stored once: some 200 MB."""
    if (
        StoredFile.objects.filter(name__startswith=NAME).count()
        == PAPERS + SCANNED + SCANS + PHOTOS
    ):
        return
    # In a process that ends, since making them takes more memory than the bench may.
    code = "import django; django.setup(); from bench import bundle; bundle.store_all()"
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)  # noqa: S603


def store_all() -> None:
    pdf = press.load()
    paper = pdf.printer().print(papers.words(6, stub=True)).data
    for number in range(PAPERS):
        files.store(paper, f"{NAME}-a-{number:03}.pdf", "application/pdf")
    sheets = [_scan(number) for number in range(8)]
    for number in range(SCANNED):
        data = _as_pdf([sheets[(number + page) % 8] for page in range(SCANNED_PAGES)])
        files.store(data, f"{NAME}-b-{number:03}.pdf", "application/pdf")
    for number in range(SCANS):
        files.store(sheets[number % 8], f"{NAME}-c-{number:03}.jpg", "image/jpeg")
    views = [_photo(number) for number in range(4)]
    for number in range(PHOTOS):
        files.store(views[number % 4], f"{NAME}-d-{number:03}.jpg", "image/jpeg")


def _scan(seed: int) -> bytes:
    """A page of text as a scanner gives it: grey paper, grain, dark lines."""
    rng = random.Random(seed)  # noqa: S311 - a picture
    page = Image.effect_noise(A4, 9).point(lambda value: min(255, value + 110))
    draw = ImageDraw.Draw(page)
    for line in range(200, 2150, 52):
        left = 200
        while left < 1450:
            wide = rng.randint(14, 34)
            draw.rectangle((left, line, left + wide, line + 26), fill=rng.randint(20, 70))
            left += wide + rng.randint(4, 12)
    out = io.BytesIO()
    page.filter(ImageFilter.GaussianBlur(1.1)).save(out, "JPEG", quality=70)
    return out.getvalue()


def _photo(seed: int) -> bytes:
    """Twelve megapixels with detail everywhere, as a telephone takes them."""
    coarse = Image.effect_noise((400, 300), 60 + seed).resize(
        (4000, 3000), Image.Resampling.BICUBIC
    )
    fine = Image.effect_noise((4000, 3000), 8)
    grey = Image.blend(coarse, fine, 0.3)
    out = io.BytesIO()
    Image.merge("RGB", (grey, grey.point(lambda v: v * 0.9), coarse)).save(out, "JPEG", quality=85)
    return out.getvalue()


def _as_pdf(pages: list[bytes]) -> bytes:
    made = pikepdf.Pdf.new()
    for data in pages:
        page = made.add_blank_page(page_size=(595.28, 841.89))
        stream = pikepdf.Stream(
            made,
            data,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=A4[0],
            Height=A4[1],
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        name = page.add_resource(stream, pikepdf.Name.XObject)
        page.contents_add(f"q 595.28 0 0 841.89 0 0 cm {name} Do Q".encode())
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def measure() -> dict[str, float]:
    """Seconds, CPU seconds, resident MB at most, MB in and out, pages."""
    press.load()
    user = _owner()
    assert user.unit is not None
    filing.source("accounts.unit", entries=_entries, cover=_cover, verb="notices.view", rows=_units)
    parts = [batches.Row.of(entry) for entry in _entries(user.unit, user)]
    batch = Batch.objects.create(
        unit=user.unit,
        form=Batch.Form.BUNDLE,
        title="案卷",
        entries=[row.kept() for row in parts],
        by=user,
        asked_at=timezone.now(),
        total=len(parts),
        subject_type=ContentType.objects.get_for_model(Unit),
        subject_id=uuid4(),
    )
    began, cpu = time.perf_counter(), time.process_time()
    effect = batches.owed_batch(str(batch.pk), at=timezone.now())
    assert effect is not None
    with transaction.atomic():
        effect(timezone.now())
    found = {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "in_mb": sum(row.size for row in parts) / 2**20,
    }
    batch.refresh_from_db()
    wrong = [row.reason for row in rows_of(batch) if row.state != "in"]
    if wrong or batch.pages != PAGES:
        raise RuntimeError(f"{batch.pages} pages, not {PAGES}; {wrong[:3]}")
    assert batch.file is not None
    found |= {"out_mb": batch.file.size / 2**20, "pages": batch.pages}
    with transaction.atomic():
        stored = batch.file
        batch.delete()
        files.remove(stored)
    return found


def _owner() -> User:
    region, _new = Region.objects.get_or_create(code="450100", defaults={"name": "南宁市"})
    unit, _new = Unit.objects.get_or_create(
        name="案卷演练单位",
        defaults={
            "short_name": "案卷演练",
            "abbreviation": "案卷演练",
            "level": Unit.Level.CITY,
            "region": region,
        },
    )
    user, _new = User.objects.get_or_create(
        username="bundle-bench", defaults={"name": "覃海波", "unit": unit}
    )
    RoleHolding.objects.get_or_create(user=user, role=Role.objects.get(code="inspector"))
    return user


class _units:  # noqa: N801 - stands for a queryset
    """The one subject, whoever asks."""

    def visible_to(self, user: Any) -> Any:
        return self

    def filter(self, **_conditions: Any) -> Any:
        return self

    def first(self) -> Unit:
        return Unit.objects.get(name="案卷演练单位")


def _entries(_unit: Any, _user: User) -> list[Entry]:
    return list(_listed())


def _listed() -> Iterator[Entry]:
    for stored in StoredFile.objects.filter(name__startswith=NAME).order_by("name"):
        yield Entry(
            key=f"bench:{stored.pk}",
            stage=Stage.EVIDENCE,
            sort=Sort.EVIDENCE,
            title=f"证据（照片）：{stored.name}",
            day=date(2025, 1, 6),
            file=stored,
            facts=(("收到时间", "2025年1月6日9时05分"),),
        )


def _cover(unit: Unit) -> Cover:
    return Cover(
        kind="行政处罚案卷",
        unit=unit,
        name="演练",
        party="演练企业",
        numbers=(),
        opened=date(2025, 1, 6),
        closed=None,
        officers=("韦志强",),
        outcome="",
        demonstration=True,
        url="",
    )
