"""Whether a paper fits on one leaf, by counting its lines: the class of its body.

The form is one leaf where the words allow it; the standard lets the pitch give way a little. The
figures are kept in step with the classes of paper.css by tests that print at the edge of each.
"""

import math

_HEIGHT = 637.8  # points of the type area
COLUMNS = 27.8  # characters of the body on a line
_CLASSES = (  # class, pitch, and what does not depend on the pitch: title, close, receipt
    ("one-page", 27.0, 214.0),
    ("tight", 25.5, 210.0),
    ("dense", 24.0, 198.0),
)
_ALWAYS = 3  # number, addressee, signature


def width(text: str) -> float:
    """In characters of full width."""
    return sum(0.5 if ord(char) < 0x2000 else 1 for char in text)


def lines(text: str, columns: float = COLUMNS) -> int:
    """How many lines the text takes in a column of so many characters."""
    return sum(math.ceil(max(width(line), 1) / columns) for line in text.split("\n"))


def fit(body: int, table: float = 0.0) -> str:
    """The class that lets `body` lines and a table of that height (points) fit on one leaf.

    Empty where the paper needs more than one leaf anyway.
    """
    for name, pitch, fixed in _CLASSES:
        if fixed + table + (_ALWAYS + body) * pitch <= _HEIGHT:
            return name
    return ""
