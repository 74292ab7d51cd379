"""Where things lie: everything under var/, except what PostgreSQL cannot use there.

As root the server runs as another user, who must be able to enter every folder above its data.
A checkout that only root can enter (under /root, say) therefore gets its cluster below
/var/lib/zhenggai. The socket always lies in a short folder: its path may have 107 bytes.
"""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 107
ELSEWHERE = Path("/var/lib/zhenggai")


class CannotStart(Exception):
    """The sentence that a person reads instead of a traceback."""


@dataclass(frozen=True)
class Account:
    """A user of the operating system."""

    uid: int
    gid: int


def var_folder() -> Path:
    """var/ of this checkout, or the folder in ZHENGGAI_VAR."""
    folder = Path(os.environ.get("ZHENGGAI_VAR") or ROOT / "var").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def short_hash(path: Path) -> str:
    """Twelve characters that tell two checkouts apart."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def can_enter(path: Path, account: Account) -> bool:
    """Whether the account may pass through `path` and every folder above it.

    Judged by mode bits alone; groups other than the primary one and ACLs are not considered,
    which errs towards relocation.
    """
    for folder in [path, *path.parents]:
        if not folder.exists():
            continue
        status = folder.stat()
        if status.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif status.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not status.st_mode & needed:
            return False
    return True


def cluster_folder(name: str, account: Account | None) -> Path:
    """The folder of the cluster `name`; `account` is the user PostgreSQL runs as, None = ours."""
    var = var_folder()
    if account is None or can_enter(var, account):
        return var / name
    return ELSEWHERE / short_hash(var) / name


def socket_folder(data: Path, account: Account | None) -> Path:
    """A private folder (0700) for the unix socket, made if need be.

    Refuses (CannotStart) a folder of that name that belongs to somebody else.
    """
    owner = account.uid if account else os.getuid()
    name = f"zhenggai-{owner}-{short_hash(data)}"
    base = Path(tempfile.gettempdir())
    longest = base / name / ".s.PGSQL.5432.lock"
    unusable = len(os.fsencode(longest)) > SOCKET_PATH_LIMIT
    if unusable or (account and not can_enter(base, account)):
        base = Path("/tmp")  # noqa: S108 - private folder inside, its owner is checked below
    folder = base / name
    try:
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {owner, 0}:
            raise CannotStart(
                f"{folder} belongs to somebody else; remove it or set TMPDIR to another folder."
            ) from None
        folder.chmod(0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
    return folder
