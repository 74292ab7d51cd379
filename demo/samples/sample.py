"""One paper of a kind, from facts that were made up to show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notices import elements, kinds


def moment(local: str) -> datetime:
    """2025-01-08T09:00, in Shanghai."""
    return datetime.fromisoformat(f"{local}+08:00")


@dataclass(frozen=True)
class Sample:
    """
    Args:
        kind: code of `notices.kinds`.
        addressee: the name printed as the one whom it concerns.
        facts: typed, by the codes of the kind's elements.
        at: when it is issued.
        derived: what the kind's owner adds to the context beyond its elements.
    """

    kind: str
    addressee: str
    facts: Mapping[str, Any]
    at: datetime
    derived: Mapping[str, Any] = field(default_factory=dict)

    @property
    def context(self) -> dict[str, Any]:
        """What the template gets, as the owner of the kind would give it."""
        return {**elements.context(kinds.get(self.kind).elements, self.facts), **self.derived}
