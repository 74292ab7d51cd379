"""Papers of a visit: notice, record and letter of advice, from the facts to the number.

    write_particulars* -> issue_notice -> … the visit, its signature … -> issue_record
                                                        └-> issue_advisory*
    plan of a remote test -> issue_remote_notice
    withdraw_paper: an issued paper is never changed; it is withdrawn and issued anew

One notice and one record for each visit, and one notice for each planned test, as far as they are
valid: the row of the visit is locked while that is asked, so of two officers one issues and the
other is told. A finding is advised of once to each addressee. What lacks is asked before
(`can_issue_…`), each with the page that mends it; the verb enforces the same list.

Every verb is one transaction and leaves one line in the record, on the visit or the test.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User
from audit import trail
from audit.trail import Reason, Refused
from enterprises.register import Changed
from inspections import paper_facts
from inspections.basis import ORDER_176_FROM, order_151, order_176
from inspections.fieldwork.findings import dispose_all
from inspections.fieldwork.rows import check, locked, set_values
from inspections.gates import not_draft
from inspections.mending import PARTICULARS, lacking, uncertified
from inspections.models import Finding, Inspection, Particulars, RemoteTest
from inspections.paper_facts import ENTERPRISE, SECTOR, Risk, Worded
from legal import periods
from notices import papers, previews
from notices.kinds.inspections import ADVISORY, INSPECTION_NOTICE, INSPECTION_RECORD
from notices.models import Notice, Preview

OF_THE_VISIT = (INSPECTION_NOTICE, INSPECTION_RECORD, ADVISORY)

trail.words(
    {
        "inspections.write_particulars": gettext_lazy("填写文书内容"),
        "inspections.issue_notice": gettext_lazy("签发监督检查通知书"),
        "inspections.issue_record": gettext_lazy("制作监督检查记录"),
        "inspections.issue_advisory": gettext_lazy("签发公安提示函"),
        "inspections.withdraw_paper": gettext_lazy("撤回检查文书"),
    }
)
trail.tones({"inspections.issue_notice": "ok", "inspections.issue_record": "ok"})


# --- What the papers say beyond the visit --------------------------------------------------------


def can_write_particulars(inspection: Inspection) -> list[Reason]:
    """Why nothing can be changed any more: the visit was given up, or its record is issued."""
    if inspection.state == Inspection.State.DISCARDED:
        return [not_draft(inspection)]
    record = valid_paper(inspection, INSPECTION_RECORD)
    if record is None:
        return []
    return [
        Reason(
            _("监督检查记录已经制作，内容不能再改；有出入的，先撤回，再重新制作。"),
            url=paper_url(record),
            url_text=_("去撤回"),
        )
    ]


@transaction.atomic
def write_particulars(
    inspection: Inspection, *, by: User, at: datetime, version: int, **facts: Any
) -> Particulars:
    """Fill in what notice and record say beyond the visit; `facts` are the names in PARTICULARS.

    `version` is that of the row shown, 0 where there was none. Saving without a change leaves no
    line. Raises Changed when somebody saved in between, Refused.
    """
    visit = locked(inspection)
    refused = can_write_particulars(visit)
    if refused:
        raise Refused(refused)
    row = paper_facts.particulars_of(visit)
    if (row.version if row else 0) != version:
        raise Changed(row or Particulars(inspection=visit, version=0), visit)
    is_new, row = row is None, row or Particulars(inspection=visit)
    before = {name: getattr(row, name) for name in PARTICULARS}
    set_values(row, PARTICULARS, facts)
    changed = [name for name in PARTICULARS if getattr(row, name) != before[name]]
    if not changed:
        return row
    check(row, PARTICULARS)
    row.version = version + 1
    row.save(force_insert=is_new)
    trail.record(
        "inspections.write_particulars",
        visit,
        by=by,
        at=at,
        unit=visit.unit,
        data={"fields": changed},
    )
    return row


# --- The notice ----------------------------------------------------------------------------------


def can_issue_notice(inspection: Inspection, worded: Worded | None = None) -> list[Reason]:
    """Why the 监督检查通知书 cannot be issued: too late, issued already, or not complete."""
    if inspection.state != Inspection.State.DRAFT:
        basis = order_176(11) if inspection.day >= ORDER_176_FROM else order_151(14)
        return [Reason(_("检查已经结束；监督检查通知书在检查时出示，不能事后签发。"), basis=basis)]
    taken = _taken(inspection, INSPECTION_NOTICE)
    if taken:
        return taken
    sent = [row.officer for row in inspection.officers.select_related("officer")]
    edit = reverse("inspections:edit", args=[inspection.pk])
    return [
        *_typed_elsewhere(inspection),
        *uncertified(sent, inspection.day, f"{edit}#id_officers"),
        *lacking(worded or paper_facts.notice(inspection), inspection.unit, inspection),
    ]


@transaction.atomic
def issue_notice(inspection: Inspection, *, by: User, at: datetime) -> Notice:
    """Issue the 监督检查通知书 of a visit that is not signed yet; the visit takes its number.

    Order 176 art. 11, before 2026-10-01 Order 151 art. 14. Raises Refused with the list of
    `can_issue_notice`.
    """
    visit = locked(inspection)
    worded = paper_facts.notice(visit)
    notice = _issue(visit, worded, can_issue_notice(visit, worded), by=by, at=at)
    Inspection.objects.filter(pk=visit.pk).update(
        notice_number=notice.number, version=F("version") + 1
    )
    _tell("inspections.issue_notice", visit, notice, by=by, at=at)
    return notice


def can_issue_remote_notice(test: RemoteTest, worded: Worded | None = None) -> list[Reason]:
    """Why no notice can be issued for this test; with `worded` also what it lacks."""
    if not test.is_ahead:
        return [Reason(_("远程检测现在是“%(state)s”。") % {"state": test.get_state_display()})]
    taken = _taken(test, INSPECTION_NOTICE)
    if taken or worded is None:
        return taken
    return lacking(worded, test.unit, None)


@transaction.atomic
def issue_remote_notice(
    test: RemoteTest,
    *,
    officers: Sequence[User],
    basis: str,
    matters: Sequence[str],
    by: User,
    at: datetime,
) -> Notice:
    """Issue the 监督检查通知书 of a planned test over the network (Order 176 art. 4(2)).

    When and by which way the operator was told is recorded by `remote.record_notice`. Raises
    Refused with the list of `can_issue_remote_notice`.
    """
    row = (
        RemoteTest.objects.select_for_update(of=("self",))
        .select_related("unit", "enterprise", "system")
        .get(pk=test.pk)
    )
    worded = paper_facts.remote_notice(row, officers, basis=basis, matters=matters)
    reasons = can_issue_remote_notice(row, worded) + uncertified(officers, row.starts_on)
    notice = _issue(row, worded, reasons, by=by, at=at)
    _tell("inspections.issue_notice", row, notice, by=by, at=at)
    return notice


# --- The record ----------------------------------------------------------------------------------


def can_issue_record(inspection: Inspection, worded: Worded | None = None) -> list[Reason]:
    """Why the 监督检查记录 cannot be made: the visit is open, it exists, or it is not complete."""
    if not inspection.is_final:
        if inspection.state == Inspection.State.DISCARDED:
            return [not_draft(inspection)]
        return [
            Reason(
                _("检查还没有完成，先核对与签名，再制作监督检查记录。"),
                basis=order_176(15, 1) if inspection.day >= ORDER_176_FROM else order_151(18),
                url=reverse("inspections:sign", args=[inspection.pk]),
                url_text=_("核对与签名"),
            )
        ]
    taken = _taken(inspection, INSPECTION_RECORD)
    if taken:
        return taken
    return lacking(worded or paper_facts.record(inspection), inspection.unit, inspection)


@transaction.atomic
def issue_record(inspection: Inspection, *, by: User, at: datetime) -> Notice:
    """Make the 监督检查记录 of a completed visit; it is printed and signed on each page.

    Order 176 art. 15, before 2026-10-01 Order 151 art. 18; MPSP art. 86. Raises Refused with the
    list of `can_issue_record`.
    """
    visit = locked(inspection)
    worded = paper_facts.record(visit)
    notice = _issue(visit, worded, can_issue_record(visit, worded), by=by, at=at)
    _tell("inspections.issue_record", visit, notice, by=by, at=at)
    return notice


# --- The letter of advice ------------------------------------------------------------------------


def can_advise(inspection: Inspection, at: datetime) -> list[Reason]:
    """Why no 公安提示函 can be issued from this visit at all; empty when one can."""
    if inspection.state == Inspection.State.DISCARDED:
        return [not_draft(inspection)]
    if not inspection.is_final:
        return [
            Reason(
                _("检查还没有完成，完成后再签发公安提示函。"),
                url=reverse("inspections:sign", args=[inspection.pk]),
                url_text=_("核对与签名"),
            )
        ]
    if periods.local_date(at) < ORDER_176_FROM:
        return [
            Reason(
                _("公安部令第176号自2026年10月1日起施行，此前没有公安提示函。"),
                basis=order_176(23),
            )
        ]
    if not inspection.findings.exists():
        return [Reason(_("这次检查没有发现问题，没有可以提示的风险隐患。"))]
    return []


def can_issue_advisory(
    inspection: Inspection,
    risks: Sequence[Risk],
    *,
    to: str,
    sector: str = "",
    request: str = "",
    at: datetime,
) -> list[Reason]:
    """Why this 公安提示函 cannot be issued. To a sector's authority it takes a city or above."""
    found = can_advise(inspection, at)
    if found:
        return found
    if to not in (ENTERPRISE, SECTOR):
        return [Reason(_("选择发给谁。"), field="to")]
    if to == SECTOR and inspection.unit.level == Unit.Level.COUNTY:
        found.append(
            Reason(
                _("向行业主管部门发公安提示函的，是设区的市级以上公安机关；%(unit)s请报上级单位。")
                % {"unit": inspection.unit.short_name},
                basis=order_176(17),
                field="to",
            )
        )
    if to == SECTOR and not sector.strip():
        return [
            *found,
            Reason(_("填写行业主管部门的名称。"), basis=order_176(17), field="sector"),
        ]
    worded = paper_facts.advisory(inspection, risks, to=to, sector=sector, request=request)
    found += _advised(inspection, risks, worded.addressee)
    return found + lacking(worded, inspection.unit, inspection)


