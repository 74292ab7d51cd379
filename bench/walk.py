"""Random walks over the verbs of penalty cases: `./run bench walk`.

50,000 steps of the walker of the tests (`tests.penalties.walk`), in stretches of 500, each with a
unit of its own in a transaction that is taken back. A stretch has its number as seed: a violation
is found again by walking that one alone.
"""

import os
import sys
import time
import traceback
from collections import Counter

from django.db import transaction

from bench import Row
from tests.penalties.walk import Walker

STEPS, STRETCH = int(os.environ.get("BENCH_WALK_STEPS", "50000")), 500


def rows() -> list[Row]:
    """Steps by verb are printed; the promise is that nothing that must not be ever was."""
    began = time.perf_counter()
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for seed in range(1, -(-STEPS // STRETCH) + 1):
        try:
            with transaction.atomic():
                walker = Walker(seed)
                walker.walk(STRETCH)
                transaction.set_rollback(True)
        except Exception:  # noqa: BLE001 - said and counted; the other stretches are walked
            traceback.print_exc()
            sums["violations"] += 1
            continue
        done.update(walker.done)
        refused.update(walker.refused)
        sums["steps"] += walker.steps
        sums["cases"] += walker.cases
        sums["decisions"] += walker.decisions
        sums["ended"] += walker.ended.total()
        sums["violations"] += len(walker.violations)
        for each in walker.violations:
            print(each, file=sys.stderr)
        print(f"{dict(sums)}, {time.perf_counter() - began:,.0f} s", file=sys.stderr, flush=True)
    for name in sorted({*done, *refused}):
        print(f"{name:<24} {done[name]:>7,} done {refused[name]:>7,} refused")
    return [
        Row("steps of random walks over the verbs", sums["steps"], ""),
        Row("acts done", done.total(), ""),
        Row("acts refused", refused.total(), ""),
        Row("verbs that were done at least once", len(done), ""),
        Row("cases", sums["cases"], ""),
        Row("decisions", sums["decisions"], ""),
        Row("cases brought to their end", sums["ended"], ""),
        Row("violations", sums["violations"], "", 0),
        Row("all of it", time.perf_counter() - began, "s"),
    ]
