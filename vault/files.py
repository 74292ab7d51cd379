"""Files at rest: encrypted under MEDIA_ROOT, named by their id, never changed.

Written to a temporary file in the same folder, synced, and moved into place, so that a crash
leaves either the whole file or none. The bytes are bound to the file's id.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from vault import keys
from vault.models import StoredFile

# A file of ours in its own tab may run nothing, load nothing and pose as nobody.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"
INLINE = {"image/jpeg", "image/png", "image/webp", "application/pdf"}


class Damaged(Exception):
    """The bytes on disk are missing or are not those that were stored."""


def _place(file_id: UUID) -> str:
    return f"vault.storedfile:bytes:{file_id}"


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT)


def write(path: Path, data: bytes) -> None:
    """Put `data` at `path` so that after a crash it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise


def store(data: bytes | BinaryIO, name: str, content_type: str, by: Any = None) -> StoredFile:
    """Encrypt and keep `data`. Call it inside the transaction that refers to the file.

    If that transaction rolls back, the encrypted bytes stay without a row; `manage.py
    sweep_files` removes such orphans. Raises OSError when the disk is full.
    """
    plain = data if isinstance(data, bytes) else data.read()
    file_id = uuid4()
    path = f"{file_id.hex[:2]}/{file_id.hex}"
    write(_folder() / path, keys.seal(plain, _place(file_id)))
    return StoredFile.objects.create(
        id=file_id,
        name=name,
        content_type=content_type,
        size=len(plain),
        sha256=hashlib.sha256(plain).hexdigest(),
        stored_at=timezone.now(),
        stored_by=by,
        path=path,
        key_id=keys.ring().current,
    )


def remove(stored: StoredFile) -> None:
    """Drop a file that nothing refers to any more: its row now, its bytes after commit.

    For what the portal made and can make again (a preview, a bundle), never for evidence. A file
    that something still refers to is protected by that reference. Bytes that a crash leaves behind
    are removed by `sweep_files`.
    """
    path = _folder() / stored.path
    stored.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


def read(stored: StoredFile) -> bytes:
    """The plain bytes, verified. Raises Damaged when they are not what was stored."""
    try:
        sealed = (_folder() / stored.path).read_bytes()
    except FileNotFoundError:
        raise Damaged(f"The file {stored.pk} is missing.") from None
    try:
        plain = keys.open_sealed(sealed, _place(stored.pk))
    except keys.SealError as error:
        raise Damaged(f"The file {stored.pk} does not open: {error}") from error
    if hashlib.sha256(plain).hexdigest() != stored.sha256:
        raise Damaged(f"The file {stored.pk} is not the one that was stored.")
    return plain


def is_current(stored: StoredFile) -> bool:
    """Whether the file is sealed with the current key and cipher; reads only its head."""
    with (_folder() / stored.path).open("rb") as sealed:
        return keys.is_current(sealed.read(128))


def rekey(stored: StoredFile) -> None:
    """Seal the file again with the current key. Safe to repeat."""
    path = _folder() / stored.path
    if not is_current(stored):
        plain = keys.open_sealed(path.read_bytes(), _place(stored.pk))
        write(path, keys.seal(plain, _place(stored.pk)))
    StoredFile.objects.filter(pk=stored.pk).update(key_id=keys.ring().current)


def response(stored: StoredFile, inline: bool = False) -> HttpResponse:
    """The file as a download; `inline` shows pictures and PDFs in the browser, sandboxed.

    The caller has checked that the person may have it and has written the record.
    """
    shown = inline and stored.content_type in INLINE
    answer = HttpResponse(
        read(stored), content_type=stored.content_type if shown else "application/octet-stream"
    )
    disposition = content_disposition_header(not shown, stored.name)
    if disposition:
        answer["Content-Disposition"] = disposition
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
