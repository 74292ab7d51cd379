"""From a notice to its stored PDF. Called by the worker for each owed print.

The words alone are printed: nothing is read from the record behind them. Where the unit signs, the
print is signed then: print, hash, sign, hash; both hashes are kept. The same job may run twice: two
prints are equal, two signatures are not, and the first file that is kept is the paper.
"""

import errno
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from jobs.registry import NotYet
from notices import press, signing
from notices.models import Certificate, Notice
from vault import files
from vault.models import StoredFile

FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class Printed:
    """Checked bytes: every word of the notice was read back from them."""

    data: bytes
    sha256: str
    pages: int
    fingerprint: str


def render(notice: Notice) -> Printed:
    """Print the frozen words of a notice; see `print_words`."""
    return print_words(notice.words, notice.seal)


def print_words(words: str, seal: StoredFile | None) -> Printed:
    """Print the words of a paper and read them back. Writes nothing.

    Raises NotYet and Hopeless as `press.print_words` does.
    """
    assets = {}
    if seal is not None:
        assets["seal"] = (seal.content_type, files.read(seal))
    printed = press.print_words(words, assets)
    return Printed(printed.data, printed.sha256, printed.pages, press.fingerprint())


@dataclass(frozen=True)
class Signed:
    """The signed file, and what it was before."""

    data: bytes
    certificate: Certificate
    at: datetime

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def sign(printed: Printed, signer: signing.Signer, *, at: datetime) -> Signed | None:
    """The print with its unit's signature; None where nobody signs.

    Raises CannotSign: the signing service is down or refuses.
    """
    if signer.certificate is None:
        return None
    moment = at.replace(microsecond=0)  # as it stands in the signature
    data = signing.parts().embed(printed.data, signer, at=moment)
    return Signed(data, signer.certificate, moment)


def owed_print(notice_id: str, *, at: datetime) -> Callable[[datetime], None] | None:
    """The handler of a print job: render and sign now, return the effect that files the PDF."""
    notice = Notice.objects.select_related("seal", "unit").get(pk=notice_id)
    if notice.printed_at is not None:
        return None
    signer = signing.signer_for(notice, at=at)  # first: a paper that cannot be signed waits
    printed = render(notice)
    return partial(keep, notice, printed, signed=sign(printed, signer, at=at))


def keep(notice: Notice, printed: Printed, at: datetime, *, signed: Signed | None = None) -> None:
    """Store the bytes and say so on the notice, once. Inside the job's transaction.

    Raises NotYet when the disk is full.
    """
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if locked.printed_at is not None:
        return
    served = signed or printed
    try:
        stored = files.store(served.data, notice.file_name, "application/pdf", None)
    except OSError as fault:
        if fault.errno not in FULL:
            raise
        raise NotYet(_("存放文书的磁盘已满，腾出空间后会自动打印。")) from fault
    facts: dict[str, Any] = {
        "pdf": stored,
        "pdf_sha256": served.sha256,
        "pages": printed.pages,
        "size": len(served.data),
        "printed_at": at,
        "fingerprint": printed.fingerprint,
    }
    if signed is not None:
        facts |= {
            "certificate": signed.certificate,
            "unsigned_sha256": printed.sha256,
            "signed_at": signed.at,
        }
    Notice.objects.filter(pk=notice.pk).update(**facts)
