"""What differs between the runs, and between each run and the oracle. Every figure must be 0."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bench.year import oracle
from bench.year.run import Book

Faults = dict[str, list[Any]]


def differences(straight: Book, disturbed: Book) -> Faults:
    """Each promise with what breaks it."""
    return {
        "orders whose state, verdict or days differ": [
            (n, straight.orders[n], disturbed.orders[n])
            for n in straight.orders
            if straight.orders[n] != disturbed.orders[n]
        ],
        "acts refused in one run only": [
            (n, straight.refused[n], disturbed.refused[n])
            for n in straight.refused
            if straight.refused[n] != disturbed.refused.get(n)
        ],
        "orders whose deadlines differ": [
            (n, straight.deadlines[n], disturbed.deadlines[n])
            for n in straight.deadlines
            if straight.deadlines[n] != disturbed.deadlines[n]
        ],
        "reminders of the straight run against the oracle": against_oracle(straight),
        "reminders of the disturbed run against the oracle": against_oracle(disturbed),
        "rungs said twice": [*twice(straight), *twice(disturbed)],
        "rungs lost though beat came back in time": unjust(straight, disturbed),
        "rungs added though the end was entered in time": unjust(disturbed, straight),
        "letters left unsent": [straight.unsent, disturbed.unsent]
        if straight.unsent or disturbed.unsent
        else [],
        "letters sent twice without a killed worker": _again(straight) + _again(disturbed),
    }


def figures(straight: Book, disturbed: Book) -> dict[str, int]:
    """How much there was to compare."""
    kinds = Counter(row.kind for row in straight.rows.values())
    return {
        "orders": len(straight.orders),
        "facts entered in each run": straight.facts,
        "facts refused in each run": sum(map(sum, straight.refused.values())),
        "deadlines to correct": kinds["RECTIFY"],
        "deadlines to look again or decide": len(straight.rows) - kinds["RECTIFY"],
        "sweeps, straight": len(straight.sweeps),
        "sweeps, disturbed": len(disturbed.sweeps),
        "reminders, straight": sum(map(len, straight.said.values())),
        "reminders, disturbed": sum(map(len, disturbed.said.values())),
        "rungs caught up by a newer one": sum(
            len(days) - 1 for said in disturbed.said.values() for _day, days, _who in said
        ),
        "letters sent, disturbed": len(disturbed.letters),
        "workers killed": disturbed.kills,
    }


def against_oracle(book: Book) -> list[Any]:
    """Deadlines whose reminders are not those that must be."""
    found = []
    for key, row in book.rows.items():
        wanted = oracle.expected(row, book.sweeps)
        said = [(day, days, sorted(people)) for day, days, people in book.said.get(key, [])]
        if said != wanted:
            found.append((row, wanted, said))
    strangers = set(book.said) - set(book.rows)
    return found + sorted(map(str, strangers))


def twice(book: Book) -> list[Any]:
    """Rungs that more than one reminder stands for."""
    found = []
    for key, said in book.said.items():
        days = [day for _fires, rungs, _people in said for day in rungs]
        if len(days) != len(set(days)):
            found.append((book.rows[key], said))
    return found


def unjust(here: Book, there: Book) -> list[Any]:
    """Rungs said here and not there, though a sweep there found the deadline running on the day of
    the rung or later."""
    rows = {row.key: (key, row) for key, row in there.rows.items()}
    found: list[Any] = []
    for key, row in here.rows.items():
        if row.key not in rows:
            found.append(row)
            continue
        other, there_row = rows[row.key]
        lost = oracle.covered(here.said.get(key, [])) - oracle.covered(there.said.get(other, []))
        sweeps = there_row.seen_by(there.sweeps)
        found += [(row, day) for day in lost if any(sweep.today >= day for sweep in sweeps)]
    return found


def _again(book: Book) -> list[Any]:
    again = len(book.letters) - len(set(book.letters))
    return [again] if again > book.kills else []
