"""What is known of an order to correct (责令限期改正), and of everything done about it.

Inspection ──< Finding ──< Item >── Order ──< Extension, Suspension, Correction, Reinspection
                          │          │            │
                          └── Asked ─┼────────────┘   for which items more time is asked
                                     │
                                     ├── notices.Notice      the paper, frozen at issue
                                     └── deadlines.Deadline  the day on which it falls due
"""

from rectification.models.course import (
    Asked,
    Attachment,
    Correction,
    Extension,
    ExtensionState,
    Ground,
    Outcome,
    Reinspection,
    Result,
    Suspension,
)
from rectification.models.order import (
    ASSESSABLE,
    MET_IN_TIME,
    NO_DAY,
    UNMET,
    Item,
    Order,
    OrderQuerySet,
)
from rectification.models.words import OrderState, TermKind, Verdict

__all__ = [
    "ASSESSABLE",
    "MET_IN_TIME",
    "NO_DAY",
    "UNMET",
    "Asked",
    "Attachment",
    "Correction",
    "Extension",
    "ExtensionState",
    "Ground",
    "Item",
    "Order",
    "OrderQuerySet",
    "OrderState",
    "Outcome",
    "Reinspection",
    "Result",
    "Suspension",
    "TermKind",
    "Verdict",
]
