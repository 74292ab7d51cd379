"""Words that want to be more than words, and papers whose every text field is made of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from demo import samples
from notices import kinds
from tests.factories import notices as make

# {url}: an address on which somebody listens; {file}: a file of the server.
VECTORS = (
    "<script>alert(1)</script>",
    '<script src="{url}"></script>',
    '<link rel=attachment href="{file}">',
    '<a rel="attachment" href="{file}">x</a>',
    '<link rel="stylesheet" href="{url}">',
    '<img src="{file}">',
    '<img src="{url}" onerror="alert(1)">',
    '<iframe src="{url}"></iframe>',
    '<object data="{file}"></object>',
    '<embed src="{url}">',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="{file}#x"/></svg>',
    '<svg onload="alert(1)">',
    '<style>@import url("{url}");</style>',
    "<style>@font-face{{font-family:x;src:url({url})}}p{{font-family:x}}</style>",
    "<style>p::before{{content:url({file})}}</style>",
    '<p style="background:url({url})">x</p>',
    '<ul style="list-style-image:url({file})"><li>x</li></ul>',
    '<base href="{url}"><img src="x.png">',
    '<meta http-equiv="refresh" content="0;url={url}">',
    '<video src="{url}" poster="{file}"></video>',
    '<form action="{url}"><input type="file" value="{file}"></form>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    "<img src='data:image/svg+xml,<svg><image href=\"{url}\"/></svg>'>",
    '"><img src="{url}">',
    "'><link rel=attachment href='{file}'>",
    '--><img src="{url}"><!--',
    ']]><img src="{file}"><![CDATA[',
    '</title></style></textarea></p><img src="{url}">',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "{file}">]>&e;',
    '<?xml-stylesheet href="{url}"?>',
    "&lt;script&gt; &#60;img src={url}&#62; &amp;amp;",
    "{{{{ 7*7 }}}} {{{{ paper.organ }}}}",
    '{{% include "{file}" %}} {{% debug %}} {{# x #}}',
    "{{organ}} {{reconsideration_body}} %(text)s %s {{0.__class__}}",
    "${{7*7}} #{{7*7}} <%= 7*7 %>",
    "＜img src={url}＞ \\u003cimg src={file}\\u003e",
    "\u202e<img src={url}>\u202c \u2066x\u2069 a\u200bb\ufeffc",
    "a\x00b\x0bc\x1b[31md\x7fe\x85f",
    '<td colspan="100000">x</td><div style="page-break-before:always">',
    "javascript:alert(1)//\r\n\r\nSet-Cookie: x=y",
    "asset:seal asset:../../etc/passwd file:{file}",
)
# Values that choose a wording and are no words themselves.
CHOICES = {"fit", "term_kind"}
# Numbers, dates and the like stand unbroken on a line: they get little, behind what they are.
_UNBROKEN = re.compile(r"[\d-]*|\d{4}年.*|.*〔\d{4}〕\d+号|星期.")
SHORT = "<b>{{1}}&amp;"
# Kinds whose facts are more than their elements.
FACTS = {
    kinds.CORRECTION_ORDER: lambda: make.order_facts(findings=2).context(),
    kinds.EXTENSION_DECISION: lambda: make.decision_facts(many=2).context(),
}


def vectors(url: str, file: str) -> list[str]:
    return [each.format(url=url, file=file) for each in VECTORS]


def known() -> list[str]:
    """The kinds that have full data: all of them (`test_every_kind_has_a_sample`)."""
    return [*FACTS, *(each.kind for each in samples.SAMPLES if each.kind not in FACTS)]


def facts(code: str) -> dict[str, Any]:
    """A context of that kind in which whatever the form can say is said."""
    return FACTS[code]() if code in FACTS else samples.of(code).context


def fields(context: Mapping[str, Any]) -> int:
    """How many texts the context holds."""
    return sum(1 for _ in _texts(dict(context), ""))


def _texts(value: Any, key: str) -> Iterator[str]:
    if isinstance(value, str):
        if key not in CHOICES and not _UNBROKEN.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for inner, item in value.items():
            yield from _texts(item, inner)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, key)


@dataclass
class Poisoned:
    """`context`: hostile in every text; `texts`: each of them, by the sign at its head."""

    context: dict[str, Any]
    texts: dict[str, str] = field(default_factory=dict)


def poisoned(context: Mapping[str, Any], words: list[str]) -> Poisoned:
    """The context with `words` dealt out to its texts in turn.

    One word goes to every text; several are spread, so that one paper holds them all.
    """
    share = -(-len(words) // max(fields(context), 1))
    deal = cycle(words)
    made = Poisoned({})

    def poison(value: Any, key: str) -> Any:
        if isinstance(value, str):
            if key in CHOICES:
                return value
            sign = f"甲{len(made.texts)}乙"
            if _UNBROKEN.fullmatch(value):
                text = value + SHORT
            else:
                text = sign + "丙".join(next(deal) for _ in range(share)) + "丁"
                made.texts[sign] = text
            return text
        if isinstance(value, Mapping):
            return {inner: poison(item, inner) for inner, item in value.items()}
        if isinstance(value, list | tuple):
            return [poison(item, key) for item in value]
        return value

    made.context = {key: poison(value, key) for key, value in context.items()}
    return made
