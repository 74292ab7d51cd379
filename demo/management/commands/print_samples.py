"""Print a sample of each kind of paper into a folder; with --sheet, what docs/ shows of them too.

    print_samples FOLDER [--kind CODE ...] [--sheet]

The facts are those of `demo.samples`; each page carries the mark of a demonstration. Nothing is
issued: no number is taken and no row is written. It needs the register of law (`load_law`), whose
periods the standing paragraphs state. The command lies here and not in `notices`, because that
room knows no samples.
"""

import io
from argparse import ArgumentParser
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import pypdfium2
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from PIL import Image, ImageDraw, ImageFont

from accounts.models import Region, Unit
from demo.samples import SAMPLES, Sample
from demo.samples.document import document
from jobs.registry import NotYet
from legal.models import TimeLimit
from notices import elements, faces, kinds, papers, press, series

SHEET, DOCUMENT = "papers.png", "papers.md"
COLUMNS, WIDTH, GAP, LABEL = 4, 430, 24, 36  # pixels, but for the columns
COLOURS = 256
EDGE, GROUND, INK = "#9aa3af", "#e8ebf0", "#1f2937"


@dataclass(frozen=True)
class Printed:
    sample: Sample
    data: bytes
    pages: int


class Command(BaseCommand):
    help = "Print a sample of each kind of paper into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--kind", action="append", default=[], metavar="CODE")
        parser.add_argument(
            "--sheet", action="store_true", help=f"also {SHEET}, the first pages, and {DOCUMENT}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = set(options["kind"])
        unknown = wanted - {sample.kind for sample in SAMPLES}
        if unknown:
            raise CommandError(f"no sample of: {', '.join(sorted(unknown))}")
        if not TimeLimit.objects.exists():
            raise CommandError("the register of law is empty: run load_law first")
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        done = print_all([sample for sample in SAMPLES if not wanted or sample.kind in wanted])
        for no, printed in enumerate(done, 1):
            path = folder / f"{no:02}-{printed.sample.kind}.pdf"
            path.write_bytes(printed.data)
            self.stdout.write(f"{path}  {printed.pages} pages, {len(printed.data)} bytes")
        if options["sheet"]:
            (folder / DOCUMENT).write_text(document(), encoding="utf-8")
            path = folder / SHEET
            sheet(done).save(path, optimize=True)
            self.stdout.write(f"{path}  {path.stat().st_size} bytes")


def print_all(samples: list[Sample]) -> list[Printed]:
    """Each sample as its PDF, read back. Raises CommandError."""
    try:
        pdf = press.load()
    except NotYet as lacking:
        raise CommandError(str(lacking)) from lacking
    done = []
    with transaction.atomic():
        unit = _unit()
        for sample in samples:
            words = _words(sample, unit)
            printed = pdf.printer().print(words)
            lost = pdf.lost_words(words, printed.data)
            if lost:
                raise CommandError(f"{sample.kind}: cannot be read in the PDF: {lost[0]}")
            done.append(Printed(sample, printed.data, printed.pages))
        transaction.set_rollback(True)
    return done


def _unit() -> Unit:
    """The unit of the demonstration, or one that lasts until the rollback."""
    unit = Unit.objects.filter(name="南宁市公安局", is_demonstration=True).first()
    if unit is not None:
        return unit
    region, _made = Region.objects.get_or_create(code="450100", defaults={"name": "南宁市"})
    return Unit.objects.create(
        name="南宁市公安局（演示）",
        letterhead="南宁市公安局",
        short_name="南宁网安",
        abbreviation="南公（网安）",
        level=Unit.Level.CITY,
        region=region,
        reconsideration_body="南宁市人民政府",
        court="南宁市青秀区人民法院",
        is_demonstration=True,
    )


def _words(sample: Sample, unit: Unit) -> str:
    lacking = elements.missing(kinds.get(sample.kind).elements, sample.facts)
    if lacking:
        raise CommandError(f"{sample.kind}: {lacking[0].text}")
    draft = papers.draft(
        sample.kind,
        unit=unit,
        addressee=sample.addressee,
        context=sample.context,
        at=sample.at,
        demonstration=True,
    )
    number = series.write(
        draft.pattern, abbreviation=unit.abbreviation, year=sample.at.year, serial=7
    )
    return draft.words.replace(draft.token, number)


def sheet(done: list[Printed]) -> Image.Image:
    """The first pages side by side, each with its title and its number of pages."""
    height = round(WIDTH * 297 / 210)
    columns = min(COLUMNS, len(done))
    size = (
        GAP + columns * (WIDTH + GAP),
        GAP + ceil(len(done) / columns) * (height + LABEL + GAP),
    )
    whole = Image.new("RGB", size, GROUND)
    draw = ImageDraw.Draw(whole)
    face = ImageFont.truetype(str(faces.FONTS / "DocHei.ttf"), 19)
    for place, printed in enumerate(done):
        left = GAP + place % columns * (WIDTH + GAP)
        top = GAP + place // columns * (height + LABEL + GAP)
        whole.paste(_first_page(printed.data, (WIDTH, height)), (left, top))
        draw.rectangle((left - 1, top - 1, left + WIDTH, top + height), outline=EDGE)
        title = kinds.get(printed.sample.kind).title
        label = f"{place + 1}. {title}（{printed.pages}页）"
        draw.text((left + WIDTH / 2, top + height + 8), label, INK, face, anchor="ma")
    # The octree keeps the little red that there is; the usual way gives every colour to greys.
    return whole.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _first_page(data: bytes, size: tuple[int, int]) -> Image.Image:
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    try:
        page = document[0]
        picture = page.render(scale=2 * size[0] / page.get_width()).to_pil().convert("RGB")
    finally:
        document.close()
    return picture.resize(size, Image.Resampling.LANCZOS)
