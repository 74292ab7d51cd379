"""The words of a 责令限期改正通知书, from plain facts (form 23 of the MPS set, MPSP 155).

Elements in order: organ, name of the paper, number, addressee, what was found, the articles
breached, the basis of the order, the option chosen, interim measures, remedies, seal and date,
signature of the addressee. `CorrectionOrder` holds the facts that the owner of the order hands
over; `context` is what the template gets; `missing_facts` is what still lacks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Unit
from audit.trail import Reason
from notices import leaf, writing

LONGEST_TEXT = 2000  # characters of one detail or measure
MOST_FINDINGS = 300
IMMEDIATE, BY_DATE, WITHIN = "immediate", "date", "days"
_UNITS = {"working_day": "个工作日", "calendar_day": "日", "month": "个月"}


@dataclass(frozen=True)
class Finding:
    """One thing found. `articles`: the duty articles in full form, as `Article.cite_zh` gives."""

    what: str
    detail: str = ""
    measure: str = ""
    articles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """Until when. A named date is printed; a term in days is counted from service, so no date
    can be printed (nobody knows it yet)."""

    kind: str
    due_on: date | None = None
    length: int = 0
    unit: str = "working_day"

    @classmethod
    def immediate(cls) -> "Term":
        return cls(IMMEDIATE)

    @classmethod
    def by_date(cls, due_on: date) -> "Term":
        return cls(BY_DATE, due_on=due_on)

    @classmethod
    def within(cls, length: int, unit: str = "working_day") -> "Term":
        """`unit` is working_day, calendar_day or month."""
        return cls(WITHIN, length=length, unit=unit)

    @property
    def words(self) -> str:
        if self.kind == BY_DATE and self.due_on:
            return f"{writing.date(self.due_on)}前"
        if self.kind == WITHIN:
            return f"自本通知书送达之日起{self.length}{_UNITS[self.unit]}内"
        return "立即"


@dataclass(frozen=True)
class CorrectionOrder:
    """All that the paper says beyond what the unit itself is.

    Args:
        inspected_on: the day of the inspection.
        officers: (name, police number) of each officer, two or more.
        findings: at least one.
        basis: the articles that empower the order, in full form, penalty articles first, then
            APL 28(1).
        term: the option chosen.
        object_name: what was inspected ("货运管理系统"); may be empty.
        activity: how ("网络安全监督检查").
        interim_measures: what must be done until then; may be empty.
        contact: (name, telephone); may be empty.
    """

    inspected_on: date
    officers: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    basis: tuple[str, ...]
    term: Term
    object_name: str = ""
    activity: str = "网络安全监督检查"
    interim_measures: tuple[str, ...] = ()
    contact: tuple[str, str] = ("", "")

    def context(self) -> dict[str, Any]:
        """The template's context, every value a string, a bool or a list of these."""
        many = len(self.findings) > 1
        context: dict[str, Any] = {
            "inspected_on": writing.date(self.inspected_on),
            "officers": "、".join(
                f"{name}（警号{number}）" if number else name for name, number in self.officers
            ),
            "object_name": self.object_name,
            "activity": self.activity,
            "many": many,
            "findings": [
                {
                    "no": str(no),
                    "what": finding.what.rstrip("。；"),
                    "detail": finding.detail.rstrip("。；"),
                    "measure": finding.measure.rstrip("。；"),
                }
                for no, finding in enumerate(self.findings, 1)
            ],
            "has_measures": any(finding.measure for finding in self.findings),
            "breaches": breaches(self.findings),
            "basis": join_citations(self.basis),
            "term_kind": self.term.kind,
            "term": self.term.words,
            "interim_measures": [text.rstrip("。；") for text in self.interim_measures],
            "contact_name": self.contact[0],
            "contact_phone": self.contact[1],
        }
        context["fit"] = _fit(context)
        return context

    def missing_facts(self) -> list[Reason]:
        """What the paper still lacks, in the order in which it is printed."""
        reasons = []
        if not self.findings:
            reasons.append(Reason(text=_("没有违法行为，不能制作通知书。"), field="findings"))
        if len(self.findings) > MOST_FINDINGS:
            reasons.append(
                Reason(
                    text=_("违法行为超过 %(most)s 项，请分开制作。") % {"most": MOST_FINDINGS},
                    field="findings",
                )
            )
        for no, finding in enumerate(self.findings, 1):
            if not finding.articles:
                reasons.append(
                    Reason(
                        text=_("第 %(no)s 项没有写违反的条款。") % {"no": no},
                        basis="MPSP@2020:155",
                        field="breaches",
                    )
                )
            if max(len(finding.what), len(finding.detail), len(finding.measure)) > LONGEST_TEXT:
                reasons.append(
                    Reason(
                        text=_("第 %(no)s 项的文字超过 %(longest)s 字。")
                        % {"no": no, "longest": LONGEST_TEXT},
                        field="findings",
                    )
                )
        if len({number or name for name, number in self.officers}) < 2:
            reasons.append(
                Reason(text=_("执法人员少于两人。"), basis="APL@2021:42(1)", field="officers")
            )
        if not self.basis:
            reasons.append(
                Reason(text=_("没有责令改正的依据条款。"), basis="APL@2021:28(1)", field="basis")
            )
        if self.term.kind == BY_DATE and self.term.due_on is None:
            reasons.append(Reason(text=_("没有写改正期限。"), field="due_on"))
        if self.term.kind == WITHIN and self.term.length < 1:
            reasons.append(Reason(text=_("改正期限至少一日。"), field="term"))
        return reasons


