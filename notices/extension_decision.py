"""The words of a 延期决定书: more time is granted, or it is not.

No form of the MPS set is for this paper and no statute fixes a term for correction: APL 28(1) asks
for a correction "within a time limit" only. So the paper rests on that article and on the house's
own rule, says so, and quotes no other. Elements in order, after the organ, the name of the paper,
the number and the addressee: the order concerned, who asked when and why, what was examined, the
decision with its items and days, how the new day came about, what stays as it was, remedies where
the house states them, contact, seal and date, signature of the addressee.

`ExtensionDecision` holds the facts that the owner hands over; `context` is what the template gets;
`missing_facts` is what still lacks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Unit
from audit.trail import Reason
from legal import limits
from notices import leaf, writing
from notices.correction_order import LONGEST_TEXT, join_citations

MOST_ITEMS = 300
HOUSE_RULE = "我局关于改正期限的内部规定"
_DAYS = "一二三四五六日"
_SHORT_DAY = re.compile(f"（周([{_DAYS}])）")


def _weekday(day: date) -> str:
    return f"星期{_DAYS[day.weekday()]}"


@dataclass(frozen=True)
class DecidedItem:
    """One item that the decision is about.

    Args:
        no: its number in the order.
        what: the finding, as the order words it.
    """

    no: int
    what: str


@dataclass(frozen=True)
class ExtensionDecision:
    """All that the paper says beyond what the unit itself is.

    Args:
        granted: more time is given; False for a refusal.
        order_number: number of the order whose term this is about.
        ordered_on: the day on which that order was issued.
        items: what the decision covers; they share one due day. At least one.
        whole: these are all the items that are still owed; else the paper says that the term of
            the others stays.
        old_due_on: the day on which their term ends, or ended, without this decision.
        new_due_on: the new day of a grant; None for a refusal.
        derivation: one Chinese sentence that says how the new day came about.
        asked_on: the day on which it was asked.
        reason: why more time was asked for.
        requested_until: the day that was asked for; None where none was named.
        by_enterprise: the addressee asked; else an officer of the house proposed it.
        late: it was asked after the term had ended.
        grounds: why it was decided so; a refusal needs them.
        basis: articles in full form, as `Article.cite_zh` gives. APL 28(1) and no invention.
        house_rule: how the paper calls the rule of the house.
        interim_measures: what the order demands until the term ends, one sentence each.
        remedies: one sentence, or nothing (see `remedies`).
        officers: (name, police number) of those who handle it; may be empty. The order names their
            numbers; this paper names them.
        contact: (name, telephone); may be empty.
    """

    granted: bool
    order_number: str
    ordered_on: date
    items: tuple[DecidedItem, ...]
    old_due_on: date
    asked_on: date
    reason: str
    basis: tuple[str, ...]
    whole: bool = True
    new_due_on: date | None = None
    derivation: str = ""
    requested_until: date | None = None
    by_enterprise: bool = True
    late: bool = False
    grounds: str = ""
    house_rule: str = HOUSE_RULE
    interim_measures: tuple[str, ...] = ()
    remedies: str = ""
    officers: tuple[tuple[str, str], ...] = ()
    contact: tuple[str, str] = ("", "")

    def context(self) -> dict[str, Any]:
        """The template's context, every value a string, a bool or a list of these."""
        new = self.new_due_on if self.granted else None
        context: dict[str, Any] = {
            "granted": self.granted,
            "order_number": self.order_number,
            "ordered_on": writing.date(self.ordered_on),
            "asked_on": writing.date(self.asked_on),
            "by_enterprise": self.by_enterprise,
            "requested_until": writing.date(self.requested_until) if self.requested_until else "",
            "late": self.late,
            "reason": _open(self.reason),
            "grounds": _open(self.grounds),
            "basis": join_citations(self.basis),
            "house_rule": self.house_rule,
            "many": len(self.items) > 1,
            "items": [{"no": str(item.no), "what": _open(item.what)} for item in self.items],
            "whole": self.whole,
            "old_date": writing.date(self.old_due_on),
            "old_weekday": _weekday(self.old_due_on),
            "new_date": writing.date(new) if new else "",
            "new_weekday": _weekday(new) if new else "",
            "derivation": _formal(_open(self.derivation)) if new else "",
            "interim_measures": [_open(text) for text in self.interim_measures],
            "remedies": _open(self.remedies),
            "officers": "、".join(name for name, _number in self.officers),
            "contact_name": self._contact_name(),
            "contact_phone": self.contact[1],
        }
        context["fit"] = _fit(context)
        return context

    def _contact_name(self) -> str:
        """Whoever stands among the officers is not named twice."""
        name = self.contact[0]
        return "" if any(name == officer for officer, _number in self.officers) else name

    def missing_facts(self) -> list[Reason]:
        """What the paper still lacks, in the order in which it is printed."""
        return [
            *self._missing_request(),
            *self._missing_items(),
            *self._missing_decision(),
            *_too_long(
                [
                    ("reason", self.reason),
                    ("note", self.grounds),
                    ("derivation", self.derivation),
                    ("remedies", self.remedies),
                    *(("items", item.what) for item in self.items),
                    *(("interim_measures", text) for text in self.interim_measures),
                ]
            ),
        ]

    def _missing_request(self) -> list[Reason]:
        reasons = []
        if not self.order_number.strip():
            reasons.append(Reason(text=_("没有原通知书的文号。"), field="order_number"))
        if not self.reason.strip():
            reasons.append(Reason(text=_("没有写申请延期的理由。"), field="reason"))
        if self.asked_on < self.ordered_on:
            reasons.append(Reason(text=_("申请日期早于原通知书的签发日期。"), field="asked_on"))
        return reasons

    def _missing_items(self) -> list[Reason]:
        if not self.items:
            return [Reason(text=_("没有写明决定涉及哪些改正事项。"), field="items")]
        if len(self.items) > MOST_ITEMS:
            sentence = _("改正事项超过 %(most)s 项，请分开制作。") % {"most": MOST_ITEMS}
            return [Reason(text=sentence, field="items")]
        reasons = []
        if len({item.no for item in self.items}) < len(self.items):
            reasons.append(Reason(text=_("同一改正事项写了两次。"), field="items"))
        reasons += [
            Reason(text=_("第 %(no)s 项没有写改正事项。") % {"no": item.no}, field="items")
            for item in self.items
            if not item.what.strip()
        ]
        return reasons

    def _missing_decision(self) -> list[Reason]:
        reasons = []
        if not self.basis:
            reasons.append(
                Reason(text=_("没有延期决定的依据条款。"), basis="APL@2021:28(1)", field="basis")
            )
        if not self.granted:
            if not self.grounds.strip():
                reasons.append(Reason(text=_("不予延期，没有写明理由。"), field="note"))
            return reasons
        if self.new_due_on is None:
            reasons.append(Reason(text=_("准予延期，没有写新的改正期限。"), field="until"))
        elif self.new_due_on <= self.old_due_on:
            sentence = _("新的改正期限必须晚于原期限（%(date)s）。")
            reasons.append(
                Reason(text=sentence % {"date": writing.date(self.old_due_on)}, field="until")
            )
        if not self.derivation.strip():
            reasons.append(Reason(text=_("没有写新的期限如何得出。"), field="derivation"))
        return reasons


