"""Issuing a paper: its words are frozen here, in the request; the printing follows.

    issue_notice   check -> render -> number -> freeze -> owe the print
    withdraw       an issued paper is never edited: it is withdrawn
    supersede      ... or replaced by a new one

The number comes last. Its row stays locked until the transaction ends and every other issue of
the same series waits for it, so the words are rendered first, with a random token in the place
of the number, and the number is only put in. Nothing slow happens afterwards: no PDF here.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.template import Engine
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from audit import trail
from audit.trail import Reason, Refused
from jobs import ledger
from notices import blocks, elements, glyphs, kinds, marks, reading, series, writing
from notices.correction_order import missing_of_unit
from notices.models import PRINT_JOB, Notice, new_verify_code
from vault.models import StoredFile

FRAME = "notices/paper.html"
LONGEST_WORDS = 400_000  # characters of HTML; 300 findings with long texts stay below
LONGEST_PARAGRAPH = 30_000  # characters; what is longer takes more time than a print may
_COPIES = {1: "一", 2: "两", 3: "三", 4: "四"}


@dataclass(frozen=True)
class Paper:
    """What every paper shows, whatever its kind; `paper` in the templates."""

    kind: kinds.Kind
    title: str
    number: str
    organ: str
    addressee: str
    issued_on: str
    stamp: str
    demonstration: bool
    preview: bool
    qr: SafeString
    drawn_seal: SafeString | str
    has_seal_picture: bool
    reconsideration_body: str
    court: str
    copies: str


@dataclass(frozen=True)
class Draft:
    """A paper that is ready but for its number, which stands in `words` as `token`."""

    kind: kinds.Kind
    words: str
    token: str
    pattern: str
    addressee: str
    seal: StoredFile | None
    verify_code: str
    demonstration: bool
    blocks: dict[str, int | None]


def can_issue(
    kind: str,
    unit: Unit,
    addressee: str,
    context: Mapping[str, Any] | None = None,
    on: date | None = None,
) -> list[Reason]:
    """What stands in the way of this paper: what the unit lacks, and each missing element.

    `field` names the element; the owner of the paper adds the link that mends it and its own
    reasons. Without `context` only what any paper of the kind needs is asked; with `on`, the day
    of issue, also what its standing paragraphs need of the unit.
    """
    sort = kinds.get(kind)
    reasons = missing_of_unit(unit, remedies=sort.remedies)
    if on is not None:
        told = {reason.field for reason in reasons}
        reasons += [r for r in blocks.lacking(unit, sort.blocks, on) if r.field not in told]
    if not addressee.strip():
        reasons.append(Reason(text=_("没有受送达人。"), field="addressee"))
    if context is not None:
        reasons += elements.missing(sort.elements, context)
    return reasons


def draft(
    kind: str,
    *,
    unit: Unit,
    addressee: str,
    context: Mapping[str, Any],
    at: datetime,
    demonstration: bool,
    preview: bool = False,
    dated: date | None = None,
) -> Draft:
    """The words as they would be frozen now; `preview` marks them as not issued.

    `dated` prints another day than that of `at`, to compare with what was printed on it.

    Raises Refused: a character is in no face, or the words are too long. Whether anything is
    missing is not asked here: a preview shows what there is.
    """
    sort = kinds.get(kind)
    demonstration = demonstration or unit.is_demonstration
    seal = None if demonstration else unit.seal
    code = new_verify_code()
    token = f"№{secrets.token_hex(12)}№"
    day = _local_day(at)
    paper = Paper(
        kind=sort,
        title=sort.title,
        number=token,
        organ=unit.organ,
        addressee=glyphs.clean(addressee),
        issued_on=writing.date(dated or day),
        stamp=timezone.localtime(at).isoformat(timespec="seconds"),
        demonstration=demonstration,
        preview=preview,
        qr=marks.qr(verify_address(code)),
        drawn_seal=marks.seal(unit.organ) if demonstration else "",
        has_seal_picture=seal is not None,
        reconsideration_body=unit.reconsideration_body,
        court=unit.court or "人民法院",
        copies=_COPIES[sort.copies],
    )
    standing = blocks.standing(unit, sort.blocks, day)
    paragraphs = {code: glyphs.clean(each.text) for code, each in standing.items()}
    words = _render(sort.template, {**_clean(dict(context)), "blocks": paragraphs, "paper": paper})
    pattern = series.pattern_for(unit, kind)
    _check_words(words.replace(token, pattern + unit.abbreviation))
    return Draft(
        kind=sort,
        words=words,
        token=token,
        pattern=pattern,
        addressee=paper.addressee,
        seal=seal,
        verify_code=code,
        demonstration=demonstration,
        blocks={code: each.row.pk if each.row else None for code, each in standing.items()},
    )


@transaction.atomic
def issue_notice(
    kind: str,
    *,
    unit: Unit,
    addressee: str,
    context: Mapping[str, Any],
    snapshot: Mapping[str, Any],
    subject: models.Model,
    by: User,
    at: datetime,
    demonstration: bool,
) -> Notice:
    """Freeze a paper and leave a print job. Call it last in the verb that issues.

    Args:
        kind: code of `notices.kinds`.
        addressee: the party's name, as it is printed.
        context: the words' own context (for an order: `CorrectionOrder.context()`). Control
            characters and marks of direction are taken out of every string.
        snapshot: the facts behind the words, JSON; dates are allowed. Under `blocks` is added which
            row of `TextBlock` each standing paragraph came from, null for the house's wording.
        subject: the record that the paper belongs to; its pk is a UUID.
        at: when it is issued; the year of the number is the year of that day in Shanghai.
        demonstration: made from demonstration data. A demonstration unit makes it so too.

    The verb that calls it leaves the line in the record, with the number.

    Raises:
        Refused: an element is missing, the unit cannot state the remedies, a character is in no
            face, the words are too long, or the number was used before.
    """
    reasons = can_issue(kind, unit, addressee, context, _local_day(at))
    if reasons:
        raise Refused(reasons)
    ready = draft(
        kind, unit=unit, addressee=addressee, context=context, at=at, demonstration=demonstration
    )
    subject_type = ContentType.objects.get_for_model(subject)
    version = template_version(ready.kind.template)
    day = _local_day(at)
    serial = series.take(unit, kind, day.year)
    number = series.write(
        ready.pattern, abbreviation=unit.abbreviation, year=day.year, serial=serial
    )
    words = ready.words.replace(ready.token, escape(number))
    try:
        with transaction.atomic():
            notice = Notice.objects.create(
                unit=unit,
                kind=kind,
                year=day.year,
                serial=serial,
                number=number,
                addressee=ready.addressee,
                words=words,
                words_sha256=hashlib.sha256(words.encode()).hexdigest(),
                snapshot={**snapshot, "blocks": ready.blocks} if ready.blocks else dict(snapshot),
                template=ready.kind.template,
                template_version=version,
                seal=ready.seal,
                verify_code=ready.verify_code,
                is_demonstration=ready.demonstration,
                subject_type=subject_type,
                subject_id=subject.pk,
                issued_at=at,
                issued_on=day,
                issued_by=by,
            )
    except IntegrityError as fault:
        raise Refused(
            [
                Reason(
                    text=_("文号 %(number)s 已经用过，请管理员检查文号格式和单位代字。")
                    % {"number": number}
                )
            ]
        ) from fault
    ledger.owe(PRINT_JOB, str(notice.pk), notice_id=str(notice.pk))
    return notice


def _local_day(at: datetime) -> date:
    return timezone.localtime(at).date()


def verify_address(code: str) -> str:
    """The address in the QR code: it says nothing about the case."""
    return settings.ZHENGGAI_PUBLIC_URL + reverse("verify", args=[code])


def _clean(value: Any) -> Any:
    """The context with every string cleaned; the structure stays."""
    if isinstance(value, str):
        return glyphs.clean(value)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def _render(template: str, context: dict[str, Any]) -> str:
    # Papers are Chinese whatever language the officer reads the portal in.
    with translation.override("zh-hans"):
        return get_template(template).render(context)


def _check_words(draft: str) -> None:
    """Refuse now what the printer would refuse later, while nothing is numbered yet."""
    if len(draft) > LONGEST_WORDS:
        raise Refused(
            [
                Reason(
                    text=_("文书超过 %(most)s 字，无法打印，请缩短或分开制作。")
                    % {"most": LONGEST_WORDS}
                )
            ]
        )
    texts = reading.blocks(draft)
    for text in texts:
        if len(text) > LONGEST_PARAGRAPH:
            sentence = _("文书中有一段文字超过 %(most)s 字，无法排版，请缩短：“%(start)s…”。")
            values = {"most": LONGEST_PARAGRAPH, "start": text[:20]}
            raise Refused([Reason(text=sentence % values)])
    lacking = glyphs.missing("".join(texts))
    if lacking:
        raise Refused([Reason(text=glyphs.sentence(lacking))])


@cache
def template_version(template: str) -> str:
    """SHA-256 over the sources of the template and of the frame that it extends."""
    engine = Engine.get_default()
    sources = [str(engine.get_template(name).source) for name in (FRAME, template)]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()


def ended_words(notice: Notice) -> str:
    """The day a paper ceased to hold; empty while it holds."""
    return writing.date(notice.ended_on) if notice.ended_on else ""


def can_withdraw(notice: Notice) -> list[Reason]:
    """Why this paper cannot be withdrawn; empty when it can."""
    if notice.state == Notice.State.VALID:
        return []
    return [
        Reason(
            text=_("这份文书%(state)s（%(day)s）。")
            % {"state": notice.get_state_display(), "day": ended_words(notice)}
        )
    ]


@transaction.atomic
def withdraw(notice: Notice, *, reason: str, by: User, at: datetime) -> Notice:
    """End a paper's validity. Its number is never given again; its PDF stays what it is.

    Raises Refused when it is no longer valid or no reason is given.
    """
    reasons = can_withdraw(notice)
    if not reason.strip():
        reasons.append(Reason(text=_("请写明撤回的原因。"), field="reason"))
    if reasons:
        raise Refused(reasons)
    trail.move(
        notice,
        Notice.State.WITHDRAWN,
        by=by,
        at=at,
        verb="notices.withdraw",
        reason=reason,
        data={"number": notice.number},
        ended_on=_local_day(at),
        ended_reason=reason[:500],
    )
    return notice


@transaction.atomic
def supersede(notice: Notice, successor: Notice, *, reason: str, by: User, at: datetime) -> Notice:
    """Put a new paper in the place of an old one. Raises Refused like `withdraw`."""
    reasons = can_withdraw(notice)
    if reasons:
        raise Refused(reasons)
    trail.move(
        notice,
        Notice.State.SUPERSEDED,
        by=by,
        at=at,
        verb="notices.supersede",
        reason=reason,
        data={"number": notice.number, "successor": successor.number},
        ended_on=_local_day(at),
        ended_reason=reason[:500],
        superseded_by=successor,
    )
    return notice
