"""What a condition of the gate is, and the registry of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from audit.trail import Reason
from legal import at_hand
from penalties.casefile import File
from penalties.models import Decision, OfCase, Respondent
from penalties.papers.typed import Typed

PENALTY = Decision.Kind.PENALTY.value
NO_PENALTY = Decision.Kind.NO_PENALTY.value
SPOT = Decision.Kind.SPOT.value


@dataclass(frozen=True)
class Asked:
    """What is asked of every condition: may this respondent be decided on today?

    `typed` is what the form of the decision says; None before it was filled in, when conditions on
    it are not asked.
    """

    file: File
    respondent: Respondent
    kind: str
    today: date
    typed: Typed | None = None

    @property
    def punishes(self) -> bool:
        return self.kind != NO_PENALTY

    def tab(self, code: str, row: OfCase | None = None) -> str:
        """The address of a tab of the case, at this record; "" for a case not yet written."""
        if self.file.case._state.adding:
            return ""
        place = f"#{row._meta.model_name}-{row.pk}" if row is not None else ""
        return f"{self.file.case.get_absolute_url()}?tab={code}{place}"


@dataclass(frozen=True)
class Answer:
    """What one condition says: `met` is True, False, or None where it is not asked.

    `reasons` are what stands against it; one that does not `bar` is a loud warning.
    """

    met: bool | None
    text: str = ""
    on: date | None = None
    whom: str = ""
    reasons: tuple[Reason, ...] = ()
    bars: bool = True


@dataclass(frozen=True)
class Condition:
    """A condition with its answer, as page and verb read it."""

    code: str
    word: str | Promise
    basis: str
    met: bool | None
    text: str = ""
    on: date | None = None
    whom: str = ""
    url: str = ""
    url_text: str = ""
    reasons: tuple[Reason, ...] = ()
    bars: bool = True

    @property
    def is_unmet(self) -> bool:
        """Whether it stands in the way."""
        return self.met is False and self.bars


Check = Callable[[Asked], Answer]


@dataclass(frozen=True)
class Entry:
    """A condition of the registry. `kinds` are the decisions that it is asked of; `late` ones are
    asked only when the paper is issued, not when the leader gives his word."""

    code: str
    word: str | Promise
    basis: str
    kinds: tuple[str, ...]
    check: Check
    late: bool = False


_entries: dict[str, Entry] = {}
#: The modules of the gate as the procedure goes through them.
_COURSE = ("standing", "proof", "rights", "words", "spot", "paper")


def condition(
    code: str, word: str | Promise, basis: str, *kinds: str, late: bool = False
) -> Callable[[Check], Check]:
    """Register a condition. Raises ValueError for a code taken twice."""

    def keep(check: Check) -> Check:
        if code in _entries:
            raise ValueError(f"{code!r} is registered twice")
        _entries[code] = Entry(code, word, basis, kinds or (PENALTY, NO_PENALTY), check, late)
        return check

    return keep


def entries(kind: str = "") -> list[Entry]:
    """All conditions, or those of one kind of decision, in the order of the procedure."""
    found = [each for each in _entries.values() if not kind or kind in each.kinds]
    return sorted(found, key=lambda each: _COURSE.index(each.check.__module__.rpartition(".")[2]))


def of(
    file: File,
    respondent: Respondent,
    kind: str,
    today: date,
    typed: Typed | None = None,
    *,
    late: bool = True,
) -> list[Condition]:
    """Every condition of a decision of this kind on this respondent today.

    `late=False` leaves out what only the issue of the paper asks.
    """
    asked = Asked(file, respondent, kind, today, typed)
    with at_hand.once():
        return [_said(each, each.check(asked)) for each in entries(kind) if late or not each.late]


def _said(entry: Entry, answer: Answer) -> Condition:
    first = answer.reasons[0] if answer.reasons else Reason("")
    text = answer.text or " ".join(str(reason.text) for reason in answer.reasons)
    return Condition(
        code=entry.code,
        word=entry.word,
        basis=first.basis or entry.basis,
        met=answer.met,
        text=text,
        on=answer.on,
        whom=answer.whom,
        url=first.url,
        url_text=first.url_text,
        reasons=tuple(
            reason if reason.basis else replace(reason, basis=entry.basis)
            for reason in answer.reasons
        ),
        bars=answer.bars,
    )


def unmet(conditions: Iterable[Condition]) -> list[Condition]:
    """Those that stand in the way."""
    return [each for each in conditions if each.is_unmet]


def warnings(conditions: Iterable[Condition]) -> list[Condition]:
    """What is not as it should be, and yet no bar."""
    return [each for each in conditions if each.met is False and not each.bars]


def reasons(conditions: Iterable[Condition]) -> list[Reason]:
    """What a verb refuses with: the reasons of exactly the unmet conditions."""
    return [reason for each in unmet(conditions) for reason in each.reasons]


# --- The answers ------------------------------------------------------------------------------


def met(text: str = "", *, on: date | None = None, whom: str = "") -> Answer:
    """It holds."""
    return Answer(True, text, on, whom)


def idle(text: str = "") -> Answer:
    """It is not asked here."""
    return Answer(None, text or _("本案不需要。"))


def lacks(text: str, url: str = "", url_text: str = "", **more: Any) -> Answer:
    """It does not hold, and this is what mends it."""
    return Answer(False, reasons=(Reason(text, url=url, url_text=url_text, **more),))


def against(found: Iterable[Reason], otherwise: Answer) -> Answer:
    """Unmet where there are reasons."""
    kept = tuple(found)
    return Answer(False, reasons=kept) if kept else otherwise


def warns(text: str, url: str = "", url_text: str = "", **more: Any) -> Answer:
    """Not as it should be, but no bar: said loudly."""
    return replace(lacks(text, url, url_text, **more), bars=False)
