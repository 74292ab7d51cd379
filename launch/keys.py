"""The keys of a demonstration or development portal, made once under var/keys (0400).

`python3 -m launch.keys FOLDER` makes the three files that a production deployment needs.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

FILES = {"SECRET_KEY": "secret", "ZHENGGAI_KEYS": "data", "ZHENGGAI_INDEX_KEY": "index"}
# The names that docker-compose.yml expects.
CONTAINER_FILES = {
    "SECRET_KEY": "secret_key",
    "ZHENGGAI_KEYS": "data_keys",
    "ZHENGGAI_INDEX_KEY": "index_key",
}


def fresh(variable: str) -> str:
    """A new random value for the variable, in the form the settings expect."""
    if variable == "SECRET_KEY":
        return secrets.token_urlsafe(60)
    key = base64.b64encode(os.urandom(32)).decode()
    return f"k1:{key}" if variable == "ZHENGGAI_KEYS" else key


def ensure(folder: Path, names: dict[str, str] = FILES) -> dict[str, str]:
    """The three secrets from `folder`, each made if it is not there yet. Never overwrites."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    values = {}
    for variable, name in names.items():
        file = folder / name
        if not file.exists():
            # Written aside and linked into place: a kill leaves no half key, and of two
            # processes that start at once the first one's key stays.
            aside = folder / f".{name}.{os.getpid()}"
            descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(fresh(variable) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
            try:
                os.link(aside, file)
            except FileExistsError:
                pass
            finally:
                aside.unlink()
        values[variable] = file.read_text(encoding="ascii").strip()
    return values


if __name__ == "__main__":
    ensure(Path(sys.argv[1]), CONTAINER_FILES)
