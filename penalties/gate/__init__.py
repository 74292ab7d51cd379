"""The gate before a decision: one list of conditions, each met or not, with article, day and link.

    gate.of(file, respondent, kind, today)   what the page shows
    gate.reasons(conditions)                 what the verb refuses with: exactly the unmet ones

No role steps over it, and there is no other way to a decision. A condition is a function under
`@condition`; the page, the verb and the test that breaks each of them alone read the registry.

It reads the `File` and asks no query beyond it, but for the registers of law and calendars, which
stay in memory.
"""

from penalties.gate import paper, proof, rights, spot, standing, words
from penalties.gate.condition import (
    NO_PENALTY,
    PENALTY,
    SPOT,
    Answer,
    Asked,
    Condition,
    entries,
    of,
    reasons,
    unmet,
    warnings,
)

__all__ = [
    "NO_PENALTY",
    "PENALTY",
    "SPOT",
    "Answer",
    "Asked",
    "Condition",
    "entries",
    "of",
    "paper",
    "proof",
    "reasons",
    "rights",
    "spot",
    "standing",
    "unmet",
    "warnings",
    "words",
]
