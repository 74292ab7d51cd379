"""The life of a penalty case (行政处罚案件). Read this first.

    open_case ──▶ approve_filing (立案) ──▶ investigation ──▶ report ──▶ propose
        │                                                               │
        └▶ decline_filing                                   tell (告知) ◀┘
                                                              │ defence, hearing
                                                              ▼
              legal review ──▶ discussion ──▶ approval ──▶ issue_decision  (the gate)
                                                              │
        serve ──▶ pay / defer / demand / court ──▶ remedies ──▶ ask_closing ──▶ close

    on the spot: open_spot ──▶ issue_spot_decision ──▶ file_with_unit
    without a decision: refer (移送), terminate (终止调查)

1.  What people did is stored, each in a record of its own in the file of the case; where the
    procedure stands follows from them (`penalties.steps`) and is only repeated on the row.
2.  A decision is issued to one respondent, and only when every condition of `penalties.gate` is
    met. Page, verb and test read that one list; no role steps over it.
3.  The ninety days (行政处罚法 60) run from filing; days that do not count are `Exclusion`s.
4.  When facts, clauses or amounts change after they were told, the notice, the review and the
    approvals that rested on them are void (`penalties.proposal.digest`) and are owed again.

Each function is one transaction, takes `by` (who) and `at` (when it happened), and leaves one line
in the record. Raises `Refused` with reasons; `Decided` when somebody else was quicker.

The verbs stand in the order of the procedure: `opening`, `parties`, `inquiry`, `proposing`,
`telling`, `hearing`, `deciding`, `spot`, `serving`, `collecting`, `remedies`, `referring`,
`closing`.
"""

from penalties.cases._row import overtaken
from penalties.cases.excluding import (
    can_end_exclusion,
    can_exclude_days,
    end_exclusion,
    exclude_days,
)
from penalties.cases.opening import (
    DEADLINE_KIND,
    can_close,
    can_file,
    can_record_decision,
    close,
    file,
    record_decision,
)

__all__ = [
    "DEADLINE_KIND",
    "can_close",
    "can_end_exclusion",
    "can_exclude_days",
    "can_file",
    "can_record_decision",
    "close",
    "end_exclusion",
    "exclude_days",
    "file",
    "overtaken",
    "record_decision",
]
