"""What changed between two wordings, for people to read. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

#: Longer than any two articles of one law; beyond it whole sentences are compared.
BY_CHARACTER = 6_000


@dataclass(frozen=True)
class Part:
    """A stretch of two texts: `kind` is "same" (old == new) or "changed"; either may be empty."""

    kind: str
    old: str
    new: str


def between(old: str, new: str) -> list[Part]:
    """The two texts in stretches that are the same and that changed, in their order.

    A single character that two changes happen to share does not part them: 罚款 into 警告 reads as
    one change.
    """
    if len(old) + len(new) <= BY_CHARACTER:
        one, other = list(old), list(new)
    else:
        one, other = _sentences(old), _sentences(new)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    parts: list[Part] = []
    for op, a, b, c, d in matcher.get_opcodes():
        before, after = "".join(one[a:b]), "".join(other[c:d])
        kind = "same" if op == "equal" else "changed"
        amid = op == "equal" and a > 0 and b < len(one) and len(before) < 2
        if amid and not before.isspace() and before not in "。；，：、":
            kind = "changed"
        if parts and kind == "changed" and parts[-1].kind == "changed":
            last = parts.pop()
            before, after = last.old + before, last.new + after
        parts.append(Part(kind, before, after))
    return parts


def _sentences(text: str) -> list[str]:
    return re.findall(r"[^。；\n]*[。；\n]?", text)[:-1]
