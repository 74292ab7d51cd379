"""The developer's doors: `./run test`, `./run check`, `./run manage`, `./run bench`."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import environment, packages, portal, postgres
from launch.places import ROOT, var_folder

PYTHON = sys.executable


def _run(argv: list[str], env: dict[str, str]) -> int:
    """Runs a child in the foreground. Ctrl-C is the child's to handle; we wait for its end."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        child = subprocess.Popen(
            argv,
            cwd=ROOT,
            env=env,
            preexec_fn=_hears_interrupts,
        )
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def _hears_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def _test_database() -> Iterator[str]:
    """DATABASE_URL if it is set (Django makes test_… in it), else a cluster of the tests' own."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    log = var_folder() / "log" / "postgres-test.log"
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with postgres.Cluster("postgres-test", postgres.FAST).running(log) as url:
        yield url


def _prepared(env: dict[str, str]) -> None:
    """What tests and commands need beside a database: translations and the fonts' own file."""
    subprocess.run([PYTHON, "-m", "launch.translations"], cwd=ROOT, env=env, check=True)
    if not Path(env["FONTCONFIG_FILE"]).exists():
        subprocess.run([PYTHON, "manage.py", "prepare_fonts"], cwd=ROOT, env=env, check=False)


# Arguments with which it is still the whole suite that runs.
_WHOLE = re.compile(r"-[qvx]+|-r\w+|--(durations|durations-min|maxfail|tb|junit-?xml)=.*")
_MOST_PROCESSES = 8


def spread(arguments: list[str], cores: int) -> list[str]:
    """How pytest shares the whole suite among the cores; some tests alone run in one process,
    which costs less than starting more. Whoever names `-n` decides."""
    if cores < 2 or not all(_WHOLE.fullmatch(argument) for argument in arguments):
        return []
    return ["-n", str(min(cores, _MOST_PROCESSES))]


def _cores() -> int:
    """The cores that this process may use, which may be fewer than there are."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def test(arguments: list[str]) -> int:
    """`./run test`: pytest with the arguments given."""
    packages.ensure("dev")
    packages.ensure_libraries()
    with _test_database() as url:
        env = environment.for_portal(os.environ, url)
        _prepared(env)
        cache = var_folder() / "cache" / "pytest"
        options = ["-o", f"cache_dir={cache}", *spread(arguments, _cores())]
        return _run([PYTHON, "-m", "pytest", *options, *arguments], env)


def manage(arguments: list[str]) -> int:
    """`./run manage …`: a Django command on the portal's database."""
    packages.ensure("base")
    with portal.database() as (url, _cluster):
        env = environment.for_portal(os.environ, url)
        env.setdefault("ZHENGGAI_STATEMENT_TIMEOUT", "0")
        return _run([PYTHON, "manage.py", *arguments], env)


def bench(arguments: list[str]) -> int:
    """`./run bench`: on a cluster of its own, with the durability of production."""
    packages.ensure("dev")
    packages.ensure_libraries()
    with portal.database("postgres-bench") as (url, _cluster):
        env = environment.for_portal(os.environ, url)
        env["ZHENGGAI_STATEMENT_TIMEOUT"] = "0"
        env["ZHENGGAI_MEDIA_ROOT"] = str(var_folder() / "bench-media")
        portal.prepare(env, demo=False)
        return _run([PYTHON, "-m", "bench", *arguments], env)


def check(arguments: list[str]) -> int:
    """`./run check`: every check, all of them, then the verdict. Names select single ones."""
    packages.ensure("dev")
    with _test_database() as url:
        env = environment.for_portal(os.environ, url)
        deploy = environment.like_production(os.environ, url)
        cache = var_folder() / "cache"
        env["RUFF_CACHE_DIR"] = str(cache / "ruff")
        lint_imports = "import sys; from importlinter.cli import lint_imports_command as c; c()"
        table: dict[str, tuple[list[str], dict[str, str]]] = {
            "format": ([PYTHON, "-m", "ruff", "format", "--check", "."], env),
            "lint": ([PYTHON, "-m", "ruff", "check", "."], env),
            "imports": ([PYTHON, "-c", lint_imports, "--cache-dir", str(cache / "imports")], env),
            "templates": ([PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"], env),
            "types": ([PYTHON, "-m", "mypy", "--cache-dir", str(cache / "mypy"), "."], env),
            "migrations": ([PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], env),
            "deploy": (
                [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
                deploy,
            ),
        }
        chosen = {name: table[name] for name in table if not arguments or name in arguments}
        unknown = set(arguments) - set(table)
        if unknown:
            print(f"No such check: {', '.join(sorted(unknown))}; there are {', '.join(table)}.")
            return 2
        return _all_of(chosen, _run)


def _all_of(
    chosen: dict[str, tuple[list[str], dict[str, str]]],
    execute: Callable[[list[str], dict[str, str]], int],
) -> int:
    failed = []
    for name, (argv, env) in chosen.items():
        print(f"== {name}", flush=True)
        began = time.monotonic()
        code = execute(argv, env)
        print(
            f"   {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - began:.1f} s)", flush=True
        )
        if code:
            failed.append(name)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed")
    return 1 if failed else 0
