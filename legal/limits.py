"""The periods that statutes set, as rules that count: how long, from what, on what basis.

    rule = limits.of("CASE_DECISION")
    rule.due(filed_on, calendars.load()).due

No length and no article of a period is written into other code. The rules stay in memory; one small
query finds out whether anybody edited the register since.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from django.utils.translation import gettext as _

from legal import at_hand
from legal.derivations import Span, Words, length_words, zh
from legal.derivations import en as day_en
from legal.models import Article, Threshold, TimeLimit
from legal.models.laws import Confidence, Law, in_chinese
from legal.numerals import chinese
from legal.periods import CALENDAR_DAY, Calendar, Period, PeriodRefused, count, count_back

_RANK = {Law.Level.LAW: 0, Law.Level.REGULATION: 1, Law.Level.RULE: 2}


@dataclass(frozen=True)
class Rule:
    """One period of the register.

    `length` is None where the law sets none (the person in charge does, or nobody may). `unit` is a
    unit of `legal.periods`. `back` counts from an event to the day before which something must be
    done. `basis` and `overrides` are references, the highest law first; what is in `overrides`
    says something else and yields. `effective_from` and `effective_to` are the first and the last
    day on which the rule holds on this basis, None where it is open.
    """

    code: str
    name_zh: str
    name_en: str
    trigger_zh: str
    trigger_en: str
    length: int | None
    unit: str
    back: bool
    basis: tuple[str, ...]
    overrides: tuple[str, ...]
    external_basis: tuple[str, ...]
    responsible: str
    consequence_zh: str
    consequence_en: str
    note_zh: str
    note_en: str
    confidence: str
    effective_from: date | None
    effective_to: date | None
    basis_articles: tuple[Article, ...] = ()
    override_articles: tuple[Article, ...] = ()

    def due(
        self,
        event: date,
        calendar: Calendar,
        *,
        length: int | None = None,
        unit: str = "",
        words: Words | None = None,
        suspended: Iterable[Span] = (),
        roll: bool = True,
    ) -> Period:
        """The day on which the period that `event` sets going ends, with its derivation.

        For a rule that counts back, the last day in time before the event. `length` and `unit` are
        what the person in charge set where the law sets no length, or a longer one than it asks
        for. `words` names the event in the sentence, the rule's own trigger by default.

        Raises PeriodRefused ("no_length" where nobody set one; see also `periods.count`) and
        CalendarMissing.
        """
        length = self.length if length is None else length
        if length is None:
            raise PeriodRefused(
                "no_length",
                f"法律没有规定“{self.name_zh}”的长度，须由承办人确定。",
                f"The law sets no length for “{self.name_en}”; the person in charge must.",
            )
        unit = unit or self.unit
        words = words or Words(self.trigger_zh or self.trigger_en, self.trigger_en)
        basis = (*self.basis, *self.external_basis)
        if self.back:
            return count_back(event, length, unit, calendar, basis=basis, event=words)
        return count(
            event,
            length,
            unit,
            calendar,
            basis=basis,
            event=words,
            suspended=suspended,
            roll=roll,
        )

    def holds_on(self, day: date) -> bool:
        """Whether the rule held on this day, on the basis that the register names."""
        return not (
            (self.effective_from is not None and day < self.effective_from)
            or (self.effective_to is not None and day > self.effective_to)
        )

    # In the language of the page

    @property
    def name(self) -> str:
        return self.name_zh if in_chinese() else self.name_en

    @property
    def trigger(self) -> str:
        return self.trigger_zh if in_chinese() and self.trigger_zh else self.trigger_en

    @property
    def consequence(self) -> str:
        return self.consequence_zh if in_chinese() else self.consequence_en

    @property
    def note(self) -> str:
        return self.note_zh if in_chinese() else self.note_en

    @property
    def length_text(self) -> str:
        """5个工作日 / 5 working days; "" where the law sets no length."""
        if self.length is None:
            return ""
        words = length_words(self.length, self.unit)
        return words.zh if in_chinese() else words.en

    @property
    def words_on_paper(self) -> str:
        """六十日, 六个月, 五个工作日: papers are Chinese and write numbers out."""
        if self.length is None:
            return ""
        return chinese(self.length) + length_words(self.length, self.unit).zh.lstrip("0123456789")

    @property
    def responsible_word(self) -> str:
        return str(dict(TimeLimit.Responsible.choices).get(self.responsible, self.responsible))

    @property
    def confidence_word(self) -> str:
        """How well it is sourced; "" for what was checked against the text."""
        if self.confidence == Confidence.HIGH:
            return ""
        return str(Confidence(self.confidence).label)

    @property
    def precedence(self) -> str:
        """《行政处罚法》第六十四条优先于《程序规定》第一百三十三条; "" where nothing conflicts."""
        if not self.override_articles or not self.basis_articles:
            return ""
        return _("%(higher)s优先于%(lower)s") % {
            "higher": self.basis_articles[0].cite_short,
            "lower": self.override_articles[0].cite_short,
        }


class NotInForce(PeriodRefused):
    """The rule does not hold on the day that was asked about."""

    def __init__(self, rule: Rule, on: date):
        super().__init__(
            "limit_not_in_force",
            f"“{rule.name_zh}”在{zh(on)}不适用。",
            f"“{rule.name_en}” does not hold on {day_en(on)}.",
        )


def of(code: str, on: date | None = None) -> Rule:
    """The rule with this code; one small query while nothing has changed.

    With `on`, the day that the rule must hold on: raises NotInForce otherwise. Raises KeyError for
    a code that the register does not hold.
    """
    rule = book()[code]
    if on is not None and not rule.holds_on(on):
        raise NotInForce(rule, on)
    return rule


def in_force(day: date) -> list[Rule]:
    """The rules that hold on this day, in the order of the register."""
    return [rule for rule in book().values() if rule.holds_on(day)]


def threshold(code: str) -> Decimal | None:
    """A number that a statute sets (法定界限), None where it sets none; one query.

    Raises Threshold.DoesNotExist for a code that the register does not hold.
    """
    return at_hand.kept(f"threshold {code}", lambda: Threshold.objects.get(pk=code).number)


_lock = threading.Lock()
_kept: tuple[UUID, Mapping[str, Rule]] | None = None


def book() -> Mapping[str, Rule]:
    """All rules by code, in the order of the register. One small query while nothing changed."""
    global _kept
    stamp = at_hand.register_stamp()
    with _lock:
        if _kept is not None and _kept[0] == stamp:
            return _kept[1]
    rules = MappingProxyType({row.code: _rule(row) for row in _rows()})
    if stamp is not None:
        with _lock:
            _kept = (stamp, rules)
    return rules


def _rows() -> Iterable[TimeLimit]:
    return TimeLimit.objects.prefetch_related(
        "bases__version__law", "overrides__version__law"
    ).order_by("position", "code")


def _rule(row: TimeLimit) -> Rule:
    basis, overrides = _ordered(row.bases.all()), _ordered(row.overrides.all())
    return Rule(
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        trigger_zh=row.trigger_zh,
        trigger_en=row.trigger_en,
        length=row.length,
        unit=row.period_unit if row.day_type != "n/a" else CALENDAR_DAY,
        back=row.count_back,
        basis=tuple(article.ref for article in basis),
        overrides=tuple(article.ref for article in overrides),
        external_basis=tuple(row.external_basis),
        responsible=row.responsible,
        consequence_zh=row.at_expiry_zh,
        consequence_en=row.at_expiry_en,
        note_zh=row.note_zh,
        note_en=row.note_en,
        confidence=row.confidence,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        basis_articles=basis,
        override_articles=overrides,
    )


def _ordered(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Laws before regulations before ministry rules, each law's articles in their order."""
    return tuple(
        sorted(
            articles,
            key=lambda each: (
                _RANK.get(Law.Level(each.version.law.level), len(_RANK)),
                each.version.law.position,
                each.number or 0,
                each.suffix,
                each.para or 0,
                each.item or 0,
            ),
        )
    )
