"""What the law says.

Law → LawVersion (with the dates between which it was in force) → Article (down to paragraph and
item). A ViolationType names the articles that an act of its kind breaches (duty) and those that
sanction it (penalty); which of them apply follows from the date of the act, because every article
belongs to a version. PenaltyTier, TimeLimit, Threshold and PaperForm hold what the statutes set
in numbers. Provision is the full text of an article where an office imported it, Match a proposal
which article of a newer text it became. CalendarYear and CalendarDay hold the days off and the
make-up working days that the State Council publishes each year.

Gists are in the project's own words and are never printed as statute text. Nothing that was cited
can be deleted: every reference to an article is PROTECTed.
"""

from legal.models.laws import Article, Confidence, Entry, Law, LawVersion, PenaltyTier
from legal.models.limits import PaperForm, Threshold, TimeLimit
from legal.models.statutes import Match, Provision
from legal.models.violations import Role, ViolationBasis, ViolationType
from legal.models.working_calendar import CalendarDay, CalendarYear, RegisterStamp

__all__ = [
    "Article",
    "CalendarDay",
    "CalendarYear",
    "Confidence",
    "Entry",
    "Law",
    "LawVersion",
    "Match",
    "PaperForm",
    "PenaltyTier",
    "Provision",
    "RegisterStamp",
    "Role",
    "Threshold",
    "TimeLimit",
    "ViolationBasis",
    "ViolationType",
]
