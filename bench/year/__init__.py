"""A simulated year: `./run bench year`. Is the end the same, whatever stops and comes late?

2,000 orders live through random facts: services recorded late, on the eve of a holiday, at 23:59,
voided and done again; extensions asked at the last minute and too late, for all findings or some,
granted, cut and refused; standstills, reports in pieces, rounds, verdicts, withdrawals. The
straight run has every fact on its day and beat every morning. In the disturbed run the facts of
all orders come late and in another order, beat stops for one, three or eight days and then starts
twice at once, the clock is set back, and the worker is killed over its letters. State, verdict,
days and deadlines must be the same, and the reminders those of an independent oracle.

The orders are divided among the cores. Each part has a database of its own, made for the run and
thrown away.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench import Row
from bench.year import compare, world
from bench.year.run import Disturbed, Straight

ORDERS, DAYS, SEED = 2_000, 350, 20250102
END = date(2026, 7, 31)
MOST_PARTS = 8
SHOWN = 5


def rows() -> list[Row]:
    """How much was simulated, and what differed: nothing may."""
    began = time.perf_counter()
    parts = min(os.cpu_count() or 1, MOST_PARTS)
    connection.close()  # no part may inherit it
    with multiprocessing.get_context("fork").Pool(parts) as pool:
        told = pool.starmap(_part, [(n, parts) for n in range(parts)])
    counted: Counter[str] = Counter()
    differing: Counter[str] = Counter()
    for figures, faults in told:
        counted.update(figures)
        for promise, found in faults.items():
            differing[promise] += len(found)
            for fault in found[:SHOWN]:
                print(f"{promise}: {fault}")
    return [
        *(Row(name, counted[name], "") for name in counted),
        *(Row(promise, differing[promise], "", 0) for promise in differing),
        Row("time for both runs", time.perf_counter() - began, "s"),
    ]


def _part(number: int, of: int) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Both runs of one part of the orders: its figures, and what differed, in words."""
    seed = SEED + number
    with _own_database(f"year_{number}"), world.quiet():
        house = world.build(ORDERS // of + (number < ORDERS % of), DAYS, seed)
        with _copy("straight"):
            telling = Straight(house, seed=seed)
            straight = telling.run(END)
        with _copy("disturbed"), world.quiet():
            disturbed = Disturbed(house, telling.script, seed=seed, together=True).run(END)
    faults = compare.differences(straight, disturbed)
    return compare.figures(straight, disturbed), {
        promise: [str(fault) for fault in found] for promise, found in faults.items()
    }


@contextmanager
def _own_database(name: str) -> Iterator[None]:
    """A new database with the register of law; connections lead there inside the block."""
    former: Any = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command("load_law", verbosity=0, stdout=io.StringIO())
        yield
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


@contextmanager
def _copy(suffix: str) -> Iterator[None]:
    """A copy of the database as it is now; it is thrown away at the end."""
    creation, name = connection.creation, connection.settings_dict["NAME"]
    connection.close()
    creation.clone_test_db(suffix, verbosity=0, autoclobber=True)
    _lead_to(creation.get_test_db_clone_settings(suffix)["NAME"])
    try:
        yield
    finally:
        _lead_to(name)
        creation.destroy_test_db(suffix=suffix, verbosity=0)


def _lead_to(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
