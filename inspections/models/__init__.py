"""Visits and what was found.

    Inspection ── InspectionOfficer      who took part
      │  ├── Finding ── Citation         what is not as the law asks, and the articles cited
      │  └── Evidence ── Withholding     files that show it, and which of them stay closed
      └── Particulars                    what notice and record say beyond it
    RemoteTest                           a test over the network: planned, notified, held
    CheckedElsewhere                     what another department found in the same year

Rows are changed by `inspections.fieldwork`, `inspections.remote` and `inspections.yearly` alone. A
draft may be edited by every officer of the unit; what was recorded (signed) is final, and only a
finding's disposition moves on after that.
"""

from inspections.models.evidence import Evidence
from inspections.models.finding import Citation, CitationQuerySet, Finding, FindingQuerySet
from inspections.models.inspection import (
    Inspection,
    InspectionOfficer,
    InspectionQuerySet,
    OfInspectionQuerySet,
)
from inspections.models.particulars import Matter, Particulars
from inspections.models.remote import RemoteTest, RemoteTestQuerySet
from inspections.models.withholding import Withholding
from inspections.models.yearly import CheckedElsewhere

__all__ = [
    "CheckedElsewhere",
    "Citation",
    "CitationQuerySet",
    "Evidence",
    "Finding",
    "FindingQuerySet",
    "Inspection",
    "InspectionOfficer",
    "InspectionQuerySet",
    "Matter",
    "OfInspectionQuerySet",
    "Particulars",
    "RemoteTest",
    "RemoteTestQuerySet",
    "Withholding",
]
