"""The owed work: look again at what was asked for, put it together, say what became of each part.

Nothing is written here but how far it has come; the file and the answers are the effect, kept in
one transaction with the job. A worker that dies leaves the batch as it was asked for, and the next
one starts again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.models import Job
from jobs.registry import Hopeless, NotYet
from notices import filing
from notices.batches import leaves, memory, zipping
from notices.batches.binding import BadPdf, Binding, Encrypted, TooLong
from notices.batches.leaves import Leaf
from notices.batches.pictures import BadPicture, LargePicture, fit
from notices.batches.rows import IN, LEFT_OUT, SHEET, Row, rows_of
from notices.filing import Cover, Entry
from notices.models import PRINT_JOB, Batch, Notice
from vault import files
from vault.models import StoredFile

PATIENCE = timedelta(minutes=10)  # how long papers that are being printed are waited for
ORIGINALS = "原件"


@dataclass(frozen=True)
class Made:
    data: bytes
    name: str
    content_type: str
    rows: list[Row]
    pages: int | None


@dataclass(frozen=True)
class Part:
    """A row as it is now, with the file behind it where there is one that may be read."""

    row: Row
    file: StoredFile | None


def owed_batch(batch_id: str, *, at: datetime) -> Callable[[datetime], None] | None:
    """The handler: put the file together, return the effect that keeps it.

    Raises NotYet while papers are being printed, and Hopeless when the record of a case file is
    out of reach by now.
    """
    batch = Batch.objects.select_related("by__unit", "unit", "subject_type").filter(pk=batch_id)
    found = batch.first()
    if found is None or found.ready_at is not None:
        return None
    with translation.override("zh-hans"):
        made = _make(found, at)
    return partial(keep, found, made)


def keep(batch: Batch, made: Made, at: datetime) -> None:
    """Store the file and what became of each part, once. Inside the job's transaction."""
    locked = Batch.objects.select_for_update().filter(pk=batch.pk).first()
    if locked is None or locked.ready_at is not None:
        return
    stored = files.store(made.data, made.name, made.content_type, batch.by)
    Batch.objects.filter(pk=batch.pk).update(
        entries=[row.kept() for row in made.rows],
        file=stored,
        pages=made.pages,
        done=batch.total,
        ready_at=at,
    )


def _make(batch: Batch, at: datetime) -> Made:
    if batch.form == Batch.Form.BUNDLE:
        return _case_file(batch, at)
    parts, _added = _again(batch, _papers(batch))
    _wait(batch, parts, at)
    return _zip(batch, parts) if batch.form == Batch.Form.ZIP else _merge(batch, parts)


# --- Looking again -------------------------------------------------------------------------------


def _papers(batch: Batch) -> dict[str, Entry]:
    """The papers of a selection that the asker may still see."""
    if not batch.by.may("notices.view"):
        return {}
    ids = [row.key.removeprefix("notice:") for row in rows_of(batch)]
    notices = Notice.objects.visible_to(batch.by).filter(pk__in=ids).select_related("pdf")
    light = notices.defer("words", "snapshot", "fingerprint")
    return {entry.key: entry for entry in map(filing.paper, light)}


def _again(batch: Batch, now: dict[str, Entry]) -> tuple[list[Part], int]:
    """Each part as it is now, in the order that was asked for; and how many have come since."""
    asked = rows_of(batch)
    unprinted = [row.key for row in asked if row.key in now and now[row.key].file is None]
    dead = set(
        Job.objects.dead()
        .filter(kind=PRINT_JOB, key__in=[key.partition(":")[2] for key in unprinted])
        .values_list("key", flat=True)
    )
    parts = []
    for row in asked:
        entry = now.get(row.key)
        if entry is None:
            hidden = replace(row, party="", name="", sha256="", facts=(), why="gone")
            parts.append(Part(hidden, None))
            continue
        fresh = Row.of(entry)
        if entry.withheld is not None:
            parts.append(Part(fresh, None))
        elif entry.file is None:
            why = "unprintable" if row.key.partition(":")[2] in dead else "unprinted"
            parts.append(Part(replace(fresh, why=why), None))
        else:
            parts.append(Part(fresh, entry.file))
    return parts, len(set(now) - {row.key for row in asked})


