"""Public verification: is the paper in my hand the one that was issued?

Shows number, kind, unit, date, whether it still holds, the hash, and who signed the file; nothing
about whom or what. The code is 128 random bits; an unknown and a malformed one get the same answer.
A PDF that is dropped here is hashed while it arrives and kept nowhere, not even in memory.

    same       byte for byte the file that was served
    unsigned   the print before it was signed: the same content, but not that file
    appended   the file that was served, with something added after its end
    altered    anything else
"""

import hashlib
from typing import Any

from django.core.cache import cache
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.access import public
from audit import context
from notices.models import Notice

PER_MINUTE = 30
LARGEST = 20 * 1024 * 1024


class Hashed:
    """What is left of an uploaded file: its hash, that of its first `head` bytes, its size."""

    def __init__(self, name: str | None, content_type: str | None, head: int) -> None:
        self.name, self.content_type = name, content_type
        self.size = 0
        self._head_size = head
        self._sum, self._head = hashlib.sha256(), hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        self._sum.update(chunk)
        self._head.update(chunk[: max(self._head_size - self.size, 0)])
        self.size += len(chunk)

    @property
    def head_sha256(self) -> str:
        return self._head.hexdigest()

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


class HashOnly(FileUploadHandler):
    """Hashes the chunks as they come in and drops them."""

    def __init__(self, request: HttpRequest, head: int) -> None:
        super().__init__(request)
        self._head = head

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.hashed = Hashed(self.file_name, self.content_type, self._head)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.hashed.add(raw_data)
        if self.hashed.size > LARGEST:
            raise StopUpload(connection_reset=False)

    def file_complete(self, file_size: int) -> Any:
        return self.hashed


@public
@never_cache
@csrf_exempt  # only until the upload handler is in place; `_answer` is protected
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """GET: what is known of the paper. POST: compare a file with it."""
    if _too_often():
        return render(request, "notices/verify_busy.html", status=429)
    notice = (
        Notice.objects.select_related("unit", "certificate")
        .defer("words", "snapshot", "addressee", "certificate__chain", "certificate__key")
        .filter(verify_code=code[:64].replace("\x00", ""))
        .first()
    )
    head = notice.size if notice is not None and notice.size else 0
    request.upload_handlers = [HashOnly(request, head)]
    return _answer(request, notice)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
def _answer(request: HttpRequest, notice: Notice | None) -> HttpResponse:
    if notice is None:
        return render(request, "notices/verify_unknown.html", status=404)
    answer: dict[str, Any] = {
        "facts": notice.facts(),
        "certificate": notice.certificate,
        "signed_at": notice.signed_at,
        "now": timezone.now(),
        "compared": "",
    }
    if request.method == "POST":
        answer |= _compare(request, notice)
    return render(request, "notices/verify.html", answer)


def _compare(request: HttpRequest, notice: Notice) -> dict[str, Any]:
    file: Any = request.FILES.get("file")
    if file is None:
        return {"fault": _("请先选择一个 PDF 文件（不超过 20 MB）。")}
    if not notice.pdf_sha256:
        return {"fault": _("这份文书的 PDF 还没有生成，暂时不能核对。")}
    if file.sha256 == notice.pdf_sha256:
        return {"compared": "same"}
    if file.sha256 == notice.unsigned_sha256:
        return {"compared": "unsigned"}
    pairs = zip(_groups(notice.pdf_sha256), _groups(file.sha256), strict=True)
    theirs = [(group, group != original) for original, group in pairs]
    return {
        "compared": "appended" if file.head_sha256 == notice.pdf_sha256 else "altered",
        "theirs": theirs,
        "different": sum(differs for _group, differs in theirs),
    }


def _groups(digest: str) -> list[str]:
    return [digest[i : i + 8] for i in range(0, len(digest), 8)]


def _too_often() -> bool:
    """Whether this address has asked more than thirty times within the minute."""
    key = f"verify:{context.current().ip or '-'}:{int(timezone.now().timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key) > PER_MINUTE