def remedies(unit: Unit) -> str:
    """The sentence on remedies for a refusal; nothing unless the house chose to print one.

    Whether a refusal of more time can be contested on its own is not settled by any article in
    the register: the house decides (setting EXTENSION_REFUSAL_STATES_REMEDIES, docs/adr/0011).
    The terms are those of the register (ARL 20(1), ALL 46). A unit without a reconsideration body
    states none.
    """
    if not settings.EXTENSION_REFUSAL_STATES_REMEDIES or not unit.reconsideration_body:
        return ""
    review, suit = limits.of("RECONSIDERATION"), limits.of("LITIGATION")
    return (
        f"如不服本决定，可以自收到本决定书之日起{review.words_on_paper}内"
        f"向{unit.reconsideration_body}申请行政复议，"
        f"或者自收到本决定书之日起{suit.words_on_paper}内"
        f"依法向{unit.court or '人民法院'}提起行政诉讼"
    )


def _open(text: str) -> str:
    """Without its full stop: the template ends the sentence."""
    return text.strip().rstrip("。；")


def _formal(sentence: str) -> str:
    """（周三） as a paper writes it: （星期三）."""
    return _SHORT_DAY.sub(r"（星期\1）", sentence)


def _too_long(texts: Iterable[tuple[str, str]]) -> list[Reason]:
    fields = dict.fromkeys(field for field, text in texts if len(text) > LONGEST_TEXT)
    sentence = _("文字超过 %(longest)s 字，请缩短。") % {"longest": LONGEST_TEXT}
    return [Reason(text=sentence, field=field) for field in fields]


_WHAT, _WHAT_WIDE = 15.8, 24.0  # characters on a line of the column, beside two days and one


def _fit(context: dict[str, Any]) -> str:
    """The class that lets the paper fit on one leaf; empty where it needs more anyway."""
    days = "　" * (28 if context["granted"] else 24)
    matter = (
        "　" * 14 if context["many"] else context["items"][0]["what"] if context["items"] else ""
    )
    texts = [
        f"　　我局于{context['ordered_on']}向你单位发出责令限期改正通知书"
        f"（{context['order_number']}）。{context['asked_on']}，你单位因下列情况申请将"
        f"改正期限延长至{context['requested_until']}：{context['reason']}。"
        + "　"
        * (24 if context["late"] else 0),
        f"　　经审查，{context['grounds'] or '申请的理由成立'}。依据{context['basis']}和"
        f"{context['house_rule']}，我局决定准予延期：{matter}的改正期限{days}",
        f"　　新期限的计算：{context['derivation']}。" + "　" * 50
        if context["granted"]
        else "　" * 28,
    ]
    table = 0.0
    if context["many"]:
        table += 13 + 24
        for item in context["items"]:
            what = leaf.lines(item["what"], _WHAT if context["granted"] else _WHAT_WIDE)
            table += 7.2 + 17.5 * max(what, 2)
    measures = context["interim_measures"]
    lead = "　　期限届满前，你单位仍须采取下列措施："
    texts += [f"{lead}{measures[0]}。"] if len(measures) == 1 else []
    texts += [lead, *(f"　　1. {text}。" for text in measures)] if len(measures) > 1 else []
    texts += [f"　　{context['remedies']}。"] if context["remedies"] else []
    contact = [context["officers"], context["contact_name"], context["contact_phone"]]
    if any(contact):
        texts.append("　" * 8 + "　".join(contact))
    # One line more: dates and numbers are not broken, and leave their lines short.
    return leaf.fit(1 + sum(leaf.lines(text) for text in texts), table)
