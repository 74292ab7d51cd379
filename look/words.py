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
from django.template.backends.django import DjangoTemplates
from django.template.base import FilterExpression, Node, NodeList, Variable
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation
from django.utils.functional import Promise

# What stands first, second and third in a call of Django's functions.
FUNCTIONS = {
    "gettext": ("text",),
    "gettext_lazy": ("text",),
    "gettext_noop": ("text",),
    "ngettext": ("text", "plural"),
    "ngettext_lazy": ("text", "plural"),
    "pgettext": ("context", "text"),
    "pgettext_lazy": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
    "npgettext_lazy": ("context", "text", "plural"),
}
SKIPPED_FOLDERS = {".venv", "var", "tests", "node_modules", ".git", "bench"}


class Message(NamedTuple):
    """`plural` and `context` are empty for a plain message; `where` is a path in the project."""

    text: str
    plural: str
    context: str
    where: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells one entry of the catalogue from another."""
        return self.context, self.text


def entry_key(entry: polib.POEntry) -> tuple[str, str]:
    """The same key for an entry of the catalogue."""
    return entry.msgctxt or "", entry.msgid


def catalogue_path() -> Path:
    return Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"


def messages() -> Iterator[Message]:
    """All messages of our Python modules and templates, as they stand in the code."""
    for path in modules():
        yield from _in_module(path, _relative(path))
    for folder in template_folders():
        for path in templates(folder):
            yield from _in_template(path.relative_to(folder).as_posix(), _relative(path))


def modules() -> list[Path]:
    """Our Python modules, but for tests and benches, which nobody reads on a page."""
    root = Path(settings.BASE_DIR)
    return [
        path
        for path in sorted(root.rglob("*.py"))
        if not SKIPPED_FOLDERS.intersection(path.relative_to(root).parts)
    ]


def template_folders() -> list[Path]:
    """The folders our templates lie in."""
    folders: Any = settings.TEMPLATES[0]["DIRS"]
    return [Path(folder) for folder in folders]


def templates(folder: Path) -> list[Path]:
    """Templates of pages; papers are Chinese only and therefore not among them."""
    return [p for p in sorted(folder.rglob("*.html")) if not is_paper(p.relative_to(folder))]


def untranslated() -> list[Message]:
    """Messages that the English catalogue lacks, or holds empty or fuzzy; each once."""
    known = {entry_key(e): e for e in catalogue() if e.translated()}
    missing: dict[tuple[str, str], Message] = {}
    for message in messages():
        entry = known.get(message.key)
        if entry is None or (message.plural and not all(entry.msgstr_plural.values())):
            missing.setdefault(message.key, message)
    return list(missing.values())


def catalogue() -> polib.POFile:
    """The English catalogue; empty while there is none."""
    path = catalogue_path()
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def translators(tree: ast.Module) -> dict[str, tuple[str, ...]]:
    """The names by which a module calls Django's functions, and what their arguments are.

    Names come from the imports, so `from … import gettext as _now` counts and a function of
    ours that happens to be called `gettext` does not.
    """
    names: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                if alias.name in FUNCTIONS:
                    names[alias.asname or alias.name] = FUNCTIONS[alias.name]
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils":
            for alias in node.names:
                if alias.name == "translation":
                    for function, arguments in FUNCTIONS.items():
                        names[f"{alias.asname or alias.name}.{function}"] = arguments
    return names


def called(node: ast.Call) -> str:
    """`_` of `_("…")`, `translation.gettext` of `translation.gettext("…")`."""
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return f"{node.func.value.id}.{node.func.attr}"
    return node.func.id if isinstance(node.func, ast.Name) else ""


def is_paper(relative: Path) -> bool:
    """Whether a template, by its path in its folder, is a paper and not a page."""
    return relative.parts[1:2] == ("notices",)


def _relative(path: Path) -> str:
    return path.relative_to(settings.BASE_DIR).as_posix()


def _in_module(path: Path, where: str) -> Iterator[Message]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = translators(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or called(node) not in names:
            continue
        parts = {"text": "", "plural": "", "context": ""}
        for part, argument in zip(names[called(node)], node.args, strict=False):
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                parts[part] = argument.value
        if parts["text"]:
            yield Message(parts["text"], parts["plural"], parts["context"], where)


def _in_template(name: str, where: str) -> Iterator[Message]:
    backend = engines["django"]
    assert isinstance(backend, DjangoTemplates)
    for node in _nodes(backend.engine.get_template(name).nodelist):
        context = _literal(getattr(node, "message_context", None))
        if isinstance(node, BlockTranslateNode):
            singular, _names = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Message(singular, plural, context, where)
        elif isinstance(node, TranslateNode):
            text = _literal(node.filter_expression)
            if text:  # Django looks it up with its percent signs doubled
                yield Message(text.replace("%", "%%"), "", context, where)
            continue  # once rendered, its literal is marked too
        for text in _marked(vars(node)):
            yield Message(text, "", "", where)


def _literal(expression: FilterExpression | None) -> str:
    """The text an expression consists of; empty when it names a variable."""
    if expression is None:
        return ""
    text = expression.var.literal if isinstance(expression.var, Variable) else expression.var
    return text if isinstance(text, str) else ""


def _nodes(value: Any) -> Iterator[Node]:
    """All nodes in a list of nodes, in a node, or in the branches of an {% if %}."""
    if isinstance(value, Node):
        yield value
        for part in vars(value).values():
            if isinstance(part, Node | list | tuple):
                yield from _nodes(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _nodes(part)


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
    elif isinstance(value, Promise):  # Django has wrapped the literal already
        with translation.override(None):
            yield str(value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _marked(part, depth + 1)
    elif isinstance(value, list | tuple) and not isinstance(value, NodeList):
        for part in value:
            yield from _marked(part, depth + 1)
