"""The self-review of a case (案卷评查), as a compiler looks at a program.

    found = review.of(File(case), today)
    found.score, found.defects

Each rule is a function under `@rule`, pure over the `File`: it names what is missing, late,
unsigned or against the law as it was on that day, and leads to where it stands. Rules of the law
in force since 15 July 2021 are not asked of decisions before that day.

The score is 100 less the weight of each defect (`WEIGHTS`), never below 0: a serious one costs 12
and alone makes the file fail, a major one 5, a minor one 2.

`beside` is what a case adds to the review of an order: its dates, and the notes on its clauses.
Rooms above register rules of their own (publication: `bulletins.reviewed`).
"""

from penalties.review import deciding, inquiry, money, order, people, proposing, serving, telling
from penalties.review.beside import (
    beside_order,
    cited,
    decision_notes,
    findings_of,
    looked,
    moments,
    section,
)
from penalties.review.rules import (
    MAJOR,
    MINOR,
    SERIOUS,
    WEIGHTS,
    Defect,
    Fault,
    Look,
    Reviewed,
    Rule,
    of,
    rule,
    rules,
)

__all__ = [
    "MAJOR",
    "MINOR",
    "SERIOUS",
    "WEIGHTS",
    "Defect",
    "Fault",
    "Look",
    "Reviewed",
    "Rule",
    "beside_order",
    "cited",
    "deciding",
    "decision_notes",
    "findings_of",
    "inquiry",
    "looked",
    "moments",
    "money",
    "of",
    "order",
    "people",
    "proposing",
    "rule",
    "rules",
    "section",
    "serving",
    "telling",
]