@transaction.atomic
def issue_advisory(
    inspection: Inspection,
    risks: Sequence[Risk],
    *,
    to: str,
    sector: str = "",
    request: str = "",
    by: User,
    at: datetime,
) -> Notice:
    """Issue a 公安提示函 about findings of a completed visit (Order 176 art. 17).

    `to` is ENTERPRISE or SECTOR; the latter names the authority in `sector`. Findings about which
    nothing was decided yet are disposed of as advice; those of an order or a case stay what they
    are. Raises Refused with the list of `can_issue_advisory`.
    """
    visit = locked(inspection)
    reasons = can_issue_advisory(visit, risks, to=to, sector=sector, request=request, at=at)
    if reasons:
        raise Refused(reasons)
    worded = paper_facts.advisory(visit, risks, to=to, sector=sector, request=request)
    notice = _issue(visit, worded, [], by=by, at=at)
    _tell("inspections.issue_advisory", visit, notice, by=by, at=at)
    undecided = visit.findings.filter(
        pk__in=[risk.finding.pk for risk in risks], disposition=Finding.Disposition.NONE
    )
    dispose_all(list(undecided), Finding.Disposition.ADVICE, by=by, at=at, note=notice.number)
    return notice


def _advised(inspection: Inspection, risks: Sequence[Risk], addressee: str) -> list[Reason]:
    """Findings that a valid letter to the same addressee speaks of already: also a second click."""
    said = {str(risk.finding.pk): risk.finding.ordinal for risk in risks}
    for letter in (
        Notice.objects.about(inspection).valid().filter(kind=ADVISORY, addressee=addressee)
    ):
        again = [said[key] for key in letter.snapshot.get("advised", []) if key in said]
        if again:
            return [
                Reason(
                    _("%(number)s 已经向同一单位提示过第 %(ordinals)s 项。")
                    % {
                        "number": letter.number,
                        "ordinals": _("、").join(str(ordinal) for ordinal in sorted(again)),
                    },
                    url=paper_url(letter),
                    url_text=_("查看文书"),
                )
            ]
    return []