def _wait(batch: Batch, parts: Sequence[Part], at: datetime) -> None:
    """Papers on their way to the printer are waited for; after PATIENCE they are listed as missing.

    Raises NotYet.
    """
    waiting = sum(part.row.why == "unprinted" for part in parts)
    if waiting and at - batch.asked_at < PATIENCE:
        raise NotYet(
            ngettext("等待 %(n)s 份文书打印完成。", "等待 %(n)s 份文书打印完成。", waiting)
            % {"n": waiting}
        )


class _Progress:
    """Says how far it has come, some twenty times at most."""

    def __init__(self, batch: Batch) -> None:
        self._batch, self._said = batch, -1

    def __call__(self, done: int) -> None:
        step = done * 20 // self._batch.total
        if step != self._said:
            self._said = step
            mine = Batch.objects.filter(pk=self._batch.pk, ready_at__isnull=True)
            mine.update(done=min(done, self._batch.total))


# --- Papers: one PDF, or a zip -------------------------------------------------------------------


def _read(part: Part) -> tuple[Row, bytes | None]:
    """The bytes of a part, or the row that says why there are none."""
    if part.file is None:
        return part.row.became(LEFT_OUT), None
    try:
        return part.row, files.read(part.file)
    except (files.Damaged, OSError):
        return part.row.became(LEFT_OUT, "damaged"), None


def _merge(batch: Batch, parts: Sequence[Part]) -> Made:
    """The papers one after the other behind their list. They keep their own pages as they are."""
    say, rows = _Progress(batch), []
    with Binding() as bound:
        for done, part in enumerate(parts):
            say(done)
            row, data = _read(part)
            if data is not None:
                begins = len(bound)
                try:
                    pages = bound.add_plain(data)
                except (BadPdf, Encrypted, TooLong):
                    row = row.became(LEFT_OUT, "damaged")
                else:
                    row = replace(row.became(IN), page=begins + 1, pages=pages)
            rows.append(row)
        front = bound.add_front(leaves.index(batch, rows))
        inside = [(f"{row.title} {row.number}", front + row.page - 1) for row in rows if row.page]
        pages = len(bound)
        data = bound.write(
            title=batch.title,
            author=batch.unit.organ,
            at=batch.asked_at,
            marks=[("文书目录", 0), *inside],
            labels=[(0, "r"), (front, "D")] if inside else [(0, "r")],
        )
    return Made(data, f"{batch.title}.pdf", "application/pdf", rows, pages)


def _zip(batch: Batch, parts: Sequence[Part]) -> Made:
    """The stored files unchanged, and the list of them as PDF and CSV."""
    say, rows, members = _Progress(batch), [], []
    of_notices = _pages_of(parts)
    with zipping.Box(batch.asked_at) as box:
        for number, part in enumerate(parts, 1):
            say(number - 1)
            row, data = _read(part)
            members.append("")
            if data is not None:
                row = replace(row.became(IN), pages=of_notices.get(row.key, 0))
                members[-1] = zipping.member(number, row)
                box.put(members[-1], data)
            rows.append(row)
        box.put("index.csv", zipping.listed(rows, members))
        for number, data in enumerate(leaves.index(batch, rows), 1):
            box.put("index.pdf" if number == 1 else f"index-{number}.pdf", data)
        return Made(box.bytes(), f"{batch.title}.zip", "application/zip", rows, None)


def _pages_of(parts: Sequence[Part]) -> dict[str, int]:
    ids = [part.row.key.removeprefix("notice:") for part in parts if part.file is not None]
    counted = Notice.objects.filter(pk__in=ids).values_list("pk", "pages")
    return {f"notice:{pk}": pages or 0 for pk, pages in counted}


# --- The file of a case ---------------------------------------------------------------------------


def _case_file(batch: Batch, at: datetime) -> Made:
    assert batch.subject_type is not None
    source = filing.of(batch.subject_type)
    subject = source.find(batch.subject_id, batch.by)
    if subject is None:
        raise Hopeless(_("案件已不在申请人可以查看的范围内，案卷没有制作。"))
    now = {entry.key: entry for entry in source.parts(subject, batch.by)}
    parts, added = _again(batch, now)
    _wait(batch, parts, at)
    data, rows, numbered = _bound(batch, source.cover(subject), parts, added)
    memory.give_back()
    name = f"{batch.title}.pdf"
    if not batch.originals:
        return Made(data, name, "application/pdf", rows, numbered)
    with zipping.Box(batch.asked_at) as box:
        box.put("案卷.pdf", data)
        del data
        members = []
        for number, (part, row) in enumerate(zip(parts, rows, strict=True), 1):
            _row, original = _read(part)
            members.append("")
            if original is not None:
                members[-1] = f"{ORIGINALS}/{zipping.member(number, row)}"
                box.put(members[-1], original)
        box.put("index.csv", zipping.listed(rows, members))
        return Made(box.bytes(), f"{batch.title}.zip", "application/zip", rows, numbered)


