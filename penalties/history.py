"""What the parties of a case did before: earlier decisions and orders that were not met.

Shown while a penalty is proposed and decided. It suggests nothing by itself: whether 程序规定
160 (two or more penalties for acts of the same kind within a year) or the first time of 行政处罚法
33(1) applies is for the officer to say.

Who counts as the same party: the enterprise; another entry of the register with its code; head
office and branches, told by name (甲公司, 甲公司青秀分公司), since the register has no other tie
between them; a person by the number of the identity document. What counts as the same kind: a duty
article in common, also where the law was renumbered (the register's concordance).
Only the records of the unit of the case and of the units below it are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from inspections.models import Citation
from legal import citations
from legal.citations import Register
from legal.models import Article
from legal.periods import local_date
from penalties.casefile import File
from penalties.models import CaseFinding, Decision, Measure
from rectification.models import UNMET, Order, OrderState
from rectification.models import Item as OrderItem
from rectification.telling import listed

#: How many entries a page shows; the counts are of all.
AT_MOST = 50
REPEATED_BASIS = "MPSP@2020:160"
FIRST_BASIS = "APL@2021:33(1)"
#: From so many penalties of the same kind within a year on (程序规定 160).
REPEATED_FROM = 2

_COMPANY = re.compile(r".*?公司")
_OTHER_BODY = re.compile(r".*?(?:银行|医院|学校|大学|集团)")
#: Parts of one legal person; a subsidiary (子公司) is another.
_BRANCH = re.compile(r"(?:分公司|支公司|分行|支行|营业部|分店|分院|分校|分部|办事处|门店)$")

#: How long before the act, in words.
SPANS = {
    "year": gettext_lazy("一年内"),
    "two_years": gettext_lazy("二年内"),
    "older": gettext_lazy("二年以前"),
    "after": gettext_lazy("本案行为之后"),
}
RELATIONS = {
    "self": gettext_lazy("本单位"),
    "head": gettext_lazy("总机构"),
    "branch": gettext_lazy("分支机构"),
    "person": gettext_lazy("本人"),
}


@dataclass(frozen=True)
class Entry:
    """One earlier decision, or one order that was not met.

    Args:
        kind: "penalty", "no_penalty" or "order".
        on: the day of the decision, or of the verdict on the order.
        same: the duty articles that both cases cite, as this case cites them.
        span, relation: codes of `SPANS` and `RELATIONS`.
    """

    kind: str
    on: date
    who: str
    relation: str
    title: str
    what: str
    url: str
    unit: str
    same: tuple[str, ...]
    span: str

    @property
    def span_word(self) -> str | Promise:
        return SPANS[self.span]

    @property
    def relation_word(self) -> str | Promise:
        return RELATIONS[self.relation]

    @property
    def is_same_kind(self) -> bool:
        return bool(self.same)


@dataclass(frozen=True)
class History:
    """Everything found, the newest first. `reference` is the day of the act, from which the spans
    count back; `scope` the unit whose records were looked at."""

    entries: tuple[Entry, ...]
    reference: date
    scope: str

    @property
    def shown(self) -> tuple[Entry, ...]:
        return self.entries[:AT_MOST]

    @property
    def same_within_year(self) -> int:
        """Penalties for acts of the same kind within the year before the act."""
        return sum(
            entry.kind == "penalty" and entry.is_same_kind and entry.span == "year"
            for entry in self.entries
        )

    @property
    def is_repeated(self) -> bool:
        """程序规定 160 may apply: to be made heavier."""
        return self.same_within_year >= REPEATED_FROM

    @property
    def is_first(self) -> bool:
        """Nothing before the act speaks against a first time (行政处罚法 33(1))."""
        return all(entry.span == "after" for entry in self.entries)

    @property
    def laws(self) -> dict[str, str]:
        """The articles of what the page says, in words."""
        books = citations.register()
        return {
            "repeated": books.by_ref[REPEATED_BASIS].cite_short,
            "first": books.by_ref[FIRST_BASIS].cite_short,
        }


def of(file: File, today: date) -> History:
    """What the parties of this case did before, as far as the unit's own records say: eight
    queries beside those of the file, however long the history."""
    reference = _reference(file, today)
    relatives = _relatives(file)
    books = citations.register()
    mine = {row.article_id for finding in file.findings for row in finding.cited() if _duty(row)}
    decisions = _decisions(file, relatives, today)
    orders = _orders(file, relatives)
    cited = _cited(decisions, orders)
    found = []
    for decision in decisions:
        party = decision.respondent
        relation = "person" if party.is_person else relatives.get(party.enterprise_id, "self")
        found.append(
            Entry(
                kind="penalty" if decision.punishes else "no_penalty",
                on=decision.decided_on,
                who=party.name,
                relation=relation,
                title=decision.number or decision.case.cause,
                what=_what(decision),
                url=decision.case.get_absolute_url(),
                unit=decision.case.unit.short_name,
                same=_same(mine, cited.get(decision.case_id, set()), books),
                span=_span(decision.decided_on, reference),
            )
        )
    for order in orders:
        assert order.judged_at is not None
        on = local_date(order.judged_at)
        found.append(
            Entry(
                kind="order",
                on=on,
                who=order.enterprise.name,
                relation=relatives.get(order.enterprise_id, "self"),
                title=order.notice.number if order.notice else str(order),
                what=str(order.get_verdict_display()),
                url=order.get_absolute_url(),
                unit=order.unit.short_name,
                same=_same(mine, cited.get(order.pk, set()), books),
                span=_span(on, reference),
            )
        )
    found.sort(key=lambda entry: entry.on, reverse=True)
    return History(tuple(found), reference, file.case.unit.name)


# --- Who ---------------------------------------------------------------------------------------


def base_name(name: str) -> str:
    """The name of the whole body: 甲有限公司 for 甲有限公司青秀分公司; "" where it does not say."""
    found = _COMPANY.match(name.strip()) or _OTHER_BODY.match(name.strip())
    base = found.group() if found else ""
    return "" if is_branch(base) else base


def is_branch(name: str) -> bool:
    return bool(_BRANCH.search(name.strip()))


def _relatives(file: File) -> dict[Any, str]:
    """The enterprises that count as the same party: id → code of `RELATIONS`."""
    units = [row for row in file.respondents if not row.is_person]
    found: dict[Any, str] = {row.enterprise_id: "self" for row in units if row.enterprise_id}
    found.setdefault(file.case.enterprise_id, "self")
    names = {row.name.strip() for row in units} | {file.case.enterprise.name.strip()}
    bases = {base for base in map(base_name, names) if base}
    codes = {row.credit_code for row in units if row.credit_code}
    asked = Q(uscc__in=codes) if codes else Q()
    for base in bases:
        asked |= Q(name__startswith=base)
    if not asked:
        return found
    rows = Enterprise.objects.filter(asked, unit__path__startswith=file.case.unit.path)
    for row in rows.only("pk", "name", "uscc"):
        if row.pk in found:
            continue
        name = row.name.strip()
        if (row.uscc and row.uscc in codes) or name in names:
            found[row.pk] = "self"
        elif name in bases:
            found[row.pk] = "head"
        elif is_branch(name) and base_name(name) in bases:
            found[row.pk] = "branch"
    return found


# --- What --------------------------------------------------------------------------------------


def _decisions(file: File, relatives: dict[Any, str], today: date) -> list[Decision]:
    """In force or changed: what was revoked or withdrawn is no history."""
    codes = {row.credit_code for row in file.respondents if row.credit_code and not row.is_person}
    people = {row.identity_index for row in file.respondents if row.identity_index}
    party = Q(respondent__kind="unit") & (
        Q(respondent__enterprise__in=list(relatives)) | Q(respondent__credit_code__in=codes)
    )
    if people:
        party |= Q(respondent__kind="person", respondent__identity_index__in=people)
    standing = (Decision.Standing.VALID, Decision.Standing.CHANGED)
    rows = (
        Decision.objects.filter(
            party,
            case__unit__path__startswith=file.case.unit.path,
            standing__in=standing,
            decided_on__lte=today,
        )
        .exclude(case=file.case)
        .select_related("case__unit", "case__enterprise", "respondent")
    )
    return list(rows)


def _orders(file: File, relatives: dict[Any, str]) -> list[Order]:
    """Orders with a verdict that they were not met, wholly or in part; not the one that this case
    took over."""
    return list(
        Order.objects.filter(
            enterprise__in=list(relatives),
            unit__path__startswith=file.case.unit.path,
            verdict__in=UNMET,
            judged_at__isnull=False,
        )
        .exclude(state=OrderState.WITHDRAWN)
        .exclude(cases=file.case)
        .select_related("enterprise", "unit", "notice")
        .defer("notice__words", "notice__snapshot", "notice__fingerprint")
    )


def _cited(decisions: Iterable[Decision], orders: Iterable[Order]) -> dict[Any, set[int]]:
    """The duty articles of each earlier case and order, by its id."""
    of_finding: dict[UUID, set[Any]] = {}
    cases = {row.case_id for row in decisions}
    for case, finding in CaseFinding.objects.filter(case__in=cases).values_list("case", "finding"):
        of_finding.setdefault(finding, set()).add(case)
    items = OrderItem.objects.filter(order__in=[row.pk for row in orders])
    for order, finding in items.values_list("order", "finding"):
        of_finding.setdefault(finding, set()).add(order)
    found: dict[Any, set[int]] = {}
    rows = Citation.objects.filter(finding__in=list(of_finding), role=Citation.Role.DUTY)
    for finding, article in rows.values_list("finding", "article"):
        for owner in of_finding[finding]:
            found.setdefault(owner, set()).add(article)
    return found


def _duty(row: Citation) -> bool:
    return row.role == Citation.Role.DUTY


def _what(decision: Decision) -> str:
    if not decision.punishes:
        return str(decision.get_kind_display())
    words = listed([str(Measure(code).label) for code in decision.measures])
    if decision.fine is None:
        return words
    return _("%(measures)s，%(fine)s 元") % {"measures": words, "fine": f"{decision.fine:,}"}


# --- The same kind, and when -------------------------------------------------------------------


def _same(mine: set[int], theirs: set[int], books: Register) -> tuple[str, ...]:
    """Those of mine that theirs say as well, in the words of this case."""
    other = [books.article(pk) for pk in theirs]
    shared = [
        article
        for article in map(books.article, sorted(mine))
        if any(_is_same(article, each, books) for each in other)
    ]
    return tuple(article.cite_short for article in shared)


def _is_same(mine: Article, theirs: Article, books: Register) -> bool:
    """One article, whichever paragraph is cited, also under its number in another text."""
    if _place(mine) == _place(theirs):
        return True
    around = [each for each in books.by_id.values() if _place(each) == _place(mine)]
    then = theirs.version.effective_from
    return any(
        _place(each) == _place(theirs) for part in around for each in books.counterparts(part, then)
    )


def _place(article: Article) -> tuple[int, int | None, int]:
    return article.version_id, article.number, article.suffix


def _reference(file: File, today: date) -> date:
    """The day on which the act ended; found out before it is known, the day of filing."""
    days = [finding.act_on for finding in file.findings]
    return max(days) if days else file.case.found_on or file.case.filed_on or today


def _span(on: date, reference: date) -> str:
    """A decision after the act does not make the act a repetition."""
    if on > reference:
        return "after"
    if on >= _years_before(reference, 1):
        return "year"
    return "two_years" if on >= _years_before(reference, 2) else "older"


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
