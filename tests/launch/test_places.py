"""Where things lie: socket length, relocation, ports, stamps, keys."""

import base64
import os
import socket
from pathlib import Path

import pytest

from launch import keys, packages, places, portal
from launch.places import Account, CannotStart

STRANGER = Account(uid=65534, gid=65534)


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder that everybody may enter, and so may everything above it within tmp_path."""
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    return folder


def test_the_socket_fits_its_limit_however_long_the_checkout_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    long = tmp_path / ("很长的目录" * 10)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    folder = places.socket_folder(Path("/some/data"), None)
    try:
        assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= places.SOCKET_PATH_LIMIT
        assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        folder.rmdir()


@pytest.fixture
def own_tempdir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder for sockets is the test's own, however long its path is."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(places, "SOCKET_PATH_LIMIT", 4096)
    return tmp_path


def test_two_checkouts_have_two_sockets(own_tempdir: Path) -> None:
    first = places.socket_folder(Path("/one/data"), None)
    assert first != places.socket_folder(Path("/two/data"), None)
    assert first == places.socket_folder(Path("/one/data"), None)


def test_a_socket_folder_that_is_a_link_is_refused(own_tempdir: Path) -> None:
    folder = places.socket_folder(Path("/data"), None)
    folder.rmdir()
    (own_tempdir / "elsewhere").mkdir()
    folder.symlink_to(own_tempdir / "elsewhere")
    with pytest.raises(CannotStart, match="somebody else"):
        places.socket_folder(Path("/data"), None)


def test_a_private_checkout_moves_the_cluster(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setenv("ZHENGGAI_VAR", str(private / "var"))
    monkeypatch.setattr(places, "ELSEWHERE", tmp_path / "elsewhere")
    stranger = Account(uid=os.getuid() + 12345, gid=os.getgid() + 12345)
    assert places.cluster_folder("postgres", stranger).is_relative_to(tmp_path / "elsewhere")
    assert places.cluster_folder("postgres", None) == private / "var" / "postgres"


def test_entering_is_judged_by_owner_group_and_others(open_folder: Path) -> None:
    inner = open_folder / "inner"
    inner.mkdir()
    mine = Account(os.getuid(), os.getgid())
    other = Account(os.getuid() + 12345, os.getgid() + 12345)
    same_group = Account(os.getuid() + 12345, os.getgid())
    for mode, account, expected in [
        (0o700, mine, True),
        (0o700, other, False),
        (0o710, same_group, True),
        (0o701, same_group, False),
    ]:
        inner.chmod(mode)
        entered = places.can_enter(inner, account)
        # Folders above may be closed to strangers already.
        assert entered == (expected and places.can_enter(open_folder, account))


@pytest.mark.sockets
def test_a_taken_port_gives_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with portal.listen(port) as server:
            assert server.getsockname()[1] > port
        with pytest.raises(CannotStart, match="No free port"):
            portal.listen(port, tried=1)


def test_the_stamp_follows_the_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(packages, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(packages, "STAMPS", tmp_path / "installed.json")
    (tmp_path / "base.txt").write_text("one==1\n")
    assert packages.stamps() == {}
    packages._remember("base")
    assert packages.stamps()["base"] == packages.stamp("base")
    packages.ensure("base")  # would fail on a lock without hashes if it installed anything
    (tmp_path / "base.txt").write_text("one==2\n")
    assert packages.stamps()["base"] != packages.stamp("base")


def test_keys_are_made_once_and_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = keys.ensure(folder)
    assert keys.ensure(folder) == first
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o400}
    assert sorted(file.name for file in folder.iterdir()) == ["data", "index", "secret"]
    key_id, _, key = first["ZHENGGAI_KEYS"].partition(":")
    assert key_id == "k1"
    assert len(base64.b64decode(key)) == 32
    assert first["ZHENGGAI_INDEX_KEY"] != key


def test_a_portal_begun_without_the_demonstration_stays_without_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZHENGGAI_VAR", str(tmp_path))
    (tmp_path / "run").mkdir()
    assert portal.wants_demo("postgres://a", no_demo=False)
    assert not portal.wants_demo("postgres://b", no_demo=True)
    assert not portal.wants_demo("postgres://b", no_demo=False)
