"""The six ways to serve a paper (送达): who takes part, what proves it, when it counts.

| method       | counts as served                                     | rule                   |
|--------------|------------------------------------------------------|------------------------|
| direct       | on the day of the signature                          | CPL 88, MPSP 36        |
| left         | on the day it is left: a witness, or filmed          | CPL 89, MPSP 36        |
| post         | on the day that the receipt names                    | CPL 91                 |
| proxy        | on the day of the signature that the proxy took      | CPL 91, MPSP 36        |
| electronic   | on the day of arrival, with consent in writing       | APL 61(2), CPL 90      |
| publication  | 30 days after it was published, when nothing else did | CPL 95                |

MPSP 36 says 60 days for publication, the Civil Procedure Law as amended says 30, and the Law
prevails: `settings.SERVICE_BY_PUBLICATION_DAYS`. `RULES` is what pages say beside the choice;
`against` is what stands against one attempt, each reason with its field and its article.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.trail import Reason
from notices import writing
from notices.models import Notice, Service

Method, Outcome, Cause = Service.Method, Service.Outcome, Service.Cause


@dataclass(frozen=True)
class Rule:
    """One way: its outcomes, when it counts and who must take part (in words), on what basis."""

    outcomes: tuple[str, ...]
    counts: str | Promise
    people: str | Promise
    basis: tuple[str, ...]


RULES: dict[str, Rule] = {
    Method.DIRECT: Rule(
        (Outcome.SERVED, Outcome.FAILED),
        gettext_lazy("签收之日为送达日期。应当首先采用这种方式。"),
        gettext_lazy(
            "两名送达人；由法定代表人、负责人、单位负责收件的人或者代理人、指定代收人签收。"
        ),
        ("CPL@2023:88", "MPSP@2020:36"),
    ),
    Method.LEFT: Rule(
        (Outcome.LEFT, Outcome.FAILED),
        gettext_lazy("拒绝签收的，把文书留下之日视为送达。"),
        gettext_lazy("两名送达人；有见证人到场，或者录音录像、拍照记录经过；记明拒收事由。"),
        ("CPL@2023:89", "MPSP@2020:36"),
    ),
    Method.POST: Rule(
        (Outcome.SENT, Outcome.SERVED, Outcome.RETURNED),
        gettext_lazy("回执上注明的收件日期为送达日期；寄出不算送达，退回的须重新送达。"),
        gettext_lazy("直接送达有困难的可以邮寄；写邮件号，寄出、签收、退回用同一个号。"),
        ("CPL@2023:91", "MPSP@2020:36"),
    ),
    Method.PROXY: Rule(
        (Outcome.SENT, Outcome.SERVED, Outcome.FAILED),
        gettext_lazy("受送达人签收之日为送达日期；委托出去不算送达。"),
        gettext_lazy("直接送达有困难的，可以委托其他公安机关代为送达；写明受委托的机关。"),
        ("CPL@2023:91", "MPSP@2020:36"),
    ),
    Method.ELECTRONIC: Rule(
        (Outcome.SERVED, Outcome.FAILED),
        gettext_lazy("到达受送达人指定系统之日为送达日期；没有书面同意的不算送达。"),
        gettext_lazy("受送达人同意并签订确认书；写明接收的地址和到达的时刻。"),
        ("APL@2021:61", "CPL@2023:90"),
    ),
    Method.PUBLICATION: Rule(
        (Outcome.PUBLISHED,),
        gettext_lazy("自公告之日起经过 30 日视为送达。"),
        gettext_lazy("受送达人下落不明，或者用其他方式无法送达的，才可以公告；记明原因和经过。"),
        ("CPL@2023:95", "MPSP@2020:36"),
    ),
}
#: What can come of each method.
OUTCOMES: dict[str, tuple[str, ...]] = {method: rule.outcomes for method, rule in RULES.items()}
BY_HAND = (Method.DIRECT, Method.LEFT)
_COUNTS = {Outcome.SERVED, Outcome.LEFT, Outcome.PUBLISHED}
#: An attempt of another way that shows that this one was needed.
_IN_VAIN = (Outcome.FAILED, Outcome.RETURNED)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt as it is written down, not yet a row. The names are those of `Service`.

    attempted_on is the day of the signature, of the leaving, of posting or of the receipt, of
    arrival, of publication; for a returned letter the day it came back. `tracking_number` joins
    posting, receipt and return of the same letter.
    """

    method: str
    outcome: str
    attempted_on: date
    attempted_time: time | None = None
    place: str = ""
    recipient: str = ""
    relation: str = ""
    servers: tuple[User | None, User | None] = (None, None)
    refusal: str = ""
    witness: str = ""
    filmed: bool = False
    entrusted_to: str = ""
    tracking_number: str = ""
    consented: bool = False
    address: str = ""
    cause: str = ""
    grounds: str = ""
    published_in: str = ""
    note: str = ""
    form_token: UUID | None = None

    def columns(self) -> dict[str, Any]:
        """The row, without whom it belongs to and who entered it."""
        row = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in vars(self).items()
            if name != "servers"
        }
        row["server_1"], row["server_2"] = self.servers
        for method, names in ONLY_OF.items():
            if self.method != method:
                row |= {name: type(row[name])() for name in names}
        return row


#: What only one method has: it is not kept for another, whatever was typed before.
ONLY_OF: dict[str, tuple[str, ...]] = {
    Method.LEFT: ("refusal", "witness", "filmed"),
    Method.POST: ("tracking_number",),
    Method.PROXY: ("entrusted_to",),
    Method.ELECTRONIC: ("address", "consented"),
    Method.PUBLICATION: ("cause", "grounds", "published_in"),
}


