"""How alike two articles are, and which of one text went where in another. Pure.

An article is the set of its pairs of neighbouring characters; the likeness of two is Dice's
coefficient of the sets, in percent: twice what they share, over what they have together. Moved
paragraphs do not disturb it, and the whole Cybersecurity Law against itself takes a moment.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

#: Below this, two articles of Chinese law share little more than its vocabulary.
AT_LEAST = 45
#: Numbers of articles and their order say nothing about what an article orders.
_NOISE = str.maketrans("", "", " \n，。；：、“”（）《》")


def grams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters, without marks of punctuation."""
    words = text.translate(_NOISE)
    return frozenset(words[n : n + 2] for n in range(len(words) - 1)) or frozenset([words])


def percent(one: frozenset[str], other: frozenset[str]) -> int:
    """The likeness of two articles from their grams: 100 is the same words."""
    together = len(one) + len(other)
    return round(200 * len(one & other) / together) if together else 0


def pairs(
    old: Mapping[Key, str], new: Mapping[Key, str], *, at_least: int = AT_LEAST
) -> list[tuple[Key, Key, int]]:
    """(old, new, percent) for each article's best match in either direction, in the old order.

    An article that was divided or joined with another so appears more than once. One that has the
    same words in both texts, and nowhere else, is settled and not compared with the others.
    """
    olds = {key: grams(text) for key, text in old.items()}
    news = {key: grams(text) for key, text in new.items()}
    likeness: dict[tuple[Key, Key], int] = {}
    for old_key, new_key in _settled(olds, news):
        likeness[old_key, new_key] = 100
        del olds[old_key], news[new_key]
    for old_key, mine in olds.items():
        for new_key, theirs in news.items():
            # The shorter of the two bounds what they can share.
            if 200 * min(len(mine), len(theirs)) < at_least * (len(mine) + len(theirs)):
                continue
            value = percent(mine, theirs)
            if value >= at_least:
                likeness[old_key, new_key] = value
    best: set[tuple[Key, Key]] = set()
    for side in (0, 1):
        top: dict[Key, tuple[Key, Key]] = {}
        for pair, value in likeness.items():
            if pair[side] not in top or value > likeness[top[pair[side]]]:
                top[pair[side]] = pair
        best |= set(top.values())
    order = {key: n for n, key in enumerate(old)}
    found = [(one, other, likeness[one, other]) for one, other in likeness if (one, other) in best]
    return sorted(found, key=lambda each: order[each[0]])


def _settled(
    olds: Mapping[Key, frozenset[str]], news: Mapping[Key, frozenset[str]]
) -> list[tuple[Key, Key]]:
    """The pairs with the same words, where each text has them once."""
    places: dict[frozenset[str], tuple[list[Key], list[Key]]] = {}
    for side, texts in enumerate((olds, news)):
        for key, words in texts.items():
            places.setdefault(words, ([], []))[side].append(key)
    return [(old[0], new[0]) for old, new in places.values() if len(old) == len(new) == 1]
