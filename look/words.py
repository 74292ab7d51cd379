"""Every word a user sees: which there are, and which have no English yet.

Chinese is the source language (docs/adr/0005), so the Chinese text is the message id and
`locale/en/LC_MESSAGES/django.po` the only catalogue. Messages are read from the syntax trees of
our modules and templates; no outside program is needed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polib
from django.conf import settings
from django.template import engines
from django.template.base import FilterExpression, Node, NodeList, Template, Variable
from django.template.loader_tags import ExtendsNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
SKIPPED_FOLDERS = {".venv", "var", "tests", "node_modules", ".git", "bench"}


class Message(NamedTuple):
    """`plural` is empty for a plain message; `where` is a path relative to the project."""

    text: str
    plural: str
    where: str


def catalogue_path() -> Path:
    return Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"


def messages() -> Iterator[Message]:
    """All messages of our Python modules and templates, as they stand in the code."""
    root = Path(settings.BASE_DIR)
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        if not SKIPPED_FOLDERS.intersection(relative.parts):
            yield from _in_module(path, str(relative))
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in sorted(Path(folder).rglob("*.html")):
            relative = path.relative_to(root)
            if "notices" in relative.parts[2:]:
                continue  # papers are Chinese only
            yield from _in_template(path.relative_to(folder).as_posix(), str(relative))


def untranslated() -> list[Message]:
    """Messages that the English catalogue lacks, or holds empty or fuzzy; each once."""
    known = {}
    if catalogue_path().exists():
        known = {e.msgid: e for e in polib.pofile(str(catalogue_path())) if e.translated()}
    missing: dict[str, Message] = {}
    for message in messages():
        entry = known.get(message.text)
        if entry is None or (message.plural and not all(entry.msgstr_plural.values())):
            missing.setdefault(message.text, message)
    return list(missing.values())


def _in_module(path: Path, where: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
        if name in SINGULAR and texts and isinstance(texts[0], str):
            yield Message(texts[0], "", where)
        elif name in PLURAL and len(texts) >= 2:
            yield Message(str(texts[0]), str(texts[1]), where)


def _in_template(name: str, where: str) -> Iterator[Message]:
    template: Template = engines["django"].get_template(name).template
    for node in _nodes(template.nodelist):
        if isinstance(node, BlockTranslateNode):
            singular, _names = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Message(_trim(node, singular), _trim(node, plural), where)
        elif isinstance(node, TranslateNode):
            literal = getattr(node.filter_expression.var, "literal", None)
            literal = literal if literal is not None else node.filter_expression.var
            if isinstance(literal, str):
                yield Message(literal, "", where)
        for text in _marked(vars(node)):
            yield Message(text, "", where)


def _trim(node: BlockTranslateNode, text: str) -> str:
    return " ".join(line.strip() for line in text.strip().splitlines()) if node.trimmed else text


def _nodes(nodelist: NodeList) -> Iterator[Node]:
    for node in nodelist:
        yield node
        for value in vars(node).values():
            for inner in value if isinstance(value, list | tuple) else [value]:
                yield from _inner(node, inner)


def _inner(node: Node, value: Any) -> Iterator[Node]:
    if isinstance(value, NodeList):
        yield from _nodes(value)
    elif isinstance(value, tuple | list):  # the branches of {% if %}
        for part in value:
            yield from _inner(node, part)
    elif isinstance(value, Node) and not isinstance(node, ExtendsNode):
        yield from _nodes(NodeList([value]))


def _marked(value: Any, depth: int = 0) -> Iterator[str]:
    """Literals written as _("…") in the arguments of tags and filters."""
    if depth > 4:
        return
    if isinstance(value, FilterExpression):
        yield from _marked(value.var, depth + 1)
        for _function, arguments in value.filters:
            for _lookup, argument in arguments:
                yield from _marked(argument, depth + 1)
    elif isinstance(value, Variable):
        if value.translate and value.literal is not None:
            yield str(value.literal)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _marked(part, depth + 1)
    elif isinstance(value, list | tuple) and not isinstance(value, NodeList):
        for part in value:
            yield from _marked(part, depth + 1)
