"""States: every one in its table of moves, every move made by a verb, and written in one place."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from enum import EnumMeta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from audit import trail

ROOT = Path(settings.BASE_DIR)
ROOMS = sorted(config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT)

#: Who may write a state, function by function, and why.
WRITERS = {
    ("audit/trail.py", "move"): "the one place: compare-and-set, and the line in the record",
    ("jobs/ledger.py", "_claim"): "a step of the machine, under the row's lock",
    ("jobs/ledger.py", "_finish"): "a step of the machine, fenced by the attempt",
    ("jobs/ledger.py", "_requeue"): "a step of the machine, fenced by the attempt",
    ("jobs/ledger.py", "_give_up"): "a step of the machine, fenced by the attempt",
    ("jobs/ledger.py", "_bury_abandoned"): "a step of the machine: nobody claims it again",
}
#: Moves of a machine, not of people: they leave no line in the record (see jobs/ledger.py).
BY_MACHINE = {"jobs.job": {"running", "done", "dead"}}
#: Where every state leads on, and why.
NO_END = {"bulletins.publication": "another decision of the case brings the duty again"}
_SQL = re.compile(r"\bUPDATE\b.*\bSET\b.*\bstate\s*=", re.IGNORECASE | re.DOTALL)


@cache
def sources() -> dict[str, ast.Module]:
    """The rooms' own code by path; migrations write no state of a record."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    }


def moving() -> list[Any]:
    return [model for model in apps.get_models() if hasattr(model, "MOVES")]


def has_state(model: type[models.Model]) -> bool:
    return any(field.name == "state" for field in model._meta.get_fields())


def ids(model: Any) -> str:
    return str(model._meta.label)


# --- The tables ---------------------------------------------------------------------------------


def test_every_model_with_a_state_has_its_moves() -> None:
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in ROOMS]
    assert {model for model in ours if has_state(model)} == set(moving())
    assert len(moving()) >= 6


@pytest.mark.parametrize("model", moving(), ids=ids)
def test_the_moves_name_exactly_the_states(model: Any) -> None:
    field = model._meta.get_field("state")
    states = {value for value, _word in field.flatchoices}
    assert set(model.MOVES) == states
    assert set().union(*model.MOVES.values()) <= states
    assert field.get_default() in states
    assert isinstance(model._meta.get_field("version"), models.IntegerField)
    for state, onwards in model.MOVES.items():
        assert state not in onwards, "a move leads somewhere"


@pytest.mark.parametrize("model", moving(), ids=ids)
def test_every_state_can_be_reached_and_some_end(model: Any) -> None:
    reached, edge = set(), {model._meta.get_field("state").get_default()}
    while edge:
        reached |= edge
        edge = set().union(*(model.MOVES[state] for state in edge)) - reached
    assert reached == set(model.MOVES)
    ends = any(not onwards for onwards in model.MOVES.values())
    assert ends != (model._meta.label_lower in NO_END)


# --- The verbs ----------------------------------------------------------------------------------


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Calls of `trail.<name>` in the rooms, with the file."""
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == name
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "trail"
            ):
                yield path, node


def either(node: ast.expr) -> list[ast.expr]:
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def owner(thing: Any) -> Any:
    """The model that a state is named after: by the model itself, or by its enumeration."""
    if isinstance(thing, EnumMeta):
        (model,) = (
            each
            for each in moving()
            if list(each._meta.get_field("state").flatchoices) == list(thing.choices)  # type: ignore[attr-defined]
        )
        return model
    return thing


def moved_to() -> dict[str, set[str]]:
    """For each model the states that some verb moves to, read from the calls of `trail.move`."""
    found: dict[str, set[str]] = {}
    for path, call in calls("move"):
        names = vars(importlib.import_module(path.removesuffix(".py").replace("/", ".")))
        for target in either(call.args[1]):
            parts = ast.unparse(target).split(".")
            assert len(parts) >= 2, f"{path}:{call.lineno}: name the state by its model"
            value: Any = names[parts[0]]
            model = owner(value)
            for part in parts[1:]:
                value = getattr(value, part)
            found.setdefault(model._meta.label_lower, set()).add(str(value))
    return found


def test_every_move_is_made_by_a_verb() -> None:
    tables = {
        model._meta.label_lower: {str(to) for onwards in model.MOVES.values() for to in onwards}
        for model in moving()
    }
    made = moved_to()
    for label, targets in tables.items():
        assert made.get(label, set()) == targets - BY_MACHINE.get(label, set()), label
    assert set(made) <= set(tables)


def test_every_verb_of_the_record_has_a_word() -> None:
    """What is written into the record can be read: `trail.words` knows each code."""
    known, codes = trail.known_words(), set()
    for name in ("record", "move"):
        for path, call in calls(name):
            verbs = [each.value for each in call.keywords if each.arg == "verb"]
            if name == "record":
                verbs = call.args[:1] or verbs
            for node in verbs:
                for each in either(node):
                    if isinstance(each, ast.Constant):
                        codes.add((each.value, path))
    assert len(codes) >= 40
    assert [code for code in sorted(codes) if code[0] not in known] == []


# --- The one place ------------------------------------------------------------------------------


def function_at(tree: ast.Module, line: int) -> str:
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(around, key=lambda node: node.lineno).name if around else ""


def _names_state(node: ast.expr | None) -> bool:
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return any(_names_state(each) for each in node.elts)
    return isinstance(node, ast.Constant) and node.value == "state"


def writes_state(node: ast.AST) -> bool:
    """Whether this line writes a column called state, in any of the ways there are."""
    if isinstance(node, ast.Assign):
        flat = [part for target in node.targets for part in ast.walk(target)]
        return any(
            isinstance(part, ast.Attribute)
            and part.attr == "state"
            and isinstance(part.ctx, ast.Store)
            for part in flat
        )
    if isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        return isinstance(node.target, ast.Attribute) and node.target.attr == "state"
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(_SQL.search(node.value))
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    called = called or (node.func.id if isinstance(node.func, ast.Name) else "")
    given = {each.arg: each.value for each in node.keywords}
    if called in ("update", "create", "aupdate", "acreate", "get_or_create"):
        return "state" in given
    if called in ("save", "asave"):
        return _names_state(given.get("update_fields"))
    if called in ("bulk_update", "abulk_update", "setattr"):
        return any(_names_state(each) for each in [*node.args, *given.values()])
    if called == "update_or_create":
        return any(
            isinstance(each, ast.Dict) and any(_names_state(key) for key in each.keys)
            for each in given.values()
        )
    return False


def test_a_state_is_written_in_one_place() -> None:
    found = {
        (path, function_at(tree, node.lineno))
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if writes_state(node)
    }
    assert found == set(WRITERS)


@pytest.mark.parametrize(
    "line",
    [
        "order.state = 'issued'",
        "a, order.state = 1, 2",
        "order.state: str = 'issued'",
        "orders.update(state='issued')",
        "Order.objects.create(state='issued')",
        "order.save(update_fields=['state'])",
        "Order.objects.bulk_update(rows, ['state'])",
        "setattr(order, 'state', 'issued')",
        "Order.objects.update_or_create(pk=1, defaults={'state': 'issued'})",
        "cursor.execute('UPDATE rectification_order SET state = 1')",
    ],
)
def test_every_way_to_write_a_state_is_seen(line: str) -> None:
    assert any(writes_state(node) for node in ast.walk(ast.parse(line)))


def test_the_harmless_is_not_mistaken() -> None:
    for line in ("order.state == 'x'", "orders.filter(state='x')", "state = order.state"):
        assert not any(writes_state(node) for node in ast.walk(ast.parse(line)))
