"""What may be asked, what it would hold, and the request. What is asked for is kept for KEEP."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from jobs import ledger
from notices import filing
from notices.batches import pictures, standing
from notices.batches.rows import Row
from notices.models import BATCH_JOB, Batch, Notice, NoticeQuerySet
from vault import files

KEEP = timedelta(days=7)
MOST_PAPERS = 300
MOST_PARTS = 1000
MEGABYTE = 1024 * 1024
MOST_BYTES = 100 * MEGABYTE  # stored sealed, which takes memory three times over
MOST_WAITING = 5

trail.words(
    {
        "notices.batch": gettext_lazy("批量打印"),
        "notices.case_file": gettext_lazy("制作案卷"),
        "notices.download_batch": gettext_lazy("下载批量文件"),
    }
)


@dataclass(frozen=True)
class Preview:
    """What a batch would hold. `out_of_reach` were asked for and are not the person's to see."""

    rows: tuple[Row, ...]
    out_of_reach: int = 0
    too_many: int = 0

    @property
    def ready(self) -> int:
        return sum(1 for row in self.rows if row.sha256)

    @property
    def withheld(self) -> int:
        return sum(row.is_withheld for row in self.rows)

    @property
    def unprinted(self) -> int:
        return len(self.rows) - self.ready - self.withheld

    def weight(self, *, originals: bool, pages: bool) -> int:
        """Bytes that the finished file may have: its pages, its originals, or both."""
        of_pages = sum(
            pictures.weight(row.size) if row.content_type.startswith("image/") else row.size
            for row in self.rows
            if row.is_pages
        )
        whole = sum(row.size for row in self.rows)
        return (of_pages if pages else 0) + (whole if originals else 0)


def of_papers(chosen: Collection[UUID] | NoticeQuerySet, user: User) -> Preview:
    """The papers among these that the person may see, oldest first."""
    if isinstance(chosen, models.QuerySet):
        papers, asked = chosen, None
    else:
        papers = Notice.objects.visible_to(user).filter(pk__in=list(chosen)[: MOST_PAPERS + 1])
        asked = len(set(chosen))
    number = papers.count()
    if number > MOST_PAPERS:
        return Preview((), too_many=number)
    light = papers.select_related("pdf").defer("words", "snapshot", "fingerprint")
    found = light.order_by("issued_at", "serial", "id")
    rows = tuple(Row.of(filing.paper(notice)) for notice in found)
    return Preview(rows, out_of_reach=asked - len(rows) if asked is not None else 0)


def case_file(subject: models.Model, user: User) -> Preview:
    """The file of this record, as that person may have it."""
    source = filing.of(ContentType.objects.get_for_model(subject))
    with translation.override("zh-hans"):
        return Preview(tuple(Row.of(entry) for entry in source.parts(subject, user)))


def can_ask(preview: Preview, form: str, user: User, *, originals: bool = False) -> list[Reason]:
    """Why this cannot be put together; empty when it can."""
    if preview.too_many:
        text = _("选了 %(n)s 份，一次最多 %(most)s 份。请用条件缩小范围，分几次办理。")
        return [Reason(text % {"n": preview.too_many, "most": MOST_PAPERS})]
    if not preview.rows and form == Batch.Form.BUNDLE:
        return [Reason(_("案卷里还没有任何材料。"))]
    if not preview.rows:
        return [Reason(_("没有选文书。"))]
    reasons = []
    if len(preview.rows) > MOST_PARTS:
        text = _("案卷有 %(n)s 件材料，一次最多 %(most)s 件。")
        reasons.append(Reason(text % {"n": len(preview.rows), "most": MOST_PARTS}))
    weight = preview.weight(originals=originals or form == Batch.Form.ZIP, pages=form != "zip")
    if weight > MOST_BYTES:
        reasons.append(_too_heavy(weight, form, originals))
    waiting = standing.unfinished(user)
    if waiting >= MOST_WAITING:
        reasons.append(
            Reason(
                ngettext(
                    "您还有 %(n)s 份没有做完，请等做完再要。",
                    "您还有 %(n)s 份没有做完，请等做完再要。",
                    waiting,
                )
                % {"n": waiting}
            )
        )
    return reasons


