"""The proof of service (送达回执) as a paper of its own, about another paper.

A blank one is taken along: addressee, name and number of the paper are filled in. After the
attempt one is made of what was recorded. Both belong to the paper that they state.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from notices import elements, kinds, papers, writing
from notices.kinds.service import SERVICE_RECEIPT
from notices.models import Notice, Service

trail.words({"notices.issue_receipt": gettext_lazy("制作送达回执")})

_METHODS = (
    "直接送达",
    "留置送达",
    "邮寄送达",
    "委托送达",
    "电子送达",
    "公告送达",
)
_OUTCOMES = {
    Service.Outcome.SERVED: "受送达人已签收",
    Service.Outcome.LEFT: "拒绝签收，文书已留置",
    Service.Outcome.SENT: "已发出，等待回执",
    Service.Outcome.PUBLISHED: "已公告",
    Service.Outcome.RETURNED: "已退回，没有送达",
    Service.Outcome.FAILED: "没有送达",
}
_RELATIONS: dict[str, str] = {
    Service.Relation.REPRESENTATIVE: "法定代表人或者负责人",
    Service.Relation.RECEIVER: "单位负责收件的人",
    Service.Relation.AGENT: "代理人或者指定代收人",
    Service.Relation.FAMILY: "同住成年家属",
    Service.Relation.SELF: "受送达人本人",
}
_CAUSES = {
    Service.Cause.UNTRACEABLE: "受送达人下落不明",
    Service.Cause.OTHER_WAYS_FAILED: "用其他方式无法送达",
}


def of(notice: Notice) -> dict[UUID | None, Notice]:
    """The valid receipts of the paper: by the attempt that they state, None for the blank one."""
    rows = (
        Notice.objects.valid()
        .about(notice)
        .filter(kind=SERVICE_RECEIPT)
        .select_related("unit", "pdf", "issued_by")
        .defer("words")
    )
    found = {}
    for row in rows:
        service = row.snapshot.get("service")
        found[UUID(service) if service else None] = row
    return found


def facts(notice: Notice, service: Service | None = None) -> dict[str, Any]:
    """What the receipt states; only the head of it while there is no attempt."""
    head: dict[str, Any] = {
        "filled": service is not None,
        "document": notice.title,
        "document_number": notice.number if kinds.get(notice.kind).prints_number else "",
        "copies": "1份",
    }
    if service is None:
        return head
    attempted = writing.date(service.attempted_on)
    if service.attempted_time is not None:
        attempted += f"{service.attempted_time.hour}时{service.attempted_time.minute:02}分"
    relation = _RELATIONS.get(service.relation, "")
    is_self = service.relation in (Service.Relation.SELF, Service.Relation.REPRESENTATIVE)
    return head | {
        "method_code": service.method,
        "signed": service.outcome == Service.Outcome.SERVED
        and service.method != Service.Method.ELECTRONIC,
        "left": service.outcome == Service.Outcome.LEFT,
        "method": _METHODS[Service.Method.values.index(service.method)],
        "place": service.place,
        "servers": [
            {"name": who.name, "number": who.police_number}
            for who in (service.server_1, service.server_2)
            if who is not None
        ],
        "attempted": attempted,
        "recipient": f"{service.recipient}（{relation}）"
        if service.recipient and is_self
        else service.recipient,
        "relation": f"{service.recipient}，{relation}" if relation and not is_self else "",
        "refusal": service.refusal,
        "witness": service.witness,
        "filmed": service.filmed,
        "outcome": _OUTCOMES[Service.Outcome(service.outcome)],
        "counts": _counts(service),
        "remarks": _remarks(service),
    }


def _counts(service: Service) -> str:
    if service.served_on is None:
        return ""
    return f"{writing.date(service.served_on)}视为送达"


def _remarks(service: Service) -> list[str]:
    found = []
    if service.tracking_number:
        found.append(f"邮件号：{service.tracking_number}")
    if service.entrusted_to:
        found.append(f"受委托机关：{service.entrusted_to}")
    if service.method == Service.Method.ELECTRONIC and service.consented:
        found.append("受送达人已签订确认书，同意电子送达")
    if service.address:
        found.append(f"电子送达地址：{service.address}")
    if service.cause:
        found.append(f"公告的原因：{_CAUSES[Service.Cause(service.cause)]}；{service.grounds}")
    if service.published_in:
        found.append(f"{writing.date(service.attempted_on)}公告于{service.published_in}")
    if service.proof is not None:
        found.append("签收的回证或者回执的扫描件已归档")
    return found + ([service.note] if service.note else [])


def context(stated: dict[str, Any]) -> dict[str, Any]:
    """What `notices/papers/service_receipt.html` is given."""
    written = elements.context(kinds.get(SERVICE_RECEIPT).elements, stated)
    chosen = stated.get("method")
    extra = ("filled", "method_code", "signed", "left", "witness", "filmed", "outcome", "counts")
    return {
        **written,
        **{name: stated.get(name, "") for name in extra},
        "methods": [{"word": word, "chosen": word == chosen} for word in _METHODS],
    }


def can_issue(notice: Notice, service: Service | None = None) -> list[Reason]:
    """Why no receipt can be made for this attempt (or none to take along)."""
    if kinds.get(notice.kind).internal:
        return [Reason(_("这是内部文书，留在案卷里，不送达。"))]
    if service is None and notice.state != Notice.State.VALID:
        return [Reason(_("这份文书不再有效，不必再送达。"))]
    if service is not None and service.notice_id != notice.pk:
        return [Reason(_("这次送达不属于这份文书。"))]
    return papers.can_issue(
        SERVICE_RECEIPT, notice.unit, notice.addressee, context(facts(notice, service))
    )


@transaction.atomic
def issue(notice: Notice, service: Service | None = None, *, by: User, at: datetime) -> Notice:
    """Make the receipt; asked for again, the one that there is.

    Raises:
        Refused: the reasons of `can_issue`, and those of `papers.issue_notice`.
    """
    notice = Notice.objects.select_for_update(of=("self",)).select_related("unit").get(pk=notice.pk)
    made = of(notice).get(service.pk if service else None)
    if made is not None:
        return made
    reasons = can_issue(notice, service)
    if reasons:
        raise Refused(reasons)
    with translation.override("zh-hans"):
        stated = facts(notice, service)
    receipt = papers.issue_notice(
        SERVICE_RECEIPT,
        unit=notice.unit,
        addressee=notice.addressee,
        context=context(stated),
        snapshot={"schema": 1, "service": str(service.pk) if service else None, **stated},
        subject=notice,
        by=by,
        at=at,
        demonstration=notice.is_demonstration,
    )
    trail.record(
        "notices.issue_receipt",
        notice,
        by=by,
        at=at,
        data={"number": receipt.number, "service": service.pk if service else None},
    )
    return receipt
