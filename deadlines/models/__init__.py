"""What falls due.

A Deadline is one date by which something must be done, with the derivation that says why it is
that date. It is never edited: a database trigger refuses any change but to its state. It ends by
being met, cancelled, or replaced by another deadline (an extension, a suspension that was lifted, a
correction), so the chain of rows tells how the date came about. Overdue is a question put to
the calendar, not a state.

Verbs: `deadlines.clock`. Who may be told about what stands behind a deadline: `deadlines.registry`.

Beside it: `Policy` and `Rung`, what the house has set for itself; `Reminder`, what was said when,
`Seen` by whom, in which `Sweep`, and each `Letter` that left;
`Feed` and `UnitFeed`, private calendar addresses.
"""

from deadlines.models.deadline import Deadline, DeadlineQuerySet
from deadlines.models.feed import Feed, UnitFeed
from deadlines.models.policy import Audience, Policy, Rung
from deadlines.models.reminder import (
    InboxMark,
    Letter,
    Reminder,
    ReminderQuerySet,
    Seen,
    Sweep,
)

__all__ = [
    "Audience",
    "Deadline",
    "DeadlineQuerySet",
    "Feed",
    "InboxMark",
    "Letter",
    "Policy",
    "Reminder",
    "ReminderQuerySet",
    "Rung",
    "Seen",
    "Sweep",
    "UnitFeed",
]
