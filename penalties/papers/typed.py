"""What is typed when a decision is issued: words that stand nowhere else in the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The words of a decision's form; empty where nothing was typed.

    Args:
        performance: how and by when what is more than a fine is carried out.
        correction: what the party is ordered to correct by this very decision.
        no_correction: why no correction is ordered (nothing is left to correct, …).
        goods: [{"name", "model", "quantity", "note"}], confiscated or returned.
        ground: a code of `penalties.grounds`; `ground_proof` is what shows it.
    """

    pay_to: str = ""
    performance: str = ""
    past: str = ""
    correction: str = ""
    no_correction: str = ""
    property: str = ""
    goods: tuple[dict[str, str], ...] = ()
    ground: str = ""
    ground_proof: str = ""
    education: str = ""
    # On the spot
    decided_at: datetime | None = None
    place: str = ""
    evidence: tuple[str, ...] = ()
    is_clear: bool = False
    showed_certificates: bool = False
    told_orally: bool = False
    defence: str = ""
    collection: str = ""
    collection_reason: str = ""
