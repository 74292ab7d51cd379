"""`./run`: database, preparation, then web, worker and beat under one supervisor."""

import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from launch import environment, packages, postgres
from launch.places import ROOT, CannotStart, var_folder
from launch.supervisor import Child, Supervisor, command, say, trim

FIRST_PORT = 8000
PORTS_TRIED = 100
WEB_SECONDS = 90
# Without the query string: a search may hold a person's number.
ACCESS_FORMAT = '%(h)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms'


def listen(first: int, tried: int = PORTS_TRIED) -> socket.socket:
    """A listening socket on 127.0.0.1 at `first` or the next free port.

    The socket is made here and handed to gunicorn: nobody can take the port in between, and
    connections wait while the web server restarts. Raises CannotStart when none is free.
    """
    for port in range(first, min(first + tried, 65536)):
        server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind(("127.0.0.1", port))
            server.listen(512)
        except OSError:
            server.close()
            continue
        return server
    raise CannotStart(f"No free port from {first} on; name another with --port.")


def answers(port: int, log: Path) -> bool:
    """Whether the portal's login page comes back. Raises CannotStart when it comes back broken."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/login/")
        status = connection.getresponse().status
    except OSError:
        return False
    finally:
        connection.close()
    if status >= http.client.INTERNAL_SERVER_ERROR:
        raise CannotStart(f"The portal is broken. Its log {log} ends:\n{postgres.tail(log, 25)}")
    return True


# --- What has been loaded into which database ---------------------------------------------------


def demo_marker(database_url: str) -> Path:
    """The file that remembers, for this database, whether it holds the demonstration."""
    name = hashlib.sha256(database_url.encode()).hexdigest()[:12]
    return var_folder() / "run" / f"demo-{name}"


def wants_demo(database_url: str, *, no_demo: bool) -> bool:
    """Whether to load the demonstration now.

    Once a database was begun without it, a later plain ./run does not mix it into real records.
    """
    marker = demo_marker(database_url)
    if marker.exists():
        return False
    if no_demo:
        marker.write_text("never\n", encoding="ascii")
    return not no_demo


def forget_demo(cluster: postgres.Cluster) -> None:
    """--reset-demo: throws the private database and everything stored with it away."""
    cluster.destroy()
    var = var_folder()
    for name in ("media", "broker", "broker-control"):
        shutil.rmtree(var / name, ignore_errors=True)
    for marker in (var / "run").glob("demo-*"):
        marker.unlink()
    environment.make_folders(var)


def prepare(env: dict[str, str], *, demo: bool) -> None:
    """Migrations, law, fonts, translations and, the first time, the demonstration."""
    argv = [environment.python(), "-m", "launch.prepare", *(["--demo"] if demo else [])]
    # Loading may hold statements that are longer than a page may take.
    result = subprocess.run(
        argv, cwd=ROOT, env=env | {"ZHENGGAI_STATEMENT_TIMEOUT": "0"}, check=False
    )
    if result.returncode:
        raise CannotStart("The portal could not be prepared; the reason stands above.")
    if demo:
        demo_marker(env["DATABASE_URL"]).write_text("loaded\n", encoding="ascii")


def print_logins() -> None:
    """The demonstration's logins, from the one place where they are written down."""
    file = ROOT / "demo" / "logins.json"
    if not file.is_file():
        return
    logins = json.loads(file.read_text(encoding="utf-8"))
    say("\nDemonstration logins 演示账号 (user / password):")
    for login in logins:
        who = " ".join(str(login.get(key, "")) for key in ("role", "name")).strip()
        say(f"  {login['username']:<12} {login['password']:<24} {who}")


