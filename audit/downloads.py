"""Handing out stored files, with a line in the record for each."""

from django.db import models, transaction
from django.http import HttpResponse
from django.utils import timezone

from accounts.access import Request
from audit import trail
from vault import files
from vault.models import StoredFile


def send(
    request: Request, stored: StoredFile, subject: models.Model, *, inline: bool = False
) -> HttpResponse:
    """The file as an answer, recorded as `file.download` of `subject`.

    The view has already found `subject` through `visible_to`. Raises vault.files.Damaged when
    the bytes are not those that were stored; the attempt is on the record even then.
    """
    with transaction.atomic():
        trail.record(
            "file.download",
            subject,
            by=request.user,
            at=timezone.now(),
            data={"file": stored.pk, "name": stored.name, "sha256": stored.sha256},
        )
    return files.response(stored, inline=inline)
