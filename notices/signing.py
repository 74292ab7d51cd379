"""Who signs a paper, and with what: nobody, a key of the unit, or a service outside.

    signer_for   which signer a paper has today; raises CannotSign where it has one that cannot
    Signer       the interface: one certificate, and `sign`

A paper is signed for the organ whose name stands on it: by the certificate in use of its own unit,
or of the nearest unit above that prints the same name (a squad under the bureau's letterhead).
Never by another organ's. A unit without one does not sign. Where a unit signs, no paper of it
leaves unsigned by accident: it waits and says why, until the certificate is mended or somebody
answers for printing it without (`notices.waivers`). See docs/adr/0016.

This is PAdES, not the electronic seal of GB/T 38540 (SM2, SM3): that needs a service outside and
another container; `Signer` is the place for it.
"""

import base64
import binascii
import hashlib
import http.client
import json
import ssl
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import Protocol
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.registry import NotYet
from notices.models import Certificate, Notice, Waiver
from vault.keys import SealError

SECONDS = 10
LARGEST_ANSWER = 64 * 1024
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class CannotSign(NotYet):
    """The unit signs, and cannot now. The paper waits; the message says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            _("%(reason)s文书等待签名，恢复后自动打印；急用可以在文书页面改为不签名打印。")
            % {"reason": reason}
        )


class Signer(Protocol):
    """`certificate` is None for the one that does not sign."""

    @property
    def certificate(self) -> Certificate | None: ...

    def sign(self, message: bytes) -> bytes:
        """The signature over SHA-256 of `message`: ECDSA as DER, or RSA PKCS #1 v1.5.

        Raises CannotSign.
        """
        ...


class NoSigner:
    """Signs nothing: the paper leaves as it was printed."""

    certificate: Certificate | None = None

    def sign(self, message: bytes) -> bytes:
        raise ValueError("this signer does not sign")


class LocalKey:
    """Signs with the unit's key, which is sealed in the database and opened here.

    Raises CannotSign at once when the key does not open or is not the certificate's.
    """

    def __init__(self, certificate: Certificate) -> None:
        self.certificate: Certificate | None = certificate
        try:
            key = serialization.load_pem_private_key(certificate.key.encode(), None)
        except (SealError, ValueError, TypeError, UnsupportedAlgorithm) as fault:
            raise CannotSign(_("签名私钥已损坏或打不开。")) from fault
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or (
            key.public_key() != own(certificate.chain).public_key()
        ):
            raise CannotSign(_("签名私钥与证书不符。"))
        self._key = key

    def sign(self, message: bytes) -> bytes:
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(message, ec.ECDSA(hashes.SHA256()))
        return self._key.sign(message, padding.PKCS1v15(), hashes.SHA256())


class OutsideService:
    """Asks a service for the signature; the key never comes here.

    POST to the address, `Content-Type: application/json`, and `Authorization: Bearer …` where the
    record holds a token:

        {"certificate": SHA-256 of the DER certificate, hexadecimal,
         "algorithm": "ecdsa-sha256" or "rsa-pkcs1-sha256",
         "digest": base64 of the SHA-256 digest to be signed}

    Answer 200 with {"signature": base64}; anything else is a refusal. No redirect is followed, the
    answer has ten seconds and 64 KB, and a signature that the certificate does not confirm is
    refused: nothing wrong gets onto a paper.
    """

    def __init__(self, certificate: Certificate) -> None:
        self.certificate: Certificate | None = certificate
        self._own = own(certificate.chain)
        self._address = certificate.address
        try:
            self._token = certificate.key
        except SealError as fault:
            raise CannotSign(_("签名服务的访问令牌打不开。")) from fault
        if not allowed(self._address):
            raise CannotSign(_("签名服务的地址不是 https，已停用。"))

    def sign(self, message: bytes) -> bytes:
        key = self._own.public_key()
        curve = isinstance(key, ec.EllipticCurvePublicKey)
        answer = self._ask(
            {
                "certificate": self._own.fingerprint(hashes.SHA256()).hex(),
                "algorithm": "ecdsa-sha256" if curve else "rsa-pkcs1-sha256",
                "digest": base64.b64encode(hashlib.sha256(message).digest()).decode(),
            }
        )
        try:
            signature = base64.b64decode(json.loads(answer)["signature"], validate=True)
            if isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
            elif isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except (ValueError, KeyError, TypeError, binascii.Error, InvalidSignature) as fault:
            raise CannotSign(_("签名服务返回的签名与证书不符。")) from fault
        return signature

    def _ask(self, question: dict[str, str]) -> bytes:
        parts = urlsplit(self._address)
        host, port = parts.hostname or "", parts.port
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        line: http.client.HTTPConnection
        if parts.scheme == "https":
            trusted = ssl.create_default_context()
            line = http.client.HTTPSConnection(host, port, timeout=SECONDS, context=trusted)
        else:
            line = http.client.HTTPConnection(host, port, timeout=SECONDS)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            line.request("POST", path, json.dumps(question), headers)
            response = line.getresponse()
            status, answer = response.status, response.read(LARGEST_ANSWER)
        except (OSError, http.client.HTTPException) as fault:
            raise CannotSign(_("签名服务没有应答。")) from fault
        finally:
            line.close()
        if status != http.client.OK:
            raise CannotSign(_("签名服务拒绝签名（%(status)s）。") % {"status": status})
        return answer


def own(chain: str) -> x509.Certificate:
    """The signer's own certificate: the first of the chain."""
    return x509.load_pem_x509_certificates(chain.encode())[0]


def allowed(address: str) -> bool:
    """Whether a signing service may be asked there: https, or this machine itself."""
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return False
    if parts.username is not None or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def certificate_for(notice: Notice) -> Certificate | None:
    """The certificate in use of the organ that the paper names; None where it has none.

    Demonstration papers have demonstration certificates only, real papers real ones only.
    """
    ids = notice.unit.ancestor_ids()
    held = {
        each.unit_id: each
        for each in Certificate.objects.in_use()
        .filter(unit__in=ids, is_demonstration=notice.is_demonstration)
        .select_related("unit")
    }
    for pk in reversed(ids):
        found = held.get(pk)
        if found is not None and found.unit.organ == notice.unit.organ:
            return found
    return None


def signer_for(notice: Notice, *, at: datetime) -> Signer:
    """The signer of this paper at that moment.

    Raises:
        CannotSign: the certificate is not valid yet or no longer, or its key does not open.
    """
    certificate = certificate_for(notice)
    if certificate is None or Waiver.objects.filter(notice=notice).exists():
        return NoSigner()
    if at > certificate.not_after:
        raise CannotSign(_("签名证书已于%(day)s到期。") % {"day": _day(certificate.not_after)})
    if at < certificate.not_before:
        raise CannotSign(_("签名证书自%(day)s起才有效。") % {"day": _day(certificate.not_before)})
    if certificate.source == Certificate.Source.OUTSIDE:
        return OutsideService(certificate)
    return LocalKey(certificate)


def parts() -> ModuleType:
    """`notices.pades`, imported: in a worker or a command, never in the web. Raises NotYet."""
    try:
        return import_module("notices.pades")
    except ImportError as fault:
        raise NotYet(_("签名组件未安装，安装后会自动打印。")) from fault


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"
