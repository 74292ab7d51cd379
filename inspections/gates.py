"""What stands between a draft and a signed inspection; shown on the page, enforced by the verb.

Each gate is met or not, and says on which article it rests and where it is mended. Order 176 of the
Ministry of Public Security governs visits from 2026-10-01, Order 151 those before.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit.trail import Reason
from enterprises import industries
from inspections import noted
from inspections.basis import ORDER_176_FROM, order_151, order_176
from inspections.models import Finding, Inspection, InspectionOfficer, RemoteTest
from legal import citations
from legal.models import Article

OFFICERS_AT_LEAST = 2


@dataclass(frozen=True)
class Gate:
    """One condition of the signature. `met` is None where it does not apply or only informs."""

    met: bool | None
    title: str
    text: str = ""
    basis: str = ""
    url: str = ""
    url_text: str = ""
    field: str = ""
    house: bool = False

    @property
    def reason(self) -> Reason:
        """The refusal that this gate stands for while it is not met."""
        return Reason(
            _("%(title)s。%(text)s") % {"title": self.title, "text": self.text}
            if self.text
            else self.title,
            basis=self.basis,
            house=self.house,
            url=self.url,
            url_text=self.url_text,
            field=self.field,
        )


def gates(
    inspection: Inspection, *, at: datetime, books: citations.Register | None = None
) -> list[Gate]:
    """All gates of the signature, unmet ones first.

    Reads officers, findings and citations once each, however many; what the caller has prefetched
    is not read again. `books` is the register of law, if the caller has it at hand.
    """
    prefetch_related_objects(
        [inspection],
        Prefetch("officers", InspectionOfficer.objects.select_related("officer")),
        Prefetch("findings", Finding.objects.with_citations()),
    )
    officers, findings = list(inspection.officers.all()), list(inspection.findings.all())
    found = [
        _two_officers(inspection, officers),
        _certificates(inspection, officers),
        _times(inspection, at),
        _met_somebody(inspection),
        _signature(inspection),
        *_findings(inspection, findings, books),
        _notice(inspection),
        *_told_before(inspection),
        *_sector(inspection),
    ]
    rank = {False: 0, True: 1, None: 2}
    return sorted(found, key=lambda gate: rank[gate.met])


def can_record(inspection: Inspection, user: User, *, at: datetime) -> list[Reason]:
    """Why the inspection cannot be completed at this moment; empty when it can.

    Two officers with valid certificates (APL 42(1), Order 176 art. 11), times in order and not in
    the future, the person met, a signature or a witnessed refusal (Order 176 art. 15(1)), and for
    each finding its wording and a duty article in force on the day of the act.
    """
    if inspection.state != Inspection.State.DRAFT:
        return [not_draft(inspection)]
    return [gate.reason for gate in gates(inspection, at=at) if gate.met is False]


def can_close(inspection: Inspection, user: User) -> list[Reason]:
    """Why the inspection cannot be closed: not signed, or a finding without a disposition."""
    if inspection.state != Inspection.State.RECORDED:
        return [
            Reason(
                _("检查现在是“%(state)s”，只有已完成的检查可以办结")
                % {"state": inspection.get_state_display()}
            )
        ]
    waiting = [
        finding.ordinal
        for finding in inspection.findings.all()
        if finding.disposition == Finding.Disposition.NONE
    ]
    if not waiting:
        return []
    return [
        Reason(
            _("还有 %(count)d 项发现没有处置：第 %(ordinals)s 项")
            % {"count": len(waiting), "ordinals": _listed(waiting)},
            basis=_order_article(inspection, (16, None), (19, None)),
            url=f"{inspection.get_absolute_url()}#findings",
            url_text=_("去处置"),
        )
    ]


def not_draft(inspection: Inspection) -> Reason:
    """The refusal for whoever would change what was signed or discarded."""
    if inspection.state == Inspection.State.DISCARDED:
        return Reason(_("检查 %(number)s 已作废，不能再修改") % {"number": inspection.number})
    return Reason(
        _("检查 %(number)s 已签名完成，不能再修改；有出入的，另行登记检查")
        % {"number": inspection.number},
        basis=_order_article(inspection, (15, 1), (18, None)),
    )


def in_force_reason(article: Article, day: date) -> str:
    """Words for an article that was not in force on the day of the act."""
    return _("%(article)s 在 %(day)s 没有施行") % {
        "article": article.cite(short=True, version=True),
        "day": date_format(day),
    }


# --- The gates, one by one -----------------------------------------------------------------------


Place = tuple[int, int | None]


def _order_article(inspection: Inspection, new: Place, old: Place) -> str:
    """The article of the ministry's order that governed the visit on its day.

    `new` and `old` are (article, paragraph) in Order 176 and in Order 151.
    """
    return order_176(*new) if inspection.day >= ORDER_176_FROM else order_151(*old)


def _officers_basis(inspection: Inspection) -> str:
    return _("《行政处罚法》第四十二条第一款；%(order)s") % {
        "order": _order_article(inspection, (11, None), (14, None))
    }


def _listed(ordinals: list[int]) -> str:
    """1、2、5 and, when there are many, 1、2、3 … 9 等."""
    if len(ordinals) > 8:
        return _("%(first)s 等") % {"first": _("、").join(str(n) for n in ordinals[:8])}
    return _("、").join(str(n) for n in ordinals)


def _edit_url(inspection: Inspection) -> str:
    return reverse("inspections:edit", args=[inspection.pk])


def _two_officers(inspection: Inspection, officers: list) -> Gate:
    missing = OFFICERS_AT_LEAST - len(officers)
    if missing <= 0:
        return Gate(
            True,
            _("检查民警 %(count)d 人") % {"count": len(officers)},
            _("、").join(str(officer) for officer in officers),
            basis=_officers_basis(inspection),
        )
    return Gate(
        False,
        ngettext("还缺 %(count)d 名检查民警", "还缺 %(count)d 名检查民警", missing)
        % {"count": missing},
        _("检查须由二名以上民警实施"),
        basis=_officers_basis(inspection),
        url=f"{_edit_url(inspection)}#id_officers",
        url_text=_("补填"),
        field="officers",
    )


def _certificates(inspection: Inspection, officers: list) -> Gate:
    day = inspection.day
    bad = [row for row in officers if not row.officer.certificate_valid_on(day)]
    if not officers or (len(officers) - len(bad) >= OFFICERS_AT_LEAST and not bad):
        return Gate(
            True if officers else None,
            _("检查民警的执法证在检查当日有效"),
            date_format(day),
            basis=_officers_basis(inspection),
        )
    faults = []
    for row in bad:
        expiry = row.officer.certificate_expires_on
        if not row.officer.certificate_number or expiry is None:
            faults.append(_("%(name)s 没有登记执法证") % {"name": row.name})
        else:
            faults.append(
                _("%(name)s 的执法证有效期至 %(expiry)s，检查日为 %(day)s")
                % {"name": row.name, "expiry": date_format(expiry), "day": date_format(day)}
            )
    return Gate(
        False,
        _("检查民警的执法证在检查当日无效"),
        _("；").join(faults),
        basis=_officers_basis(inspection),
        url=f"{_edit_url(inspection)}#id_officers",
        url_text=_("更换民警"),
        field="officers",
    )


def _times(inspection: Inspection, at: datetime) -> Gate:
    fault, field = "", "ended_at"
    if inspection.started_at > at:
        fault, field = _("开始时间在将来"), "started_at"
    elif inspection.ended_at is None:
        fault = _("没有填结束时间")
    elif inspection.ended_at > at:
        fault = _("结束时间在将来")
    elif inspection.ended_at < inspection.started_at:
        fault = _("结束时间早于开始时间")
    if not fault:
        return Gate(True, _("起止时间已填"))
    return Gate(
        False,
        fault,
        _("检查记录须写明起止时间"),
        basis=_order_article(inspection, (15, 1), (18, None)),
        url=f"{_edit_url(inspection)}#id_{field}",
        url_text=_("填写"),
        field=field,
    )


def _met_somebody(inspection: Inspection) -> Gate:
    if inspection.mode == Inspection.Mode.REMOTE:
        return Gate(None, _("远程检测，不需要陪同人员"))
    if inspection.met_name:
        return Gate(
            True,
            _("陪同人员：%(name)s") % {"name": inspection.met_name},
            inspection.met_title,
        )
    return Gate(
        False,
        _("没有填陪同人员"),
        _("填写被检查单位负责人或者网络安全管理人员的姓名、职务"),
        basis=_order_article(inspection, (15, 1), (18, None)),
        url=f"{_edit_url(inspection)}#id_met_name",
        url_text=_("填写"),
        field="met_name",
    )


def _signature(inspection: Inspection) -> Gate:
    basis = _order_article(inspection, (15, 1), (18, None))
    url = f"{reverse('inspections:sign', args=[inspection.pk])}#id_signature"
    if inspection.signature == Inspection.Signature.SIGNED:
        return Gate(True, _("被检查单位已签名"), basis=basis)
    if inspection.signature == Inspection.Signature.NONE:
        if inspection.mode == Inspection.Mode.REMOTE:
            return Gate(None, _("远程检测，由二名以上民警签名"), basis=basis)
        return Gate(
            False,
            _("被检查单位没有签名"),
            _("由其负责人或者网络安全管理人员签名；拒绝签名的，注明情况"),
            basis=basis,
            url=url,
            url_text=_("填写"),
            field="signature",
        )
    if not inspection.refusal_note.strip():
        return Gate(
            False,
            _("没有写明拒绝签名的情况"),
            _("拒绝签名的，在记录中注明"),
            basis=basis,
            url=f"{reverse('inspections:sign', args=[inspection.pk])}#id_refusal_note",
            url_text=_("填写"),
            field="refusal_note",
        )
    if not inspection.witness.strip():
        return Gate(
            False,
            _("拒绝签名没有见证人"),
            _("写明见证人的姓名和职务"),
            house=True,
            url=f"{reverse('inspections:sign', args=[inspection.pk])}#id_witness",
            url_text=_("填写"),
            field="witness",
        )
    return Gate(
        True,
        _("拒绝签名已注明"),
        _("见证人：%(name)s") % {"name": inspection.witness},
        basis=basis,
    )


def _findings(
    inspection: Inspection, findings: list[Finding], books: citations.Register | None
) -> list[Gate]:
    if not findings:
        return [Gate(None, _("没有发现问题"))]
    wordless = [f.ordinal for f in findings if not f.seen.strip()]
    uncited = [f.ordinal for f in findings if not any(c.role == "duty" for c in f.cited())]
    books = books or citations.register()
    said = [(finding, note) for finding in findings for note in noted.notes(finding, books)]
    stale = [(finding, note) for finding, note in said if note.level == citations.BLOCK]
    warned = [(finding, note) for finding, note in said if note.level == citations.WARN]
    anchor = f"{inspection.get_absolute_url()}#findings"
    unmet = []
    if wordless:
        unmet.append(
            Gate(
                False,
                _("有 %(count)d 项发现没有写检查所见：第 %(ordinals)s 项")
                % {"count": len(wordless), "ordinals": _listed(wordless)},
                basis=_order_article(inspection, (15, 1), (18, None)),
                url=anchor,
                url_text=_("填写"),
            )
        )
    if uncited:
        unmet.append(
            Gate(
                False,
                _("有 %(count)d 项发现没有引用违反的条款：第 %(ordinals)s 项")
                % {"count": len(uncited), "ordinals": _listed(uncited)},
                _("每项发现至少引用一条义务条款"),
                house=True,
                url=anchor,
                url_text=_("去引用"),
            )
        )
    if stale:
        first = _("；").join(
            _("第 %(ordinal)d 项：%(fault)s") % {"ordinal": finding.ordinal, "fault": _fault(note)}
            for finding, note in stale[:3]
        )
        unmet.append(
            Gate(
                False,
                _("有 %(count)d 处引用了行为当日没有施行的条款") % {"count": len(stale)},
                _("%(first)s。换成当日施行的条款，或者写明理由") % {"first": first},
                basis=_("《行政处罚法》第三十七条"),
                url=anchor,
                url_text=_("去更换"),
            )
        )
    met = Gate(True, _("%(count)d 项发现都写明所见并引用了条款") % {"count": len(findings)})
    return [*(unmet or [met]), *_warnings(warned, anchor)]


def _fault(note: citations.Note) -> str:
    assert note.article is not None
    return in_force_reason(note.article, note.facts["on"])


def _warnings(warned: list[tuple[Finding, citations.Note]], anchor: str) -> list[Gate]:
    """Notes that do not stand in the way: to be read before the record is final."""
    if not warned:
        return []
    first = _("；").join(
        _("第 %(ordinal)d 项：%(note)s")
        % {"ordinal": finding.ordinal, "note": note.text.removesuffix("。")}
        for finding, note in warned[:3]
    )
    return [
        Gate(
            None,
            ngettext(
                "有 %(count)d 处引用提示，不妨碍签名",
                "有 %(count)d 处引用提示，不妨碍签名",
                len(warned),
            )
            % {"count": len(warned)},
            first,
            url=anchor,
            url_text=_("去看"),
        )
    ]


def _notice(inspection: Inspection) -> Gate:
    basis = _order_article(inspection, (11, None), (14, None))
    if inspection.notice_number:
        return Gate(
            True,
            _("监督检查通知书：%(number)s") % {"number": inspection.notice_number},
            basis=basis,
        )
    return Gate(
        None,
        _("没有填监督检查通知书文号"),
        _("现场检查须出示人民警察证和监督检查通知书；已出示的，补填文号"),
        basis=basis,
        url=f"{_edit_url(inspection)}#id_notice_number",
        url_text=_("补填"),
        field="notice_number",
    )


def _told_before(inspection: Inspection) -> list[Gate]:
    """A remote test rests on a plan whose notice was given in time (Order 176 art. 4(2))."""
    if inspection.mode != Inspection.Mode.REMOTE or inspection.day < ORDER_176_FROM:
        return []
    test = RemoteTest.objects.filter(inspection=inspection).first()
    if test is not None and test.notified_on is not None:
        return [
            Gate(
                True,
                _("已提前告知被检测单位"),
                _("%(day)s告知，%(how)s")
                % {"day": date_format(test.notified_on), "how": test.get_notified_how_display()},
                basis=order_176(4, 2),
            )
        ]
    return [
        Gate(
            False,
            _("没有关联已告知的远程检测"),
            _("远程检测须提前三个工作日告知，并通报网信部门和行业主管部门"),
            basis=order_176(4, 2),
            url=f"{reverse('inspections:remotes')}?enterprise={inspection.enterprise_id}",
            url_text=_("去关联"),
        )
    ]


def _sector(inspection: Inspection) -> list[Gate]:
    """Six sectors: a routine visit is announced to the authorities beside (art. 10(2))."""
    routine = inspection.kind == Inspection.Kind.ROUTINE
    on_site = inspection.mode == Inspection.Mode.ON_SITE
    if not (routine and on_site) or inspection.day < ORDER_176_FROM:
        return []
    if not industries.is_key_sector(inspection.enterprise.industry_code):
        return []
    return [
        Gate(
            None,
            _("重点行业的日常现场检查"),
            _("检查前五个工作日告知网信部门和行业主管部门；告知情况写入检查情况"),
            basis=order_176(10, 2),
        )
    ]
