"""Scans of what came back signed (附卷联, 回证, 存根), filed beside the paper with their own hash.

A scan is never changed and never removed (the database says so too). A wrong one is followed by
the right one, and a note says which.
"""

import hashlib
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from notices.models import Notice, Scan
from vault import files

trail.words({"notices.file_scan": gettext_lazy("归档扫描件")})

AT_MOST = 40


class Upload(Protocol):
    """A file that has passed its checks (`vault.uploads.check` makes one)."""

    name: str
    content_type: str
    data: bytes


def can_file(notice: Notice) -> list[Reason]:
    """Why no scan can be filed; a paper that no longer holds still gets its signed copy."""
    if notice.scans.count() < AT_MOST:
        return []
    sentence = _("一份文书最多归档 %(most)s 个扫描件，请合并成一个 PDF。")
    return [Reason(sentence % {"most": AT_MOST}, field="file", house=True)]


@transaction.atomic
def file_scan(
    notice: Notice, upload: Upload, *, kind: str, by: User, at: datetime, note: str = ""
) -> Scan:
    """Keep one scan; the same bytes filed again beside the same paper answer with the first.

    Raises Refused: the reasons of `can_file`, an unknown kind.
    """
    notice = Notice.objects.select_for_update().defer("words", "snapshot").get(pk=notice.pk)
    reasons = can_file(notice)
    if kind not in Scan.Kind.values:
        reasons.append(Reason(_("选择扫描件的种类。"), field="kind"))
    if reasons:
        raise Refused(reasons)
    digest = hashlib.sha256(upload.data).hexdigest()
    twin = notice.scans.filter(file__sha256=digest, kind=kind).first()
    if twin is not None:
        return twin
    stored = files.store(upload.data, upload.name, upload.content_type, by)
    scan = Scan.objects.create(
        notice=notice, kind=kind, file=stored, note=note.strip(), filed_by=by, filed_at=at
    )
    trail.record(
        "notices.file_scan",
        notice,
        by=by,
        at=at,
        data={"scan": scan.pk, "kind": kind, "file": stored.pk, "sha256": stored.sha256},
    )
    return scan
