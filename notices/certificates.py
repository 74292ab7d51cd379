"""Signing certificates of units: read from the files that an authority gives, registered, retired.

    read         PEM or PKCS #12 -> certificate chain and key, checked against each other
    register     a unit begins to sign
    retire       ... and ceases to; the key is destroyed

A password opens a file here once and is kept nowhere. Renewing is retiring one and registering the
next; papers that were signed keep the certificate that they were signed with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User
from audit import trail
from audit.trail import Reason, Refused
from jobs import health
from notices import signing
from notices.models import Certificate

LONGEST_CHAIN = 6
LEAST_RSA = 2048
CURVES = (ec.SECP256R1, ec.SECP384R1)
DEMONSTRATION = "演示"

trail.words(
    {
        "certificates.register": gettext_lazy("登记签名证书"),
        "certificates.retire": gettext_lazy("停用签名证书"),
    }
)


class BadFile(ValueError):
    """The file is no certificate that can be used; says why, for the administrator."""


@dataclass(frozen=True)
class Held:
    """What a file held: the chain, the signer's own certificate first, and its key, if any."""

    chain: tuple[x509.Certificate, ...]
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None

    @property
    def own(self) -> x509.Certificate:
        return self.chain[0]

    @property
    def pem(self) -> str:
        return "".join(
            each.public_bytes(serialization.Encoding.PEM).decode() for each in self.chain
        )

    @property
    def key_pem(self) -> str:
        if self.key is None:
            return ""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()


def read(*files: bytes, password: str = "") -> Held:
    """What the files hold together: one PKCS #12, or PEM with certificates and a key.

    Raises BadFile: unreadable, wrong password, no certificate, a kind of key that cannot sign here
    (SM2 among them), a key that is not the certificate's, or a chain that does not hang together.
    """
    secret = password.encode() or None
    certificates: list[x509.Certificate] = []
    keys: list[Any] = []
    for data in files:
        if b"-----BEGIN" in data:
            certificates += _certificates(data)
            keys += _keys(data, secret)
        else:
            _opened(data, secret, certificates, keys)
    if not certificates:
        raise BadFile(_("文件里没有证书。"))
    if len(keys) > 1:
        raise BadFile(_("文件里有多个私钥，请只提供证书的那一个。"))
    key = keys[0] if keys else None
    if key is not None and not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise BadFile(_("不支持这种私钥，请使用 EC P-256 或 RSA 2048 位以上的证书。"))
    held = Held(_in_order(certificates, key), key)
    _check(held.own)
    return held


