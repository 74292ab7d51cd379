"""On which tab of its case a record stands."""

from __future__ import annotations

from penalties import models
from penalties.models import OfCase

#: Which tab a record stands on.
TABS: dict[type[OfCase], str] = {
    models.CaseOfficer: "case",
    models.Exclusion: "case",
    models.Respondent: "parties",
    models.Referral: "referral",
    models.Interview: "referral",
    models.Statement: "inquiry",
    models.Exhibit: "inquiry",
    models.Preservation: "inquiry",
    models.Appraisal: "inquiry",
    models.Recusal: "inquiry",
    models.Report: "inquiry",
    models.Circumstance: "proposal",
    models.Item: "proposal",
    models.Told: "telling",
    models.Defence: "telling",
    models.Hearing: "hearing",
    models.LegalReview: "decision",
    models.Discussion: "decision",
    models.Approval: "decision",
    models.Decision: "decision",
    models.Remedy: "remedies",
    models.Stay: "remedies",
    models.StopMeasure: "remedies",
    models.StopCheck: "remedies",
    models.Payment: "money",
    models.Plan: "money",
    models.Demand: "money",
    models.CourtApplication: "money",
    models.Cash: "money",
    models.Closing: "closing",
}
