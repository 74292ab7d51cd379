"""What a served page is held to: no inline code, no foreign host, and a sound structure.

`faults(html)` reads the page as a browser gets it and says in words what is wrong with it.
"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
}  # fmt: skip
_ADDRESSES = {
    "src",
    "href",
    "action",
    "formaction",
    "data",
    "poster",
    "srcset",
    "hx-get",
    "hx-post",
}
_UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
#: A link that a person follows on purpose may lead out; nothing that the page loads may.
_FOLLOWED = {"a"}
_IDREFS = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-errormessage", "list")
_FOREIGN = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_SCHEME = re.compile(r"^\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SCHEMES = {"mailto", "tel", "http", "https"}


class Page(HTMLParser):
    """One pass over the markup, keeping what the rules ask about."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.refs: list[tuple[str, str]] = []
        self.labelled: set[str] = set()
        self.controls: list[tuple[str, dict[str, str]]] = []
        self.named: list[list[str]] = []  # open buttons and links: what a reader hears
        self.lang = ""
        self.title = ""
        self.posts: list[bool] = []  # forms by POST: whether each brings its token
        self._open: list[str] = []
        self._in_post = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        where = f"<{tag} {' '.join(f'{k}={v[:40]!r}' for k, v in given.items())[:120]}>"
        self.tags[tag] += 1
        if len(given) != len(attrs):
            self.faults.append(f"an attribute twice in {where}")
        self._inline(tag, given, where)
        if given.get("id"):
            self.ids[given["id"]] += 1
        for name in _IDREFS:
            self.refs += [(ref, where) for ref in given.get(name, "").split()]
        if tag == "html":
            self.lang = given.get("lang", "")
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
            self.refs.append((given["for"], where))
        if tag == "form":
            self._in_post = given.get("method", "get").lower() == "post"
            if self._in_post:
                self.posts.append(False)
        if given.get("name") == "csrfmiddlewaretoken" and self._in_post:
            self.posts[-1] = True
        if tag in ("input", "select", "textarea") and given.get("type") not in _UNLABELLED:
            spoken = "label" in self._open or given.get("aria-label") or "aria-labelledby" in given
            if not spoken:
                self.controls.append((where, given))
        if tag == "img" and "alt" not in given:
            self.faults.append(f"no alt in {where}")
        if given.get("aria-label") or given.get("alt") or given.get("title"):
            self._heard(given.get("aria-label") or given.get("alt") or given.get("title", ""))
        if tag in ("a", "button", "summary"):
            spoken = given.get("aria-label") or given.get("title") or ""
            self.named.append([where, spoken])
        if tag not in _VOID:
            self._open.append(tag)

    handle_startendtag = handle_starttag  # <path/> in a drawing

    def _inline(self, tag: str, given: dict[str, str], where: str) -> None:
        if tag == "style" or "style" in given:
            self.faults.append(f"inline style in {where}")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.faults.append(f"inline script in {where}")
        if tag in ("iframe", "object", "embed", "base", "frame"):
            self.faults.append(f"{where} has no place here")
        for name, value in given.items():
            if name.startswith("on"):
                self.faults.append(f"inline handler {name} in {where}")
            if name not in _ADDRESSES:
                continue
            scheme = _SCHEME.match(value)
            if scheme and scheme[1].lower() not in _SCHEMES:
                if not (tag == "img" and value.startswith("data:image/")):
                    self.faults.append(f"{scheme[1]}: in {where}")
            elif _FOREIGN.match(value) and tag not in _FOLLOWED:
                self.faults.append(f"another host in {where}")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "form":
            self._in_post = False
        if tag in ("a", "button", "summary") and self.named:
            where, spoken = self.named.pop()
            if not spoken.strip():
                self.faults.append(f"nothing to hear in {where}")

    def handle_data(self, data: str) -> None:
        self._heard(data)
        if self._open[-1:] == ["title"] and "svg" not in self._open:
            self.title += data
        if self._open[-1:] == ["style"] and data.strip():
            self.faults.append("inline style")

    def _heard(self, words: str) -> None:
        for entry in self.named:
            entry[1] += words


def faults(html: str, *, lang: str = "") -> list[str]:
    """What is wrong with a page, or with a fragment of one (which has no doctype)."""
    page = Page()
    page.feed(html)
    page.close()
    found = page.faults
    found += [f"id {name!r} {count} times" for name, count in page.ids.items() if count > 1]
    found += [
        f"no label for {where}"
        for where, given in page.controls
        if given.get("id", "") not in page.labelled
    ]
    found += ["a form by POST without its token" for has_token in page.posts if not has_token]
    if html.lstrip()[:9].lower() != "<!doctype":
        return found
    found += [
        f"{where} speaks of {ref!r}: not there" for ref, where in page.refs if not page.ids[ref]
    ]
    for tag in ("h1", "main", "title"):
        # A drawing may have a title of its own.
        count = page.tags[tag] if tag != "title" else int(bool(page.title.strip()))
        if count != 1:
            found.append(f"{count} × <{tag}>")
    if lang and page.lang != lang:
        found.append(f"lang is {page.lang!r}, not {lang!r}")
    return found