def missing_of_unit(unit: Unit, *, remedies: bool = True) -> list[Reason]:
    """What the unit lacks before its papers can be numbered and state the remedies (APL 59,
    ARL 24)."""
    reasons = []
    if remedies and not unit.reconsideration_body:
        reasons.append(
            Reason(
                text=_(
                    "%(unit)s没有设置行政复议机关，通知书无法告知救济途径。"
                    "由系统管理员在“单位”里设置。"
                )
                % {"unit": unit.name},
                basis="ARL@2023:24",
                field="unit.reconsideration_body",
            )
        )
    if not unit.abbreviation:
        reasons.append(
            Reason(
                text=_("%(unit)s没有设置文号代字，无法编号。由系统管理员在“单位”里设置。")
                % {"unit": unit.name},
                field="unit.abbreviation",
            )
        )
    return reasons


def join_citations(citations: Iterable[str]) -> str:
    """《甲法》第一条、第三条、《乙法》第二条: a law's name once, its articles after it."""
    by_law: dict[str, list[str]] = {}
    for citation in citations:
        law, mark, rest = citation.partition("》")
        articles = by_law.setdefault(law + mark, [])
        if rest not in articles:
            articles.append(rest)
    return "、".join(law + "、".join(articles) for law, articles in by_law.items())


def breaches(findings: tuple[Finding, ...]) -> str:
    """Which finding breaches which article, equal articles together."""
    groups: dict[str, list[int]] = {}
    for no, finding in enumerate(findings, 1):
        groups.setdefault(join_citations(finding.articles), []).append(no)
    if len(groups) == 1:
        return f"上述行为违反了{next(iter(groups))}之规定。"
    parts = [f"第{_numbers(nos)}项行为违反了{articles}之规定" for articles, nos in groups.items()]
    return f"上述{'；'.join(parts)}。"


def _numbers(numbers: list[int]) -> str:
    """1至4、7: runs of three and more are drawn together."""
    parts: list[str] = []
    run: list[int] = []
    for number in [*numbers, None]:
        if run and (number is None or number != run[-1] + 1):
            parts += [f"{run[0]}至{run[-1]}"] if len(run) > 2 else [str(n) for n in run]
            run = []
        if number is not None:
            run.append(number)
    return "、".join(parts)


def _fit(context: dict[str, Any]) -> str:
    """The class that lets the paper fit on one leaf; empty where it needs more anyway."""
    texts = [
        f"　　经查，我局民警{context['officers']}于{context['inspected_on']}对你单位运营的"
        f"{context['object_name']}进行{context['activity']}，发现你单位存在下列违法行为：",
        f"　　根据{context['basis']}之规定，现责令你单位：□立即改正；□在{context['term']}"
        "改正完毕，并将改正结果书面函告我局。",
        "　" * 75,  # remedies
        *(f"　　期限届满前，必须采取下列措施：{text}" for text in context["interim_measures"]),
    ]
    table = 0.0
    if context["many"]:
        columns = (17.0, 13.5) if context["has_measures"] else (32.0, 1.0)
        table += 13 + 24
        for finding in context["findings"]:
            what = leaf.lines(f"{finding['what']}：{finding['detail']}", columns[0])
            measure = leaf.lines(finding["measure"], columns[1]) if context["has_measures"] else 1
            table += 7.2 + 17.5 * max(what, measure)
        texts.append(f"　　{context['breaches']}")
    else:
        for only in context["findings"]:
            texts.append(f"　　{only['what']}：{only['detail']}。{context['breaches']}")
            if only["measure"]:
                texts.append(f"　　改正要求：{only['measure']}。")
    if context["contact_name"] or context["contact_phone"]:
        texts.append("　")
    return leaf.fit(sum(leaf.lines(text) for text in texts), table)
