"""The parts of a self-review: checks, dates, citations, papers, and sections of other rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from legal.citations import BLOCK, WARN
from legal.models import Article

State = Literal["defect", "remind", "ok", "note"]
DEFECT: State = "defect"
REMIND: State = "remind"
OK: State = "ok"
NOTE: State = "note"


@dataclass(frozen=True)
class Check:
    """One thing looked at: a defect, a reminder, in order, or only good to know.

    `basis` is the article behind it as a reference, `house` marks a rule of the house, `url` leads
    to what mends it.
    """

    state: State
    text: str
    basis: str = ""
    house: bool = False
    url: str = ""
    url_text: str = ""


@dataclass(frozen=True)
class Moment:
    """One date of the file: what, when, who, why that day, and what was looked at."""

    name: str
    day: date | None
    until: date | None = None
    clock: str = ""
    who: str = ""
    why: str = ""
    basis: tuple[str, ...] = ()
    url: str = ""
    number: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def worst(self) -> str:
        """ "defect", "remind" or "": how the row is marked."""
        states = {check.state for check in self.checks}
        return DEFECT if DEFECT in states else REMIND if REMIND in states else ""


@dataclass(frozen=True)
class Looked:
    """One finding with the articles cited, and the notes on them (`inspections.noted.shown`);
    `together` where the name stands for several findings that cite the same."""

    ordinal: int
    name: str
    url: str
    cited: tuple[tuple[str, Article, str], ...]
    notes: tuple[dict[str, Any], ...] = ()
    together: bool = False


@dataclass(frozen=True)
class Sheet:
    """One paper with the state of its sums."""

    title: str
    number: str
    url: str
    sha256: str = ""
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Section:
    """What one room has to say of the file: dates, findings, papers."""

    title: str
    url: str = ""
    text: str = ""
    moments: tuple[Moment, ...] = ()
    findings: tuple[Looked, ...] = ()
    sheets: tuple[Sheet, ...] = ()

    def own_checks(self) -> list[tuple[str, Check]]:
        """Every check of dates and papers, with the name of what it belongs to."""
        found = [(moment.name, check) for moment in self.moments for check in moment.checks]
        return found + [(sheet.title, check) for sheet in self.sheets for check in sheet.checks]

    def checks(self) -> list[tuple[str, Check]]:
        """The same with the notes on citations, which count as checks."""
        said = [
            (finding.name, of_note(note, finding.url))
            for finding in self.findings
            for note in finding.notes
        ]
        return self.own_checks() + said


def of_note(note: dict[str, Any], url: str) -> Check:
    """A note on a citation as a check: what blocks is a defect, a warning a reminder."""
    states: dict[str, State] = {BLOCK: DEFECT, WARN: REMIND}
    return Check(states.get(note["level"], NOTE), note["text"], url=url)


@dataclass(frozen=True)
class Review:
    """The whole review; `sections` begin with the order's own."""

    sections: Sequence[Section]
    on: date
    _all: list[tuple[str, Check]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found = [each for section in self.sections for each in section.checks()]
        object.__setattr__(self, "_all", found)

    def of(self, state: State) -> list[tuple[str, Check]]:
        """(what it belongs to, check) in this state, in the order of the page."""
        return [(name, check) for name, check in self._all if check.state == state]

    @property
    def defects(self) -> list[tuple[str, Check]]:
        return self.of(DEFECT)

    @property
    def reminders(self) -> list[tuple[str, Check]]:
        return self.of(REMIND)

    @property
    def passed(self) -> int:
        return len(self.of(OK))
