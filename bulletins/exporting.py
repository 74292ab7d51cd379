"""From an approved bulletin to its three stored files. Called by the worker.

The same job may run twice; a bulletin that has its files is left alone.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from audit import trail
from bulletins import documents
from bulletins.models import Bulletin, Export
from notices import press
from vault import files

TYPES = {
    Export.Form.PDF: "application/pdf",
    Export.Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Export.Form.HTML: "text/html",
}


def owed_export(bulletin_id: str) -> Callable[[datetime], None] | None:
    """Print, write and lay out the approved words; the effect files all three at once.

    Raises NotYet and Hopeless as `press.print_words` does.
    """
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
    return partial(keep, bulletin, made)


def keep(bulletin: Bulletin, made: dict[str, tuple[bytes, dict[str, Any]]], at: datetime) -> None:
    """Store the files and say so in the record, once. Inside the job's transaction."""
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
