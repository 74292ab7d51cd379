"""Making the files of an approved bulletin, as owed work."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit import trail
from bulletins import documents
from bulletins.models import EXPORT_JOB, Bulletin, Export
from jobs import registry
from notices import press
from vault import files

TYPES = {
    Export.Form.PDF: "application/pdf",
    Export.Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Export.Form.HTML: "text/html",
}


@registry.kind(
    EXPORT_JOB,
    word=_("生成通报文件"),
    soft_limit=30,
    lease=timedelta(seconds=75),
    queue=settings.ZHENGGAI_PRINT_QUEUE,
    retry_verb="bulletins.approve",
)
def export_bulletin(bulletin_id: str) -> Callable[[datetime], None] | None:
    """Print, write and lay out the approved words; the effect files all three at once."""
    bulletin = Bulletin.objects.select_related("unit").get(pk=bulletin_id)
    if not bulletin.words or bulletin.exports.exists():
        return None
    printed = press.print_words(documents.paper(bulletin))
    made: dict[str, tuple[bytes, dict[str, Any]]] = {
        Export.Form.PDF: (
            printed.data,
            {"pages": printed.pages, "fingerprint": press.fingerprint()},
        ),
        Export.Form.DOCX: (documents.word(bulletin), {}),
        Export.Form.HTML: (documents.web(bulletin), {}),
    }
    return partial(_keep, bulletin, made)


def _keep(bulletin: Bulletin, made: dict[str, tuple[bytes, dict[str, Any]]], at: datetime) -> None:
    locked = Bulletin.objects.select_for_update(of=("self",)).get(pk=bulletin.pk)
    if locked.exports.exists():
        return
    sums = {}
    for form, (data, more) in made.items():
        sums[form] = hashlib.sha256(data).hexdigest()
        stored = files.store(data, documents.file_name(bulletin, form), TYPES[Export.Form(form)])
        Export.objects.create(
            bulletin=locked,
            form=form,
            file=stored,
            sha256=sums[form],
            size=len(data),
            made_at=at,
            **more,
        )
    trail.record("bulletins.export", locked, by=None, at=at, data={"sha256": sums})
