"""The signature inside the PDF: PAdES B-B, invisible, certifying, beside what was printed.

Runs in a worker or a command; `notices.signing.parts` loads it, since the library takes half a
second and 24 MB that the web never needs. The print stays as it is, byte for byte; what the
signature needs is appended (an incremental update), so that the print can still be found in the
signed file. Nothing here reads the clock or the network: the time is given, and a chain is never
fetched.
"""

import asyncio
import hashlib
import io
from datetime import datetime

from asn1crypto import pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import ValidationInfoReadingError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from notices.signing import Signer

FIELD = "Signature"
DIGEST = "sha256"
SPARE = 640  # bytes of the container beside certificates, names and the signature itself
END = b"%%EOF"


class _Appended(IncrementalPdfFileWriter):
    """Leaves the document's own dates and metadata alone: they are those of the record, and
    PDF/A wants them equal in both places."""

    def _update_meta(self) -> None:
        """Nothing to bring up to date."""


class _Through(signers.Signer):
    """Gives the library's question to our signer."""

    def __init__(self, signer: Signer, chain: list[x509.Certificate]) -> None:
        issuers = SimpleCertificateStore()
        issuers.register_multiple(chain[1:])
        super().__init__(signing_cert=chain[0], cert_registry=issuers)
        self._signer = signer

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        return self._signer.sign(data)


def chain_of(text: str) -> list[x509.Certificate]:
    """The certificates of a PEM text, the signer's own first."""
    return [x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(text.encode(), True)]


def embed(data: bytes, signer: Signer, *, at: datetime) -> bytes:
    """The PDF with a certifying signature that allows no later change.

    Args:
        data: the printed PDF.
        signer: one that has a certificate.
        at: the moment of signing, whole seconds; it stands in the signature (/M).

    Raises whatever `signer.sign` raises.
    """
    if signer.certificate is None:
        raise ValueError("this signer does not sign")
    own, *issuers = chain_of(signer.certificate.chain)
    # Who trusts a root has it already.
    chain = [own, *(each for each in issuers if not each.self_issued)]
    through = _Through(signer, chain)
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    session = signers.PdfSigner(meta, signer=through).init_signing_session(
        _Appended(io.BytesIO(data))
    )
    session.system_time = at
    attributes = PdfCMSSignedAttributes(signing_time=at)
    out = io.BytesIO()
    ready = session.prepare_tbs_document(None, bytes_reserved=_room(chain))
    digest, _out = ready.digest_tbs_document(output=out)
    signed = asyncio.run(
        through.async_sign(
            digest.document_digest, DIGEST, use_pades=True, signed_attr_settings=attributes
        )
    )
    digest.fill_with_cms(out, signed)
    return out.getvalue()


def _room(chain: list[x509.Certificate]) -> int:
    """Hexadecimal digits that the signature may take: asking the library costs a second signing.

    The issuer's name stands in it twice more. A signature is as long as the key of RSA; with EC it
    is two numbers of that length and less than twenty bytes about them.
    """
    own = chain[0]
    names = 2 * len(own.issuer.dump())
    signature = 2 * own.public_key.byte_size + 20
    return 2 * (sum(len(each.dump()) for each in chain) + names + signature + SPARE)


def status(data: bytes, chain: str, *, at: datetime) -> PdfSignatureStatus | None:
    """What validation says of the first signature, trusting the last certificate of the chain.

    None when there is no signature that could be read.
    """
    try:
        found = PdfFileReader(io.BytesIO(data)).embedded_signatures
        if not found:
            return None
        context = ValidationContext(
            trust_roots=chain_of(chain)[-1:], moment=at, allow_fetching=False
        )
        return validate_pdf_signature(found[0], signer_validation_context=context)
    except (PdfError, ValidationInfoReadingError, ValueError, KeyError, TypeError, OSError):
        return None


def faults(data: bytes, chain: str, *, at: datetime) -> list[str]:
    """What is wrong with the signature of a stored paper, as lines of a report; empty if nothing.

    Whether somebody trusts the issuer is not asked: that is for the reader of the paper.
    """
    told = status(data, chain, at=at)
    if told is None:
        return ["carries no signature that can be read"]
    found = []
    if not told.intact:
        found.append("was altered after signing")
    if not told.valid:
        found.append("the signature does not fit its certificate")
    if told.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        found.append("the signature does not cover the whole file")
    if told.signing_cert.dump() != chain_of(chain)[0].dump():
        found.append("signed with another certificate than the one on record")
    return found


def print_inside(data: bytes, sha256: str) -> bool:
    """Whether the signed file begins with the very print whose hash that is."""
    last = data.rfind(END)
    end = data.rfind(END, 0, max(last, 0))
    if end < 0:
        return False
    end += len(END)
    return any(hashlib.sha256(data[: end + newline]).hexdigest() == sha256 for newline in range(3))