def _certificates(data: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN CERTIFICATE" not in data:
        return []
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as fault:
        raise BadFile(_("证书读不出来，文件可能不完整。")) from fault


def _keys(data: bytes, secret: bytes | None) -> list[Any]:
    if b"PRIVATE KEY-----" not in data:
        return []
    encrypted = b"ENCRYPTED" in data
    if encrypted and secret is None:
        raise BadFile(_("私钥有密码保护，请填写密码。"))
    try:
        return [serialization.load_pem_private_key(data, secret if encrypted else None)]
    except UnsupportedAlgorithm as fault:
        raise BadFile(_unsupported()) from fault
    except (ValueError, TypeError) as fault:
        raise BadFile(_("私钥读不出来：密码不对，或者文件不完整。")) from fault


def _opened(
    data: bytes, secret: bytes | None, certificates: list[x509.Certificate], keys: list[Any]
) -> None:
    try:
        bag = pkcs12.load_pkcs12(data, secret)
    except UnsupportedAlgorithm as fault:
        raise BadFile(_unsupported()) from fault
    except (ValueError, TypeError) as fault:
        raise BadFile(_("文件打不开：密码不对，或者不是 PEM、PKCS #12 文件。")) from fault
    if bag.cert is not None:
        certificates.append(bag.cert.certificate)
    certificates += [each.certificate for each in bag.additional_certs]
    if bag.key is not None:
        keys.append(bag.key)


def _unsupported() -> str:
    return _("不支持这种算法的证书。国密 SM2 证书的签章请使用符合 GB/T 38540 的外部电子签章系统。")


def _in_order(certificates: list[x509.Certificate], key: Any) -> tuple[x509.Certificate, ...]:
    """The signer's own first, then each by whom it was issued; what does not belong is refused."""
    rest = list(dict.fromkeys(certificates))
    if len(rest) > LONGEST_CHAIN:
        raise BadFile(_("证书链太长。"))
    if key is not None:
        own = next((each for each in rest if _same_key(each, key)), None)
        if own is None:
            raise BadFile(_("私钥与证书不符。"))
    else:
        issuers = {each.issuer for each in rest if each.issuer != each.subject}
        own = next((each for each in rest if each.subject not in issuers), rest[0])
    chain = [own]
    rest.remove(own)
    while rest:
        above = next((each for each in rest if _issued_by(chain[-1], each)), None)
        if above is None:
            raise BadFile(_("证书链不完整，或者混入了无关的证书。"))
        chain.append(above)
        rest.remove(above)
    return tuple(chain)


def _same_key(certificate: x509.Certificate, key: Any) -> bool:
    try:
        return certificate.public_key() == key.public_key()
    except (UnsupportedAlgorithm, ValueError) as fault:
        raise BadFile(_unsupported()) from fault


def _issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _check(own: x509.Certificate) -> None:
    """Whether the certificate may sign documents with a key that can be used here."""
    try:
        key = own.public_key()
    except (UnsupportedAlgorithm, ValueError) as fault:
        raise BadFile(_unsupported()) from fault
    if isinstance(key, ec.EllipticCurvePublicKey):
        if not isinstance(key.curve, CURVES):
            raise BadFile(_unsupported())
    elif not isinstance(key, rsa.RSAPublicKey) or key.key_size < LEAST_RSA:
        raise BadFile(_("不支持这种私钥，请使用 EC P-256 或 RSA 2048 位以上的证书。"))
    try:
        basic = own.extensions.get_extension_for_class(x509.BasicConstraints).value
        if basic.ca:
            raise BadFile(_("这是颁发机构的证书，不能用来给文书签名。"))
    except x509.ExtensionNotFound:
        pass
    try:
        usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            raise BadFile(_("证书的用途不包括数字签名。"))
    except x509.ExtensionNotFound:
        pass


def name_of(name: x509.Name) -> str:
    """How pages write a holder or an issuer: the common name, and the organisation before it."""
    parts: list[str] = []
    for kind in (x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME):
        parts += [str(each.value) for each in name.get_attributes_for_oid(kind)]
    words = " ".join(dict.fromkeys(parts)) or name.rfc4514_string()
    return words[:200]


def can_register(
    unit: Unit, held: Held, *, source: str, address: str = "", at: datetime
) -> list[Reason]:
    """Why this certificate cannot become the unit's; empty when it can."""
    reasons = []
    current = Certificate.objects.in_use().filter(unit=unit).first()
    if current is not None:
        reasons.append(
            Reason(
                text=_("这个单位已有使用中的证书“%(subject)s”，请先停用。")
                % {"subject": current.subject},
                field="unit",
            )
        )
    serial = format(held.own.serial_number, "x")
    issuer = name_of(held.own.issuer)
    if Certificate.objects.filter(issuer=issuer, serial=serial).exists():
        reasons.append(Reason(text=_("这张证书已经登记过，停用后不能再次登记。"), field="file"))
    if held.own.not_valid_after_utc <= at:
        reasons.append(Reason(text=_("证书已经过期。"), field="file"))
    if (DEMONSTRATION in issuer) != unit.is_demonstration:
        text = _("演示证书只能给演示单位使用。")
        if unit.is_demonstration:
            text = _("演示单位只能使用演示证书，见 make_demo_authority。")
        reasons.append(Reason(text=text, field="unit"))
    if source == Certificate.Source.LOCAL and held.key is None:
        reasons.append(Reason(text=_("文件里没有私钥。"), field="file"))
    if source == Certificate.Source.OUTSIDE:
        if held.key is not None:
            reasons.append(
                Reason(text=_("使用外部签名服务时不要上传私钥，只上传证书。"), field="file")
            )
        if not signing.allowed(address):
            reasons.append(Reason(text=_("签名服务的地址须以 https:// 开头。"), field="address"))
    return reasons


@transaction.atomic
def register(
    unit: Unit,
    held: Held,
    *,
    source: str,
    address: str = "",
    token: str = "",
    by: User | None,
    at: datetime,
) -> Certificate:
    """From now on papers of this unit are signed.

    Args:
        address, token: of the outside service; the token is sealed in the place of a key.
        by: None for the portal itself (the demonstration).

    Raises Refused with the reasons of `can_register`.
    """
    reasons = can_register(unit, held, source=source, address=address, at=at)
    if reasons:
        raise Refused(reasons)
    local = source == Certificate.Source.LOCAL
    certificate = Certificate.objects.create(
        unit=unit,
        source=source,
        subject=name_of(held.own.subject),
        issuer=name_of(held.own.issuer),
        serial=format(held.own.serial_number, "x"),
        not_before=held.own.not_valid_before_utc,
        not_after=held.own.not_valid_after_utc,
        chain=held.pem,
        key=held.key_pem if local else token,
        address="" if local else address,
        is_demonstration=unit.is_demonstration,
        added_by=by,
        added_at=at,
    )
    trail.record(
        "certificates.register",
        certificate,
        by=by,
        at=at,
        data={
            "source": source,
            "issuer": certificate.issuer,
            "serial": certificate.serial,
            "not_after": certificate.not_after,
            "address": certificate.address,
        },
    )
    return certificate


def can_retire(certificate: Certificate) -> list[Reason]:
    """Why it cannot be retired; empty when it can."""
    if certificate.retired_on is None:
        return []
    return [
        Reason(text=_("这张证书已于%(day)s停用。") % {"day": f"{certificate.retired_on:%Y-%m-%d}"})
    ]


@transaction.atomic
def retire(certificate: Certificate, *, by: User | None, at: datetime) -> Certificate:
    """No paper is signed with it any more, and its key (or token) is destroyed.

    What it signed stays signed. Raises Refused when it is retired already.
    """
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    reasons = can_retire(locked)
    if reasons:
        raise Refused(reasons)
    locked.retired_on = timezone.localtime(at).date()
    locked.key = ""
    locked.save(update_fields=["retired_on", "key"])
    trail.record("certificates.retire", locked, by=by, at=at, data={"serial": locked.serial})
    return locked


@health.tell
def certificates() -> dict[str, Any]:
    """{"certificates": up | expiring | expired | none}, for /health/: the worst of those in use."""
    at = timezone.now()
    ends = list(Certificate.objects.in_use().values_list("not_after", flat=True))
    if not ends:
        return {"certificates": "none"}
    if min(ends) <= at:
        return {"certificates": "expired"}
    soon = Certificate.objects.ending(at).exists()
    return {"certificates": "expiring" if soon else "up"}
