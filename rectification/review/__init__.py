"""The self-review of a file (案卷自查): every date with its reason, every note on a citation, every
paper with its sums, and what is missing.

`facts` reads, `dates` explains the days, `citing` looks at citations and papers, `entries` are the
parts that a page shows. Rooms above add sections of their own (a penalty case beside the order):

    @review.section
    def cases(facts: Facts) -> list[Section]: ...

Nothing is changed or decided: each defect leads to what mends it. Citations are looked at with the
register of today; the paper keeps what it said.
"""

from rectification.review.citing import finding_entry, looked, sheets
from rectification.review.dates import moments
from rectification.review.entries import (
    DEFECT,
    NOTE,
    OK,
    REMIND,
    Check,
    Looked,
    Moment,
    Review,
    Section,
    Sheet,
)
from rectification.review.facts import Facts, read
from rectification.review.looking import numbered
from rectification.review.sections import of, section
from rectification.review.shown import looked_page, page
from rectification.telling import in_chinese

__all__ = [
    "DEFECT",
    "NOTE",
    "OK",
    "REMIND",
    "Check",
    "Facts",
    "Looked",
    "Moment",
    "Review",
    "Section",
    "Sheet",
    "finding_entry",
    "in_chinese",
    "looked",
    "looked_page",
    "moments",
    "numbered",
    "of",
    "page",
    "read",
    "section",
    "sheets",
]
