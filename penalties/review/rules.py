"""What a rule of the self-review is, the registry of all, and the score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legal import at_hand, calendars, periods
from legal.citations import Register, register
from penalties.casefile import File
from penalties.models import Case, CaseState, Decision, OfCase, Respondent, Told
from penalties.places import TABS
from rectification.reasons import day_words

SERIOUS, MAJOR, MINOR = "serious", "major", "minor"
#: What one defect takes from the hundred.
WEIGHTS = {SERIOUS: 12, MAJOR: 5, MINOR: 2}
WORDS = {
    SERIOUS: gettext_lazy("严重"),
    MAJOR: gettext_lazy("较重"),
    MINOR: gettext_lazy("一般"),
}
ENOUGH, GOOD = 60, 90
#: 行政处罚法 of 2021 came into force; what it asks is not asked of decisions before.
LAW_SINCE = date(2021, 7, 15)


@dataclass(frozen=True)
class Fault:
    """What a rule found: a sentence, and the record or the tab where it stands. `basis` where it
    is another article than that of the rule."""

    text: str
    row: OfCase | None = None
    tab: str = ""
    basis: str = ""
    url: str = ""


@dataclass(frozen=True)
class Defect:
    """One line of the review. `row` names the record ("penalties.told:<id>"), "" for the case."""

    code: str
    word: str
    severity: str
    text: str
    basis: str
    url: str
    url_text: str
    row: str = ""

    @property
    def severity_word(self) -> str:
        return str(WORDS[self.severity])

    def as_json(self) -> dict[str, str]:
        """As it is kept with a request to close the case."""
        return {
            "code": self.code,
            "word": self.word,
            "severity": self.severity,
            "text": self.text,
            "basis": self.basis,
            "row": self.row,
        }


class Look:
    """The file with what several rules ask of it."""

    def __init__(self, file: File, today: date) -> None:
        self.file, self.today = file, today
        self.case: Case = file.case

    @cached_property
    def books(self) -> Register:
        return register()

    @cached_property
    def calendar(self) -> periods.Calendar:
        return calendars.load()

    @cached_property
    def day(self) -> date:
        """The day of the decision, until then today: by it one knows which law holds."""
        return self.case.decided_on or self.today

    @cached_property
    def decisions(self) -> list[Decision]:
        """Those in force; what fell is not measured any more."""
        return self.file.valid_decisions

    @property
    def ordinary(self) -> list[Decision]:
        """In force, and not taken on the spot."""
        return [row for row in self.decisions if row.kind != Decision.Kind.SPOT]

    @property
    def punishing(self) -> list[Decision]:
        """In force, penalties by the ordinary procedure."""
        return [row for row in self.decisions if row.kind == Decision.Kind.PENALTY]

    @property
    def is_over(self) -> bool:
        return self.case.state in (CaseState.CLOSED, CaseState.DECLINED)

    def told(self, decision: Decision) -> Told | None:
        """The notice that the decision rests on: the last one in force on its day."""
        found = None
        for row in self.file.tolds:
            if row.respondent_id != decision.respondent_id:
                continue
            if local(row.given_at) > decision.decided_on:
                continue
            if row.void_on is None or row.void_on > decision.decided_on:
                found = row
        return found

    def tolds(self) -> Iterator[tuple[Respondent, Told]]:
        """The notices that count, each with its party: of the decisions, else those in force."""
        decided = {row.respondent_id: row for row in self.punishing}
        for party in self.file.respondents:
            made = decided.get(party.pk)
            row = self.told(made) if made is not None else self.file.told(party)
            if row is not None:
                yield party, row


def local(at: datetime) -> date:
    """The day in Shanghai."""
    return periods.local_date(at)


Check = Callable[[Look], Iterable[Fault]]


@dataclass(frozen=True)
class Rule:
    """A rule of the registry. `since`: it is not asked of decisions before that day."""

    code: str
    word: str | Promise
    severity: str
    basis: str
    check: Check
    since: date | None = None


_rules: dict[str, Rule] = {}


def rule(
    code: str, word: str | Promise, severity: str, basis: str, *, since: date | None = None
) -> Callable[[Check], Check]:
    """Register a rule. Raises ValueError for a code taken twice."""
    if since is None and basis.startswith("APL@2021"):
        since = LAW_SINCE

    def keep(check: Check) -> Check:
        if code in _rules:
            raise ValueError(f"{code!r} is registered twice")
        _rules[code] = Rule(code, word, severity, basis, check, since)
        return check

    return keep


def rules() -> list[Rule]:
    """All rules, in the order in which they are asked."""
    return list(_rules.values())


@dataclass(frozen=True)
class Reviewed:
    """What a review found on a day; the gravest first."""

    on: date
    defects: tuple[Defect, ...]
    asked: int

    @property
    def score(self) -> int:
        """0 to 100."""
        return max(0, 100 - sum(WEIGHTS[each.severity] for each in self.defects))

    @property
    def passed(self) -> bool:
        """At least 60, and nothing serious."""
        return self.score >= ENOUGH and not self.of(SERIOUS)

    @property
    def grade(self) -> str:
        if not self.passed:
            return _("不合格")
        return _("优秀") if self.score >= GOOD else _("合格")

    def of(self, severity: str) -> list[Defect]:
        return [each for each in self.defects if each.severity == severity]

    def as_json(self) -> list[dict[str, str]]:
        return [each.as_json() for each in self.defects]


def of(file: File, today: date) -> Reviewed:
    """Ask every rule of this file, as of `today`."""
    look = Look(file, today)
    with at_hand.once():
        found = [
            _defect(each, fault, look)
            for each in _rules.values()
            if each.since is None or look.day >= each.since
            for fault in each.check(look)
        ]
    order = list(WEIGHTS)
    found.sort(key=lambda each: order.index(each.severity))
    return Reviewed(on=today, defects=tuple(found), asked=len(_rules))


def _defect(each: Rule, fault: Fault, look: Look) -> Defect:
    url, row = fault.url, fault.row
    home = look.case.get_absolute_url()
    if not url and row is not None:
        kind = row._meta.model_name
        url = f"{home}?tab={TABS[type(row)]}#{kind}-{row.pk}"
    elif not url:
        url = f"{home}?tab={fault.tab}" if fault.tab else home
    return Defect(
        code=each.code,
        word=str(each.word),
        severity=each.severity,
        text=fault.text,
        basis=fault.basis or each.basis,
        url=url,
        url_text=_("去看"),
        row=f"{row._meta.label_lower}:{row.pk}" if row is not None else "",
    )


def said(text: str | Promise, **facts: Any) -> str:
    """A sentence with its facts; days and moments as pages write them."""
    from_day = {key: _shown(value) for key, value in facts.items()}
    return str(text) % from_day


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return day_words(local(value))
    return day_words(value) if isinstance(value, date) else value
