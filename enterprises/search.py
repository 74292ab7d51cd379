"""Finding an enterprise by two characters.

PostgreSQL's trigrams need three characters, and a Chinese user types two. So each row keeps every
single character and every pair of neighbours of its names and code in `grams`, under a GIN index;
a search asks for the rows that hold all pairs of what was typed, and rechecks the few that remain.
"""

import re
import unicodedata


def fold(text: str) -> str:
    """NFKC, lower case, no spaces: the form in which words are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "").lower())


def words(text: str) -> list[str]:
    """What was typed, cut at blanks, folded; each word must be found."""
    folded = (fold(word) for word in re.split(r"[\s,，、;；]+", text or ""))
    return [word for word in folded if word]


def grams_of(*texts: str) -> list[str]:
    """All one- and two-character pieces of the texts, sorted, each once (what a row keeps)."""
    pieces: set[str] = set()
    for text in texts:
        folded = fold(text)
        pieces.update(folded)
        pieces.update(folded[i : i + 2] for i in range(len(folded) - 1))
    return sorted(pieces)


def asked(word: str) -> list[str]:
    """The pieces that a row must hold to contain the folded word."""
    if len(word) < 2:
        return [word]
    return sorted({word[i : i + 2] for i in range(len(word) - 1)})
