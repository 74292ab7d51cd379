"""A paper looked at before it is issued: the same words, the same printer, a mark on each page.

    make          freeze the words as they would be issued now, and owe their print
    owed_print    the worker: PDF and a picture of each page
    differences   what the paper would say now, where it differs from what was looked at
    sweep         previews live for a day

A preview takes no number, has no signature, and is verified by nobody: the code in its mark is
unknown to the page of verification. A missing element does not stop it; what lacks stands beside.
"""

import difflib
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User
from audit import trail
from audit.trail import Reason
from jobs import ledger
from jobs.models import Job
from notices import papers, press, printing, reading
from notices.models import PREVIEW_JOB, Preview, PreviewPicture, PrintState
from notices.papers import Draft
from vault import files

NUMBER = "（签发时编号）"
AT_ISSUE = "（签发时填写）"  # for what only the issue knows, such as who issued it
KEEP = timedelta(days=1)
MOST_PICTURES = 12  # the rest is read in the PDF
SWEPT_AT_ONCE = 500

trail.words({"notices.preview": gettext_lazy("预览文书")})


@transaction.atomic
def make(
    kind: str,
    *,
    unit: Unit,
    addressee: str,
    context: Mapping[str, Any],
    subject: models.Model,
    by: User,
    at: datetime,
    demonstration: bool,
    lacking: Sequence[Reason] | None = None,
) -> Preview:
    """Freeze the words as they would be issued now and leave a print job.

    Arguments as for `papers.issue_notice`; `lacking` is what stands in the way of the paper, with
    the links of its owner, by default what `papers.can_issue` says. The same words asked for again
    by the same person on the same day are the preview that is there already.

    Raises Refused: a character is in no face, or the words are too long.
    """
    day = timezone.localdate(at)
    if lacking is None:
        lacking = papers.can_issue(kind, unit, addressee, context, day)
    ready = papers.draft(
        kind,
        unit=unit,
        addressee=addressee,
        context=context,
        at=at,
        demonstration=demonstration,
        preview=True,
    )
    told = [_as_data(reason) for reason in lacking]
    made = latest(subject, kind, by=by)
    if (
        made is not None
        and timezone.localdate(made.made_at) == day
        and (made.seal, made.lacking) == (ready.seal, told)
        and reading.blocks(made.words) == _said(ready)
    ):
        return made
    preview = Preview.objects.create(
        unit=unit,
        kind=kind,
        by=by,
        made_at=at,
        words=ready.words.replace(ready.token, escape(NUMBER)),
        seal=ready.seal,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        lacking=told,
    )
    # Not about the subject: whoever is told what happened to it last does not mean a look.
    data = {"kind": kind, "subject": subject, "lacking": len(told)}
    trail.record("notices.preview", preview, by=by, at=at, data=data)
    ledger.owe(PREVIEW_JOB, str(preview.pk), preview_id=str(preview.pk))
    return preview


def _as_data(reason: Reason) -> dict[str, Any]:
    data = asdict(reason)
    return {name: value if isinstance(value, bool) else str(value) for name, value in data.items()}


def _said(draft: Draft) -> list[str]:
    """The texts of a draft with the number's place as a preview shows it."""
    return reading.blocks(draft.words.replace(draft.token, escape(NUMBER)))


def latest(subject: models.Model, kind: str, *, by: User | None = None) -> Preview | None:
    """The newest preview of that paper, of this person or of anybody."""
    made = Preview.objects.filter(
        subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk, kind=kind
    )
    if by is not None:
        made = made.filter(by=by)
    return made.select_related("seal", "by").first()


# --- What has changed since -------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One place of the paper: what the preview said there, and what it would say now."""

    was: str
    now: str


