"""What the page of one paper shows, as the components of the look want it. Decides nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from accounts.models import User
from legal import calendars, limits, periods
from notices import kinds, receipts, registry, service, sheets
from notices.kinds.service import SERVICE_RECEIPT
from notices.models import Notice, Scan, Service
from notices.papers import can_withdraw
from notices.shown import Articles, shown

Receipts = Mapping[UUID | None, Notice]
#: What the addressee may do, from the day of service (papers that state remedies).
_REMEDIES = ("RECONSIDERATION", "LITIGATION")


def papers(notice: Notice, user: User, made: Receipts) -> list[dict[str, Any]]:
    """The paper itself, and the receipts that were made for it."""
    later = sorted(made.values(), key=lambda each: each.issued_at)
    own, *others = sheets.entries([notice, *later], user=user)
    own.pop("page_url")
    return [own, *others]


def services(user: User, rows: list[Service], made: Receipts) -> list[dict[str, Any]]:
    """Each attempt with its facts, its proof, and its receipt or the door that makes one."""
    may = user.may("notices.serve")
    return [
        {
            "row": row,
            "facts": _facts(row),
            "proof_url": reverse("notices:proof", args=[row.pk]) if row.proof_id else "",
            "add_url": reverse("notices:add_proof", args=[row.pk])
            if may and not row.proof_id and row.voided_on is None
            else "",
            "receipt": made.get(row.pk),
            "make": may and row.pk not in made,
        }
        for row in rows
    ]


def _facts(row: Service) -> list[str]:
    """What was recorded besides day, method and outcome, in short sentences."""
    pairs = (
        (_("地点：%(value)s"), row.place),
        (_("邮件号：%(value)s"), row.tracking_number),
        (_("受委托机关：%(value)s"), row.entrusted_to),
        (_("电子送达地址：%(value)s"), row.address),
        (_("拒收事由：%(value)s"), row.refusal),
        (_("见证人：%(value)s"), row.witness),
        (_("公告的原因：%(value)s"), row.get_cause_display() if row.cause else ""),
        (_("公告前的经过：%(value)s"), row.grounds),
        (_("公告载体：%(value)s"), row.published_in),
        (_("备注：%(value)s"), row.note),
    )
    found = [sentence % {"value": value} for sentence, value in pairs if value]
    if row.filmed:
        found.append(_("已录音录像或者拍照"))
    if row.consented:
        found.append(_("受送达人已书面同意"))
    return found


def remedies(notice: Notice, served: Service | None) -> list[dict[str, Any]]:
    """Until when the addressee may ask for a remedy; nothing where the paper states none."""
    if served is None or served.served_on is None or not kinds.get(notice.kind).remedies:
        return []
    calendar, articles = calendars.load(), Articles()
    found = []
    for code in _REMEDIES:
        rule = limits.of(code)
        try:
            due: date | None = rule.due(served.served_on, calendar).due
        except periods.PeriodRefused:
            due = None
        found.append({"name": rule.name, "due": due, "basis": articles.links(list(rule.basis))})
    return found


def acts(
    notice: Notice, user: User, made: Receipts, served: Service | None
) -> list[dict[str, Any]]:
    """components/acts.html: serve, take a blank receipt along, file a scan, withdraw."""
    found = []
    if not kinds.get(notice.kind).internal and notice.state == Notice.State.VALID:
        found.append(_serve(notice, user, served))
        if user.may("notices.serve") and None not in made and served is None:
            found.append(
                {
                    "name": _("制作空白送达回执"),
                    "url": reverse("notices:receipt", args=[notice.pk]),
                    "method": "post",
                    "hint": _("已填好受送达人和文书，送达时带去签收。"),
                    "reasons": shown(receipts.can_issue(notice)),
                }
            )
    if user.may("notices.serve"):
        found.append(
            {"name": _("归档扫描件"), "url": reverse("notices:file_scan", args=[notice.pk])}
        )
    found.append(_withdraw(notice, user))
    return [act for act in found if act]


def _serve(notice: Notice, user: User, served: Service | None) -> dict[str, Any]:
    address = registry.serving_door(notice)
    if address and served is not None:
        return {}  # the owner's clock runs; mail that comes back is recorded there
    if address:
        hint = _("这种文书的送达启动期限，在所属事项里记录。")
    else:
        address, hint = reverse("notices:serve", args=[notice.pk]), ""
    if served is not None:
        hint = _("已经送达；再记录的送达不改变日期，邮件退回的除外。")
    if not _may_open(user, address):
        return {}
    return {
        "name": _("记录送达"),
        "url": address,
        "primary": served is None,
        "hint": hint,
        "reasons": shown(service.can_serve(notice)),
    }


def _withdraw(notice: Notice, user: User) -> dict[str, Any]:
    address = registry.withdrawing_door(notice) or reverse("notices:withdraw", args=[notice.pk])
    if notice.state != Notice.State.VALID or not _may_open(user, address):
        return {}
    return {
        "name": _("撤回文书"),
        "url": address,
        "danger": True,
        "reasons": shown(can_withdraw(notice)),
        "hint": registry.why_not_withdrawn(notice),
    }


def _may_open(user: User, address: str) -> bool:
    """Whether the person may open that door: the view itself says which verb it asks for."""
    return user.may(getattr(resolve(address).func, "verb", ""))


def scans(notice: Notice) -> list[Scan]:
    return list(notice.scans.select_related("file", "filed_by"))


def stated(notice: Notice) -> Notice | None:
    """The paper that a receipt states."""
    paper = ContentType.objects.get_for_model(Notice)
    if notice.kind != SERVICE_RECEIPT or notice.subject_type_id != paper.pk:
        return None
    found: Notice | None = (
        Notice.objects.filter(pk=notice.subject_id).only("number", "kind").first()
    )
    return found