# --- Withdrawal ----------------------------------------------------------------------------------


def can_withdraw_paper(notice: Notice) -> list[Reason]:
    """Why this paper cannot be withdrawn; empty when it can."""
    return papers.can_withdraw(notice)


@transaction.atomic
def withdraw_paper(
    owner: Inspection | RemoteTest, notice: Notice, *, reason: str, by: User, at: datetime
) -> Notice:
    """Withdraw a paper of this visit or test; another may be issued in its place.

    The number leaves a visit that is still open, and what only this letter advised is undecided
    again. Raises Refused: no reason given, not valid any more.
    """
    if isinstance(owner, Inspection):
        owner = locked(owner)
    fresh = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if fresh.subject_id != owner.pk:
        raise ValueError("a paper of another record")
    papers.withdraw(fresh, reason=reason, by=by, at=at)
    _tell("inspections.withdraw_paper", owner, fresh, by=by, at=at, reason=reason.strip())
    if isinstance(owner, Inspection):
        if owner.is_draft and owner.notice_number == fresh.number:
            Inspection.objects.filter(pk=owner.pk).update(
                notice_number="", version=F("version") + 1
            )
        advised = owner.findings.filter(
            disposition=Finding.Disposition.ADVICE, disposition_note=fresh.number
        )
        dispose_all(list(advised), Finding.Disposition.NONE, by=by, at=at)
    return fresh