def differences(
    preview: Preview,
    *,
    unit: Unit,
    addressee: str,
    context: Mapping[str, Any],
    at: datetime,
    demonstration: bool,
) -> list[Difference]:
    """Where the paper, issued at `at`, would differ from the preview; empty when nowhere.

    Another day of issue is no difference: everybody expects it. Raises Refused as `make` does.
    """
    ready = papers.draft(
        preview.kind,
        unit=unit,
        addressee=addressee,
        context=context,
        at=at,
        dated=timezone.localdate(preview.made_at),
        demonstration=demonstration,
        preview=True,
    )
    was, now = reading.blocks(preview.words), _said(ready)
    found = [
        Difference("\n".join(was[a:b]), "\n".join(now[c:d]))
        for tag, a, b, c, d in difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    if preview.seal != ready.seal:
        found.append(Difference(_("原来的印章"), _("现在的印章")))
    return found


def digest(
    kind: str,
    *,
    unit: Unit,
    addressee: str,
    context: Mapping[str, Any],
    at: datetime,
    demonstration: bool,
) -> str:
    """SHA-256 over what the paper would say and the seal it would bear, whatever the day: a page
    keeps it, and the button asks whether it still holds. Raises Refused as `make` does."""
    ready = papers.draft(
        kind,
        unit=unit,
        addressee=addressee,
        context=context,
        at=at,
        dated=date.min,
        demonstration=demonstration,
        preview=True,
    )
    seal = ready.seal.sha256 if ready.seal else ""
    return hashlib.sha256("\0".join([*_said(ready), seal]).encode()).hexdigest()


# --- Printing ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    """One page as a PNG."""

    data: bytes
    width: int
    height: int


def owed_print(preview_id: str) -> Callable[[datetime], None] | None:
    """The handler of a preview's job; nothing when it was swept meanwhile.

    Raises NotYet and Hopeless as `press.print_words` does.
    """
    preview = Preview.objects.select_related("seal").filter(pk=preview_id).first()
    if preview is None or preview.printed_at is not None:
        return None
    printed = printing.print_words(preview.words, preview.seal)
    pictures = [Picture(*each) for each in press.load().pictures(printed.data, MOST_PICTURES)]
    return partial(keep, preview, printed, pictures)


def keep(
    preview: Preview, printed: printing.Printed, pictures: Sequence[Picture], at: datetime
) -> None:
    """Store the bytes, once. Inside the job's transaction."""
    locked = Preview.objects.select_for_update(of=("self",)).filter(pk=preview.pk).first()
    if locked is None or locked.printed_at is not None:
        return
    locked.pdf = files.store(printed.data, _file_name(locked, "pdf"), "application/pdf", locked.by)
    locked.pages, locked.printed_at = printed.pages, at
    locked.save(update_fields=["pdf", "pages", "printed_at"])
    PreviewPicture.objects.bulk_create(
        PreviewPicture(
            preview=locked,
            no=no,
            file=files.store(each.data, _file_name(locked, "png"), "image/png", locked.by),
            width=each.width,
            height=each.height,
        )
        for no, each in enumerate(pictures, 1)
    )


def _file_name(preview: Preview, ending: str) -> str:
    return f"预览-{preview.title}.{ending}"


def print_state(preview: Preview) -> PrintState:
    """Queued, printing, ready or failed, like that of a notice."""
    if preview.printed_at is not None:
        return PrintState("ready", _("已就绪"))
    job = Job.objects.with_those_before().filter(kind=PREVIEW_JOB, key=str(preview.pk)).first()
    if job is None or job.state == Job.State.DEAD:
        reason = job.last_error if job else _("没有登记打印任务。")
        return PrintState("failed", _("打印失败"), reason=reason, job=job)
    if job.state == Job.State.RUNNING:
        return PrintState("printing", _("打印中"), job=job)
    return PrintState(
        "queued", _("排队中"), reason=job.last_error, place=job.place_in_line(), job=job
    )


# --- The end ----------------------------------------------------------------------------------


def sweep(*, at: datetime) -> int:
    """Remove previews older than a day with their files; how many. Safe to run twice at once."""
    old = Preview.objects.filter(made_at__lt=at - KEEP).order_by("made_at")
    removed = 0
    for pk in list(old.values_list("pk", flat=True)[:SWEPT_AT_ONCE]):
        with transaction.atomic():
            preview = (
                Preview.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("pdf")
                .filter(pk=pk)
                .first()
            )
            if preview is None:
                continue
            stored = [each.file for each in preview.pictures.select_related("file")]
            stored += [preview.pdf] if preview.pdf else []
            preview.delete()
            for file in stored:
                files.remove(file)
            removed += 1
    return removed