def _bound(
    batch: Batch, cover: Cover, parts: Sequence[Part], added: int
) -> tuple[bytes, list[Row], int]:
    """The whole file, its rows and numbered pages. Nothing that it was made of outlives this."""
    with Binding() as bound:
        rows = _bind(batch, parts, bound, demonstration=cover.demonstration)
        numbered = len(bound)
        return _between_covers(batch, cover, rows, bound, added), rows, numbered


def _bind(batch: Batch, parts: Sequence[Part], bound: Binding, *, demonstration: bool) -> list[Row]:
    """The parts in their order, each with the page on which it begins; then the leaves with words,
    of pictures and of what stands in the place of a part, all printed together."""
    say, rows = _Progress(batch), []
    written: dict[int, Leaf] = {}
    for number, part in enumerate(parts, 1):
        say(number - 1)
        begins = len(bound)
        row = _place(part, bound)
        if row.state == SHEET:
            bound.add_leaf()
            where = _where(batch, number, part, row)
            written[begins] = Leaf(number, row, says=row.reason, where=where)
        elif row.content_type != "application/pdf":
            written[begins] = Leaf(number, row)
        rows.append(replace(row, page=begins + 1, pages=len(bound) - begins))
        if number % 10 == 0:
            memory.give_back()
    printed = leaves.sheets(list(written.values()), demonstration=demonstration)
    bound.write_leaves(list(written), printed)
    return rows


def _place(part: Part, bound: Binding) -> Row:
    """Bind the part, or say why a sheet stands in its place (state SHEET)."""
    if part.file is None:
        return part.row.became(SHEET)
    row, data = _read(part)
    if data is None:
        return row.became(SHEET, "damaged")
    try:
        if row.content_type == "application/pdf":
            _pages, mended = bound.add_foreign(data)
            return row.became(IN, "repaired" if mended else "")
        if row.content_type.startswith("image/"):
            bound.add_picture(fit(data))
            return row.became(IN)
    except BadPdf:
        return row.became(SHEET, "bad_pdf")
    except Encrypted:
        return row.became(SHEET, "encrypted")
    except TooLong as long:
        return row.became(SHEET, "too_long", pages=long.pages)
    except BadPicture:
        return row.became(SHEET, "bad_picture")
    except LargePicture as large:
        return row.became(SHEET, "large_picture", width=large.width, height=large.height)
    return row.became(SHEET, "not_a_leaf")


def _where(batch: Batch, number: int, part: Part, row: Row) -> str:
    """Where the file itself is, for a part that could not become a page."""
    if part.file is None or row.why == "damaged":
        return ""
    if batch.originals:
        name = zipping.member(number, row)
        return f"原件在同一压缩包的“{ORIGINALS}”文件夹内：{name}"
    return "本卷没有附原件；原件由系统保存，可按下列校验值核对。"


def _between_covers(
    batch: Batch, cover: Cover, rows: Sequence[Row], bound: Binding, added: int
) -> bytes:
    """Numbers on every leaf, then cover and catalogue before, and the closing leaf behind."""
    pages = len(bound)
    bound.stamp(leaves.numbers(pages, demonstration=cover.demonstration))
    bound.add_plain(leaves.closing(batch, cover, rows, pages, added=added))
    first = leaves.cover(batch, cover, rows, pages)
    front = bound.add_front([first, *leaves.catalogue(cover, rows)])
    inside = [(f"{number} {row.title}", front + row.page - 1) for number, row in enumerate(rows, 1)]
    return bound.write(
        title=batch.title,
        author=cover.unit.organ,
        at=batch.asked_at,
        marks=[("封面", 0), ("卷内文件目录", 1), *inside, ("备考表", front + pages)],
        labels=[(0, "封面"), (1, "r"), (front, "D"), (front + pages, "备考表")],
    )
