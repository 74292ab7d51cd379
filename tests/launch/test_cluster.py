"""A real private cluster, in a path with a space and Chinese letters, killed with -9."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from launch import packages, places
from launch.places import ROOT
from launch.postgres import Cluster, process_name


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder outside pytest's own, which PostgreSQL's user could not enter when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="整改 portal "))
    folder.chmod(0o755)
    monkeypatch.setenv("ZHENGGAI_VAR", str(folder / "var"))
    monkeypatch.setattr(places, "ELSEWHERE", folder / "elsewhere")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cluster(checkout: Path) -> Iterator[Cluster]:
    cluster = Cluster("postgres")
    cluster.start(checkout / "log")
    yield cluster
    cluster.stop()
    shutil.rmtree(cluster.socket)


def test_nothing_that_was_committed_is_lost_by_kill_9(cluster: Cluster, checkout: Path) -> None:
    assert " " in str(cluster.data)
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        for n in range(200):
            connection.execute("INSERT INTO kept VALUES (%s)", [n])
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert cluster.process is not None
        os.kill(cluster.process.pid, signal.SIGKILL)
        cluster.process.wait()
    cluster.start(checkout / "log")
    with psycopg.connect(cluster.url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (200,)


def test_a_second_user_shares_the_server(cluster: Cluster, checkout: Path) -> None:
    cluster.stop()
    with cluster.running(checkout / "log") as url:
        other = Cluster("postgres")
        with other.running(checkout / "log") as shared:
            assert shared == url
            assert other.process is None
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_server_dies_with_its_parent(checkout: Path) -> None:
    """kill -9 of the launcher leaves no server behind that would block the next start."""
    program = (
        "import pathlib, sys, time; from launch.postgres import Cluster\n"
        "with Cluster('postgres').running(pathlib.Path(sys.argv[1])):\n"
        "    print('up', flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(checkout / "log")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "up\n"
    data = Cluster("postgres").data
    server = int((data / "postmaster.pid").read_text().split()[0])
    assert process_name(server) == "postgres"
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 10
    while process_name(server) and time.monotonic() < until:
        time.sleep(0.05)
    assert process_name(server) == ""
    shutil.rmtree(Cluster("postgres").socket)


def test_a_folder_that_only_root_enters_gets_its_cluster_elsewhere(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data and programs move; with them the libraries that the programs look for beside them."""
    if packages.wheel_programs():
        monkeypatch.setattr("launch.postgres.can_enter", lambda path, account: False)
    (checkout / "var").mkdir(exist_ok=True)
    (checkout / "var").chmod(0o700)
    cluster = Cluster("postgres")
    try:
        cluster.start(checkout / "log")
        home = "elsewhere" if os.getuid() == 0 else "var"
        assert cluster.data.is_relative_to(checkout / home)
        with psycopg.connect(cluster.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        cluster.stop()
        shutil.rmtree(cluster.socket)