def _too_heavy(weight: int, form: str, originals: bool) -> Reason:
    words = {"size": -(-weight // MEGABYTE), "most": MOST_BYTES // MEGABYTE}
    if originals:
        text = _("连同原件约 %(size)s MB，一次最多 %(most)s MB。可以不附原件。") % words
    elif form == Batch.Form.BUNDLE:
        text = (
            _("案卷约 %(size)s MB，一次最多 %(most)s MB。文书可以批量打印，证据在检查页面下载。")
            % words
        )
    else:
        text = _("这些文书共 %(size)s MB，一次最多 %(most)s MB。请分几次办理。") % words
    return Reason(text)


@transaction.atomic
def ask_for_papers(preview: Preview, form: str, *, token: UUID, by: User, at: datetime) -> Batch:
    """Owe one file of these papers; `form` is pdf or zip. Each paper's record says so.

    The same token of the same person gives the batch that it made before. Raises Refused.
    """
    made = _made(token, by)
    if made is not None:
        return made
    reasons = can_ask(preview, form, by)
    if reasons:
        raise Refused(reasons)
    batch = _keep(token, form, f"文书{len(preview.rows)}份", preview.rows, by=by, at=at)
    for notice in Notice.objects.filter(pk__in=_ids(preview.rows)).only("number", "unit"):
        trail.record("notices.batch", notice, by=by, at=at, data={"batch": batch.pk, "form": form})
    return batch


@transaction.atomic
def ask_for_file(
    subject: models.Model,
    preview: Preview,
    *,
    originals: bool,
    token: UUID,
    by: User,
    at: datetime,
) -> Batch:
    """Owe the file of this record, with the originals in a zip beside it if wanted.

    As `ask_for_papers`. Raises Refused.
    """
    made = _made(token, by)
    if made is not None:
        return made
    reasons = can_ask(preview, Batch.Form.BUNDLE, by, originals=originals)
    if reasons:
        raise Refused(reasons)
    subject_type = ContentType.objects.get_for_model(subject)
    with translation.override("zh-hans"):
        cover = filing.of(subject_type).cover(subject)
    batch = _keep(
        token,
        Batch.Form.BUNDLE,
        f"{cover.kind} {cover.name}"[:200],
        preview.rows,
        by=by,
        at=at,
        subject_type=subject_type,
        subject_id=subject.pk,
        originals=originals,
    )
    trail.record(
        "notices.case_file",
        subject,
        by=by,
        at=at,
        data={"batch": batch.pk, "parts": len(preview.rows), "withheld": preview.withheld},
    )
    return batch


def _made(token: UUID, by: User) -> Batch | None:
    return Batch.objects.filter(pk=token, by=by).first()


def _ids(rows: Iterable[Row]) -> list[str]:
    return [row.key.removeprefix("notice:") for row in rows]


def _keep(
    token: UUID,
    form: str,
    title: str,
    rows: Sequence[Row],
    *,
    by: User,
    at: datetime,
    **more: Any,
) -> Batch:
    assert by.unit is not None  # who has no unit sees nothing that could be put together
    # A token that somebody else used makes no difference to this person.
    taken = Batch.objects.filter(pk=token).exists()
    batch = Batch.objects.create(
        **({} if taken else {"pk": token}),
        unit=by.unit,
        form=form,
        title=title,
        entries=[row.kept() for row in rows],
        by=by,
        asked_at=at,
        total=len(rows),
        **more,
    )
    ledger.owe(BATCH_JOB, str(batch.pk), batch_id=str(batch.pk))
    return batch


def sweep(*, at: datetime) -> int:
    """Remove what is older than KEEP, with its files; how many there were.

    The record keeps who asked for what; the stored papers themselves are not touched.
    """
    old = list(Batch.objects.filter(asked_at__lt=at - KEEP).values_list("pk", flat=True))
    removed = 0
    for pk in old:
        with transaction.atomic():
            batch = (
                Batch.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("file")
                .filter(pk=pk)
                .first()
            )
            if batch is None:
                continue
            stored = batch.file
            batch.delete()
            if stored is not None:
                files.remove(stored)
            removed += 1
    return removed