def publication_days() -> int:
    """Days after which a published paper counts as served."""
    return settings.SERVICE_BY_PUBLICATION_DAYS


def counts_on(method: str, outcome: str, attempted_on: date) -> date | None:
    """The day on which such an attempt counts as service; None when it does not."""
    if outcome not in _COUNTS:
        return None
    if method == Method.PUBLICATION:
        return attempted_on + timedelta(days=publication_days())
    return attempted_on


def against(notice: Notice, attempt: Attempt, *, today: date) -> list[Reason]:
    """Why this attempt cannot be recorded as it stands; each reason names its field."""
    reasons = [] if attempt.outcome in OUTCOMES.get(attempt.method, ()) else [_no_such_outcome()]
    reasons += _of_the_day(notice, attempt.attempted_on, today)
    reasons += _of_the_servers(attempt)
    if attempt.outcome == Outcome.SERVED and attempt.method != Method.ELECTRONIC:
        reasons += _needs(attempt, "recipient", _("请写明签收人。"), "CPL@2023:87")
    if attempt.outcome in (Outcome.SERVED, Outcome.LEFT) and attempt.method in BY_HAND:
        reasons += _needs(attempt, "place", _("写明送达地点。"), "CPL@2023:87")
    own = _OF_METHOD.get(attempt.method)
    return reasons + (own(notice, attempt) if own else [])


def _no_such_outcome() -> Reason:
    return Reason(text=_("这种送达方式没有这样的结果。"), field="outcome")


def _of_the_day(notice: Notice, day: date, today: date) -> list[Reason]:
    reasons = []
    if day < notice.issued_on:
        sentence = _("送达日期不能早于签发日期（%(day)s）。")
        words = {"day": writing.date(notice.issued_on)}
        reasons.append(Reason(text=sentence % words, field="attempted_on"))
    if day > today:
        reasons.append(Reason(text=_("送达日期不能晚于今天。"), field="attempted_on"))
    return reasons


def _of_the_servers(attempt: Attempt) -> list[Reason]:
    first, second = attempt.servers
    reasons = []
    if attempt.method in BY_HAND and (first is None or second is None):
        sentence = _("直接送达和留置送达须有两名送达人。")
        reasons.append(Reason(text=sentence, basis="APL@2021:42(1)", field="server_2"))
    elif second is not None and first is None:
        reasons.append(Reason(text=_("只有一名送达人的，写在送达人一。"), field="server_1"))
    if first is not None and first == second:
        reasons.append(Reason(text=_("两名送达人不能是同一人。"), field="server_2"))
    return reasons


def _of_left(notice: Notice, attempt: Attempt) -> list[Reason]:
    if attempt.outcome != Outcome.LEFT:
        return []
    reasons = _needs(attempt, "refusal", _("留置送达须记明拒收事由。"), "CPL@2023:89")
    if not attempt.witness.strip() and not attempt.filmed:
        sentence = _("留置送达须有见证人，或者录音录像、拍照记录经过。")
        reasons.append(Reason(text=sentence, basis="CPL@2023:89", field="witness"))
    return reasons


def _of_post(notice: Notice, attempt: Attempt) -> list[Reason]:
    return _needs(attempt, "tracking_number", _("请填写邮件号。"))


def _of_proxy(notice: Notice, attempt: Attempt) -> list[Reason]:
    return _needs(attempt, "entrusted_to", _("写明受委托代为送达的机关。"), "CPL@2023:91")


def _of_electronic(notice: Notice, attempt: Attempt) -> list[Reason]:
    if attempt.outcome != Outcome.SERVED:
        return []
    reasons = []
    if not attempt.consented:
        sentence = _("电子送达须经受送达人书面同意。")
        reasons.append(Reason(text=sentence, basis="APL@2021:61", field="consented"))
    reasons += _needs(attempt, "address", _("写明接收文书的电子地址。"), "CPL@2023:90")
    if attempt.attempted_time is None:
        sentence = _("写明到达受送达人系统的时刻。")
        reasons.append(Reason(text=sentence, basis="CPL@2023:90", field="attempted_time"))
    return reasons


def _of_publication(notice: Notice, attempt: Attempt) -> list[Reason]:
    reasons = _needs(attempt, "cause", _("选择公告的原因。"), "CPL@2023:95")
    if attempt.cause == Cause.OTHER_WAYS_FAILED and not _tried_in_vain(notice):
        sentence = _("还没有其他方式送达不成的记录，先记录那次送达。")
        reasons.append(Reason(text=sentence, basis="MPSP@2020:36", field="cause"))
    reasons += _needs(attempt, "grounds", _("公告送达须记明原因和经过。"), "CPL@2023:95")
    reasons += _needs(attempt, "published_in", _("写明公告登在哪里。"), "MPSP@2020:36")
    return reasons


_OF_METHOD: dict[str, Callable[[Notice, Attempt], list[Reason]]] = {
    Method.LEFT: _of_left,
    Method.POST: _of_post,
    Method.PROXY: _of_proxy,
    Method.ELECTRONIC: _of_electronic,
    Method.PUBLICATION: _of_publication,
}


def _tried_in_vain(notice: Notice) -> bool:
    return notice.services.filter(outcome__in=_IN_VAIN).exists()


def _needs(attempt: Attempt, field: str, sentence: str, basis: str = "") -> list[Reason]:
    if str(getattr(attempt, field)).strip():
        return []
    return [Reason(text=sentence, basis=basis, field=field)]
