"""The life of a bulletin.

    draft ─▶ amend, add, drop ─▶ submit ─▶ approve ─▶ publish ─▶ withdraw
                  ▲                │
                  └── send_back ◀──┘          discard: a draft that nobody wants

The words are the drafter's; a second person approves them, and from then on they stand. Before
each of the three steps the text is searched for names and numbers (`bulletins.personal`). Each verb
is one transaction and leaves one line in the record.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User
from audit import trail
from audit.trail import Reason, Refused
from bulletins import publications, reasons, reduced, wording
from bulletins.models import (
    EXPORT_JOB,
    MOST_CASES,
    Bulletin,
    BulletinState,
    Entry,
)
from deadlines import clock
from enterprises.register import Changed
from inspections.models import Finding
from jobs import ledger
from legal import calendars, limits, periods
from legal.models import Article
from penalties.models import Case, CaseQuerySet

trail.words(
    {
        "bulletins.draft": gettext_lazy("起草通报"),
        "bulletins.amend": gettext_lazy("修改通报"),
        "bulletins.add": gettext_lazy("加入案例"),
        "bulletins.drop": gettext_lazy("去掉案例"),
        "bulletins.submit": gettext_lazy("通报送审"),
        "bulletins.approve": gettext_lazy("审核通过通报"),
        "bulletins.send_back": gettext_lazy("退回通报"),
        "bulletins.publish": gettext_lazy("登记发布通报"),
        "bulletins.withdraw": gettext_lazy("撤回通报"),
        "bulletins.discard": gettext_lazy("作废通报草稿"),
        "bulletins.export": gettext_lazy("生成通报文件"),
    }
)

#: The bulletin is information of the organ's own; the law sets 20 working days (OGI 26).
PUBLISH_LIMIT, PUBLISH_KIND = "PUBLISH_20", "PUBLISH_20"
APPROVED = periods.Words("定稿", "approval")
S = BulletinState
WRITTEN = ("title", "intro", "reminder", "is_demonstration")


def choosable(user: User) -> CaseQuerySet:
    """Cases with a decision that the person may see: what a bulletin can be made of."""
    return (
        Case.objects.visible_to(user)
        .filter(decided_on__isnull=False)
        .select_related("enterprise__region", "unit__region", "inspection__system", "order")
    )


def as_typed(
    bulletin: Bulletin,
    entries: Sequence[Entry],
    *,
    title: str,
    intro: str,
    reminder: str,
    texts: Mapping[Any, str],
    order: Mapping[Any, int],
    version: int = 0,
) -> tuple[Bulletin, list[Entry]]:
    """The rows as they would be if this were saved, for a preview. Writes nothing."""
    bulletin.title, bulletin.intro, bulletin.reminder = title, intro, reminder
    sorted_ones = sorted(
        entries, key=lambda entry: (order.get(entry.pk, entry.ordinal), entry.ordinal)
    )
    for ordinal, entry in enumerate(sorted_ones, 1):
        entry.ordinal, entry.text = ordinal, texts.get(entry.pk, entry.text)
    return bulletin, sorted_ones


# --- Drafting --------------------------------------------------------------------------------


@transaction.atomic
def draft(
    cases: Sequence[Case],
    *,
    unit: Unit,
    by: User,
    at: datetime,
    title: str = "",
    intro: str = "",
    reminder: str | None = None,
    form_token: uuid.UUID | None = None,
) -> Bulletin:
    """Start a bulletin about these cases, in this order, with a text for each.

    Words that are not given are the usual ones. The same `form_token` gives the same bulletin.
    """
    if form_token is not None:
        made = Bulletin.objects.filter(form_token=form_token, drafted_by=by).first()
        if made is not None:
            return made
    found = reasons.can_draft(cases)
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            bulletin = Bulletin.objects.create(
                unit=unit,
                title=title.strip() or wording.default_title(unit, len(cases)),
                intro=intro.strip() or wording.default_intro(unit),
                reminder=wording.REMINDER if reminder is None else reminder.strip(),
                drafted_by=by,
                drafted_at=at,
                edited_by=by,
                is_demonstration=_made_up(unit, cases),
                form_token=form_token or uuid.uuid4(),
            )
    except IntegrityError:
        # The same form twice at once: the first has made it.
        return Bulletin.objects.get(form_token=str(form_token), drafted_by=by)
    _add(bulletin, cases, periods.local_date(at))
    trail.record(
        "bulletins.draft", bulletin, by=by, at=at, data={"cases": [case.pk for case in cases]}
    )
    return bulletin


@transaction.atomic
def amend(
    bulletin: Bulletin,
    *,
    version: int,
    by: User,
    at: datetime,
    title: str,
    intro: str,
    reminder: str,
    texts: Mapping[Any, str],
    order: Mapping[Any, int] | None = None,
) -> Bulletin:
    """Change the words, and the order of the cases; `version` is the one that the person saw.

    `texts` and `order` go by the id of the entry; those not named stay. Raises `Changed` when
    somebody saved in between: nothing is overwritten.
    """
    row = _lock_draft(bulletin, version)
    found = [
        Reason(_("%(where)s没有填写。") % {"where": word}, field=field)
        for field, word, text in (("title", _("标题"), title), ("intro", _("开头"), intro))
        if not text.strip()
    ]
    if found:
        raise Refused(found)
    row.title, row.intro, row.reminder = title.strip(), intro.strip(), reminder.strip()
    changed = []
    entries = list(row.entries.order_by("ordinal"))
    for entry in entries:
        text = texts.get(entry.pk, entry.text).strip()
        if text != entry.text:
            entry.text = text
            changed.append(entry.ordinal)
    if order:
        entries.sort(key=lambda entry: (order.get(entry.pk, entry.ordinal), entry.ordinal))
    _number(entries)
    _saved(row, by)
    trail.record("bulletins.amend", row, by=by, at=at, data={"texts": changed})
    return row


@transaction.atomic
def add(
    bulletin: Bulletin, cases: Sequence[Case], *, version: int, by: User, at: datetime
) -> Bulletin:
    """Take more cases in, after those that are there; those that are there already stay."""
    row = _lock_draft(bulletin, version)
    present = set(row.entries.values_list("case_id", flat=True))
    new = [case for case in cases if case.pk not in present]
    found = reasons.can_draft(new)
    if len(present) + len(new) > MOST_CASES:
        text = _("一份通报最多 %(most)d 个案件。") % {"most": MOST_CASES}
        found.append(Reason(text, field="cases"))
    if found:
        raise Refused(found)
    _add(row, new, periods.local_date(at))
    row.is_demonstration = row.is_demonstration or _made_up(row.unit, new)
    _saved(row, by)
    trail.record("bulletins.add", row, by=by, at=at, data={"cases": [case.pk for case in new]})
    return row


@transaction.atomic
def drop(bulletin: Bulletin, entry: Entry, *, version: int, by: User, at: datetime) -> Bulletin:
    """Take one case out. The last one stays: a bulletin without cases is discarded instead."""
    row = _lock_draft(bulletin, version)
    entries = list(row.entries.order_by("ordinal"))
    if entry.pk not in {each.pk for each in entries}:
        raise Refused([Reason(_("这个案例已经不在通报里。"))])
    if len(entries) == 1:
        raise Refused([Reason(_("通报至少要有一个案例；不需要通报的，作废草稿。"))])
    row.entries.filter(pk=entry.pk).delete()
    _number([each for each in entries if each.pk != entry.pk])
    _saved(row, by)
    trail.record("bulletins.drop", row, by=by, at=at, data={"case": entry.case_id})
    return row


def _lock_draft(bulletin: Bulletin, version: int) -> Bulletin:
    row = (
        Bulletin.objects.select_for_update(of=("self",)).select_related("unit").get(pk=bulletin.pk)
    )
    found = reasons.in_draft(row)
    if found:
        raise Refused(found)
    if row.version != version:
        raise Changed(row)
    return row


def _made_up(unit: Unit, cases: Sequence[Case]) -> bool:
    """Whether anything in it comes from a demonstration: then the whole of it says so."""
    return unit.is_demonstration or any(case.is_demonstration for case in cases)


def _saved(row: Bulletin, by: User) -> None:
    row.edited_by = by
    row.version += 1
    row.save(update_fields=[*WRITTEN, "edited_by", "version"])


def _number(entries: Sequence[Entry]) -> None:
    for ordinal, entry in enumerate(entries, 1):
        entry.ordinal = ordinal
    Entry.objects.bulk_update(entries, ["ordinal", "text", "facts"])


def _add(bulletin: Bulletin, cases: Sequence[Case], today: date) -> None:
    """Write an entry for each; names that have become equal are told apart in all of them."""
    known = wording.known_places()
    found = _findings(cases)
    cited = {row.article_id for each in found.values() for f in each for row in f.cited()}
    articles = {article.pk: article for article in Article.objects.with_law().filter(pk__in=cited)}
    last = bulletin.entries.aggregate(last=Max("ordinal"))["last"] or 0
    new = []
    for place, case in enumerate(cases, last + 1):
        facts = wording.facts(case, found[case.pk], articles, today=today, places=known)
        new.append(
            Entry(
                bulletin=bulletin,
                case=case,
                ordinal=place,
                text=wording.case_text(facts),
                facts=facts | {"shown": facts["name"]},
            )
        )
    Entry.objects.bulk_create(new)
    every = list(bulletin.entries.order_by("ordinal"))
    for entry, shown in zip(
        every, reduced.distinguish([each.facts["name"] for each in every]), strict=True
    ):
        entry.text = entry.text.replace(entry.facts["shown"], shown)
        entry.facts["shown"] = shown
    _number(every)


def _findings(cases: Sequence[Case]) -> dict[uuid.UUID, list[Finding]]:
    """What each case is about, with citations: those of its order, of its visit without one."""
    rows = Finding.objects.with_citations().select_related("violation_type", "inspection")
    return {
        case.pk: list(
            rows.filter(order_items__order=case.order_id).order_by("ordinal")
            if case.order_id
            else rows.filter(inspection=case.inspection_id).order_by("ordinal")
        )
        for case in cases
    }


# --- To the second person --------------------------------------------------------------------


@transaction.atomic
def submit(bulletin: Bulletin, *, by: User, at: datetime) -> Bulletin:
    """Hand it to the second person. Refused while the text names anybody."""
    _refuse(reasons.can_submit(bulletin))
    trail.move(
        bulletin,
        Bulletin.State.SUBMITTED,
        by=by,
        at=at,
        verb="bulletins.submit",
        submitted_by=by,
        submitted_at=at,
    )
    return bulletin


@transaction.atomic
def send_back(bulletin: Bulletin, *, by: User, at: datetime, reason: str) -> Bulletin:
    """Back to the drafter, with what is to be mended."""
    found = reasons.can_send_back(bulletin)
    if not reason.strip():
        found.append(Reason(_("写明退回的理由。"), field="reason"))
    _refuse(found)
    trail.move(
        bulletin, Bulletin.State.DRAFT, by=by, at=at, verb="bulletins.send_back", reason=reason
    )
    return bulletin


@transaction.atomic
def approve(bulletin: Bulletin, *, by: User, at: datetime) -> Bulletin:
    """Let the words stand. They are frozen, the files are owed, the period to publish begins."""
    _refuse(reasons.can_approve(bulletin, by))
    day = periods.local_date(at)
    period = _period(PUBLISH_LIMIT, day, APPROVED)
    trail.move(
        bulletin,
        Bulletin.State.APPROVED,
        by=by,
        at=at,
        verb="bulletins.approve",
        approved_by=by,
        approved_at=at,
        words=preview(bulletin, day=day),
    )
    clock.start(
        bulletin,
        unit=bulletin.unit,
        kind=PUBLISH_KIND,
        period=period,
        by=by,
        at=at,
        owner=bulletin.drafted_by,
    )
    ledger.owe(EXPORT_JOB, bulletin.export_key, bulletin_id=str(bulletin.pk))
    return bulletin


def preview(
    bulletin: Bulletin, day: date | None = None, entries: Sequence[Entry] | None = None
) -> wording.Paragraphs:
    """The whole text as it stands now, or with these entries."""
    rows = bulletin.entries.order_by("ordinal") if entries is None else entries
    return wording.paragraphs(
        title=bulletin.title,
        intro=bulletin.intro,
        texts=[entry.text for entry in rows],
        reminder=bulletin.reminder,
        organ=bulletin.unit.organ,
        day=day,
    )


# --- To the public, and back -----------------------------------------------------------------


@transaction.atomic
def publish(bulletin: Bulletin, *, by: User, at: datetime, on: date, place: str) -> Bulletin:
    """Enter where and on which day it was made public."""
    found = reasons.can_publish(bulletin)
    if not place.strip():
        found.append(Reason(_("写明发布的网址或者媒体。"), field="place"))
    if on > periods.local_date(at):
        found.append(Reason(_("发布日期不能晚于今天。"), field="on"))
    if bulletin.approved_at is not None and on < periods.local_date(bulletin.approved_at):
        found.append(Reason(_("发布日期不能早于审核通过之日。"), field="on"))
    _refuse(found)
    trail.move(
        bulletin,
        Bulletin.State.PUBLISHED,
        by=by,
        at=at,
        verb="bulletins.publish",
        data={"on": on, "place": place},
        published_by=by,
        published_at=at,
        published_on=on,
        place=place.strip(),
    )
    deadline = clock.running(bulletin, PUBLISH_KIND)
    if deadline is not None:
        clock.meet(deadline, on=on, by=by, at=at)
    publications.count_bulletin(bulletin, by=by, at=at)
    return bulletin


@transaction.atomic
def withdraw(
    bulletin: Bulletin, *, by: User, at: datetime, reason: str, on: date | None = None
) -> Bulletin:
    """Take it back, from the public if it is out there. Its files stay in the record."""
    found = reasons.can_withdraw(bulletin)
    day = on or periods.local_date(at)
    if not reason.strip():
        text = _("写明撤回的理由，并一并公开说明。")
        found.append(Reason(text, basis="APL@2021:48(2)", field="reason"))
    if day > periods.local_date(at):
        found.append(Reason(_("撤回日期不能晚于今天。"), field="on"))
    if bulletin.published_on is not None and day < bulletin.published_on:
        found.append(Reason(_("撤回日期不能早于发布日期。"), field="on"))
    _refuse(found)
    trail.move(
        bulletin,
        Bulletin.State.WITHDRAWN,
        by=by,
        at=at,
        verb="bulletins.withdraw",
        reason=reason,
        data={"on": day},
        withdrawn_by=by,
        withdrawn_at=at,
        withdrawn_reason=reason,
    )
    open_one = clock.running(bulletin, PUBLISH_KIND)
    if open_one is not None:
        clock.cancel(open_one, reason=reason, by=by, at=at)
    publications.bulletin_withdrawn(bulletin, on=day, explanation=reason, by=by, at=at)
    return bulletin


@transaction.atomic
def discard(bulletin: Bulletin, *, by: User, at: datetime, reason: str) -> Bulletin:
    """Give up a draft."""
    found = reasons.can_discard(bulletin)
    if not reason.strip():
        found.append(Reason(_("写明作废的理由。"), field="reason"))
    _refuse(found)
    trail.move(
        bulletin,
        Bulletin.State.WITHDRAWN,
        by=by,
        at=at,
        verb="bulletins.discard",
        reason=reason,
        withdrawn_by=by,
        withdrawn_at=at,
        withdrawn_reason=reason,
    )
    return bulletin


def _refuse(found: list[Reason]) -> None:
    if found:
        raise Refused(found)


def _period(code: str, day: date, words: periods.Words) -> periods.Period:
    try:
        return limits.of(code).due(day, calendars.load(), words=words)
    except periods.PeriodRefused as refused:
        raise Refused([clock.refusal(refused)]) from None
