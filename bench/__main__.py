"""Runs the benches, prints a table and JSON. Exit code 1 if a promise is broken."""

import json
import os
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings

import bench
from bench import Row


def table(rows: list[tuple[str, Row]]) -> str:
    """The rows for people, aligned."""
    lines = [f"{'bench':<12} {'figure':<52} {'value':>12} {'unit':<5} {'at most':>10}"]
    for name, row in rows:
        promise = "" if row.at_most is None else f"{row.at_most:,.1f}"
        verdict = "" if row.kept else "  BROKEN"
        lines.append(
            f"{name:<12} {row.name:<52} {row.value:>12,.2f} {row.unit:<5} {promise:>10}{verdict}"
        )
    return "\n".join(lines)


def main() -> int:
    """Measures the benches named on the command line, or all."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    known = [
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "__main__"
    ]
    chosen = sys.argv[1:] or known
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        print(f"No such bench: {', '.join(unknown)}; there are {', '.join(known)}.")
        return 2
    rows = [(name, row) for name in chosen for row in import_module(f"bench.{name}").rows()]
    print(table(rows))
    data = [{"bench": name, **row._asdict(), "kept": row.kept} for name, row in rows]
    text = json.dumps(data, ensure_ascii=False, indent=1)
    print(text)
    (Path(settings.VAR_DIR) / "bench.json").write_text(text + "\n", encoding="utf-8")
    return 0 if all(row.kept for _name, row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
