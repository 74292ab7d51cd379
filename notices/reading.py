"""Does the print say what the words say? Text of the words, and what a PDF lost of it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from html.parser import HTMLParser

_BLOCKS = {"p", "h1", "h2", "h3", "div", "td", "th", "tr", "table", "body", "li"}
_UNSEEN = {"svg", "title", "style", "script", "head"}
_SPACE = re.compile(r"\s+")
DEMONSTRATION = "演示样例无法律效力"
PREVIEW = "预览尚未签发"
MARKS = (DEMONSTRATION, PREVIEW)  # behind the text of every page that bears one
SHORTEST_PIECE = 4  # characters that a block broken over two pages leaves on one of them


class _Blocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._text: list[str] = []
        self._hidden: list[str] = []

    def _flush(self) -> None:
        text = "".join(self._text).strip()
        if text:
            self.found.append(text)
        self._text = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _UNSEEN:
            self._hidden.append(tag)
        elif tag in _BLOCKS:
            self._flush()

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and self._hidden[-1] == tag:
            self._hidden.pop()
        elif tag in _BLOCKS:
            self._flush()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text.append(data)


def blocks(words: str) -> list[str]:
    """The visible texts of a document, one for each paragraph or cell, in order."""
    parser = _Blocks()
    parser.feed(words)
    parser.close()
    parser._flush()
    return parser.found


def squeeze(text: str) -> str:
    """Without white space: a line break in a PDF is no part of the text."""
    return _SPACE.sub("", text)


def lost(words: str, pages: Sequence[str]) -> list[str]:
    """The blocks of `words` that cannot be read in `pages` (the extracted text of each)."""
    texts = []
    for no, page in enumerate(pages, 1):
        text = squeeze(page).replace(f"—{no}—", "", 1)
        for mark in MARKS:
            text = text.replace(mark, "", 1)
        texts.append(text)
    joined = "".join(texts)
    gone = []
    for block in blocks(words):
        wanted = squeeze(block)
        if wanted in MARKS:
            if not all(wanted in squeeze(page) for page in pages):
                gone.append(block)
        elif wanted and wanted not in joined and not _in_pieces(wanted, joined, len(texts)):
            gone.append(block)
    return gone


def _in_pieces(wanted: str, text: str, most: int) -> bool:
    """Whether `wanted` lies in `text` cut into at most `most` pieces, as page breaks do."""
    for _piece in range(most):
        # The longest start of what is left that can be found: found starts are a prefix order.
        length = bisect_left(range(1, len(wanted) + 1), True, key=lambda n: wanted[:n] not in text)
        if length < min(SHORTEST_PIECE, len(wanted)):
            return False
        wanted = wanted[length:]
        if not wanted:
            return True
    return False
