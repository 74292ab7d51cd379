"""Is a secret lying about? Looks for known texts in the whole database and in folders.

`in_database(["13877123456", …])` and `in_folder(path, …)` name each place where one was found, in
whatever dress: as text, as bytes, in hexadecimal, in base64, in UTF-16.
"""

import base64
from collections.abc import Iterable
from pathlib import Path

from django.db import connection


def _dresses(secret: str) -> list[bytes]:
    plain = secret.encode()
    wide = secret.encode("utf-16-le")
    # base64 depends on where the text stands among its neighbours; the middle of each shift stays.
    shifts = [base64.b64encode(b"\0" * n + plain)[4 * bool(n) : -4] for n in range(3)]
    return [plain, wide, plain.hex().encode(), wide.hex().encode(), *filter(None, shifts)]


def in_bytes(data: bytes, secrets: Iterable[str]) -> list[str]:
    """Which of the secrets are in the bytes."""
    return [s for s in secrets if any(dress in data for dress in _dresses(s))]


def in_database(secrets: Iterable[str]) -> list[str]:
    """Every row of every table as the database would dump it: "table: secret" for each find."""
    secrets = list(secrets)
    found = []
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} AS t")
            while rows := cursor.fetchmany(1000):
                dump = "\n".join(row[0] for row in rows).encode()
                found += [f"{table}: {secret}" for secret in in_bytes(dump, secrets)]
    return sorted(set(found))


def in_folder(folder: Path, secrets: Iterable[str]) -> list[str]:
    """Every file below the folder, its name included: "path: secret" for each find."""
    secrets = list(secrets)
    found = []
    for path in sorted(folder.rglob("*")):
        found += [f"{path}: {secret}" for secret in in_bytes(str(path).encode(), secrets)]
        if path.is_file():
            found += [f"{path}: {secret}" for secret in in_bytes(path.read_bytes(), secrets)]
    return found
