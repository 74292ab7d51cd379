"""Which articles fit a finding, and what is to be said about those that were cited.

`suggest` names the articles for a kind of violation on the day of the act. `notes` looks at what
an officer cited and says what does not fit: it never rewrites a citation. Both answer from the
`Register`, the whole register in memory (`books`); the rules stand in `rules`, one function each,
what two texts threaten is weighed in `fines`, and the sentences are in `words`.
"""

from legal.citations.books import Register, register, suggest
from legal.citations.note import BLOCK, INFO, WARN, Cited, Note
from legal.citations.rules import notes
from legal.citations.words import listed

__all__ = [
    "BLOCK",
    "INFO",
    "WARN",
    "Cited",
    "Note",
    "Register",
    "listed",
    "notes",
    "register",
    "suggest",
]