@contextlib.contextmanager
def only_one() -> Iterator[Path]:
    """One portal per checkout. Yields the file that says where it answers."""
    run = var_folder() / "run"
    run.mkdir(parents=True, exist_ok=True)
    about = run / "portal.json"
    with (run / "portal.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where = json.loads(about.read_text())["url"] if about.exists() else "(starting)"
            raise CannotStart(f"The portal of this checkout runs already: {where}") from None
        try:
            yield about
        finally:
            about.unlink(missing_ok=True)


@contextlib.contextmanager
def database(cluster_name: str = "postgres") -> Iterator[tuple[str, postgres.Cluster | None]]:
    """(DATABASE_URL, private cluster or None)."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given, None
        return
    cluster = postgres.Cluster(cluster_name)
    log = var_folder() / "log" / f"{cluster_name}.log"
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    trim(log)
    with cluster.running(log) as url:
        yield url, cluster


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def run(*, port: int, no_demo: bool, reset_demo: bool) -> int:
    """The whole of `./run`. Returns the exit code."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, _interrupt)
    packages.ensure("base")
    with only_one() as about:
        if reset_demo:
            if os.environ.get("DATABASE_URL"):
                raise CannotStart("--reset-demo empties only the private database in var/.")
            forget_demo(postgres.Cluster("postgres"))
        with database() as (url, cluster), listen(port) as server:
            packages.ensure_libraries()
            real_port = server.getsockname()[1]
            if real_port != port:
                say(f"Port {port} is taken; using {real_port}.")
            address = os.environ.get("ZHENGGAI_PUBLIC_URL") or f"http://127.0.0.1:{real_port}"
            env = environment.for_portal(os.environ, url, ZHENGGAI_PUBLIC_URL=address)
            prepare(env, demo=wants_demo(url, no_demo=no_demo))
            with Supervisor() as supervisor:
                web = start_processes(supervisor, env, cluster, server)
                if supervisor.wait_until(lambda: answers(real_port, web.log), web, WEB_SECONDS):
                    start_background(supervisor, env)
                    local = f"http://127.0.0.1:{real_port}"
                    about.write_text(json.dumps({"url": local, "pid": os.getpid()}))
                    say(f"\n整改 Zhenggai answers after {time.monotonic() - began:.1f} s: {local}/")
                    if demo_marker(url).exists() and "loaded" in demo_marker(url).read_text():
                        print_logins()
                    say(f"\nLogs: {var_folder() / 'log'}    Stop: Ctrl-C")
                    supervisor.run()
                say("Stopping")
    return 0


def start_processes(
    supervisor: Supervisor,
    env: dict[str, str],
    cluster: postgres.Cluster | None,
    server: socket.socket,
) -> Child:
    """Takes the database in and starts the web server, which is returned."""
    logs = var_folder() / "log"
    if cluster is not None and cluster.process is not None:
        log = logs / "postgres.log"

        def again() -> subprocess.Popen[bytes]:
            cluster.process = cluster.popen(log)
            return cluster.process

        supervisor.add(
            Child(
                "postgres",
                again,
                log,
                signal.SIGINT,
                30.0,
                foundation=True,
                process=cluster.process,
            )
        )
    log = logs / "web.log"
    trim(log)
    descriptor = server.fileno()
    argv = [
        sys.executable, "-m", "gunicorn", "config.wsgi:application",
        "--bind", f"fd://{descriptor}", "--worker-class", "gthread", "--workers", "2",
        "--threads", "4", "--preload", "--timeout", "60", "--graceful-timeout", "10",
        "--no-control-socket", "--worker-tmp-dir", str(var_folder() / "run"),
        "--access-logfile", "-", "--access-logformat", ACCESS_FORMAT,
    ]  # fmt: skip
    return supervisor.add(
        Child("web", command(argv, env, log, ROOT, [descriptor]), log, stop_seconds=15.0)
    )


def start_background(supervisor: Supervisor, env: dict[str, str]) -> None:
    """Starts worker and beat, once the web server answers: they would compete for the CPU."""
    logs = var_folder() / "log"
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    worker = [
        *celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle",
        "--without-heartbeat", "-O", "fair",
    ]  # fmt: skip
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]
    for name, argv, seconds in (("worker", worker, 30.0), ("beat", beat, 10.0)):
        log = logs / f"{name}.log"
        trim(log)
        supervisor.add(Child(name, command(argv, env, log, ROOT), log, stop_seconds=seconds))