# --- Looking ahead -------------------------------------------------------------------------------


def preview(
    owner: Inspection | RemoteTest,
    worded: Worded,
    lacking: Sequence[Reason],
    *,
    by: User,
    at: datetime,
) -> Preview:
    """The paper as it would be issued now, whole or not, through the printer.

    Raises Refused: a character is in no face, or the words are too long.
    """
    return previews.make(
        worded.kind,
        unit=owner.unit,
        addressee=worded.addressee,
        context=worded.context,
        subject=owner,
        by=by,
        at=at,
        demonstration=owner.enterprise.is_demonstration,
        lacking=lacking,
    )


# --- Asking --------------------------------------------------------------------------------------


def valid_paper(owner: Inspection | RemoteTest, kind: str) -> Notice | None:
    """The valid paper of that kind about the visit or test."""
    return Notice.objects.about(owner).valid().filter(kind=kind).defer("words").first()


def issued(owner: Inspection | RemoteTest) -> list[Notice]:
    """All papers about it, withdrawn ones too, oldest first; without their words."""
    return list(Notice.objects.about(owner).defer("words", "snapshot", "fingerprint"))


def paper_url(notice: Notice) -> str:
    """The paper's own page."""
    return reverse("notices:detail", args=[notice.pk])


# --- Help ----------------------------------------------------------------------------------------


def _taken(owner: Inspection | RemoteTest, kind: str) -> list[Reason]:
    paper = valid_paper(owner, kind)
    if paper is None:
        return []
    return [
        Reason(
            _("已经有一份有效的%(title)s（%(number)s）；要换的，先撤回。")
            % {"title": paper.title, "number": paper.number},
            url=paper_url(paper),
            url_text=_("查看文书"),
        )
    ]


def _typed_elsewhere(inspection: Inspection) -> list[Reason]:
    """A number that was typed belongs to a notice issued elsewhere: there is one already."""
    if not inspection.notice_number:
        return []
    return [
        Reason(
            _("已填写在别处签发的监督检查通知书文号 %(number)s；要在这里签发，先删去。")
            % {"number": inspection.notice_number},
            url=f"{reverse('inspections:edit', args=[inspection.pk])}#id_notice_number",
            url_text=_("去删去"),
        )
    ]


def _issue(
    owner: Inspection | RemoteTest,
    worded: Worded,
    reasons: Iterable[Reason],
    *,
    by: User,
    at: datetime,
) -> Notice:
    found = list(reasons)
    if found:
        raise Refused(found)
    return papers.issue_notice(
        worded.kind,
        unit=owner.unit,
        addressee=worded.addressee,
        context=worded.context,
        snapshot=worded.snapshot,
        subject=owner,
        by=by,
        at=at,
        demonstration=owner.enterprise.is_demonstration,
    )


def _tell(
    verb: str,
    owner: Inspection | RemoteTest,
    notice: Notice,
    *,
    by: User,
    at: datetime,
    reason: str = "",
) -> None:
    trail.record(
        verb,
        owner,
        by=by,
        at=at,
        unit=owner.unit,
        reason=reason,
        data={"number": notice.number, "words_sha256": notice.words_sha256},
    )
