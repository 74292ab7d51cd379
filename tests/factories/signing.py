"""Certificates to sign with: an authority of the tests, a signer's certificate, its file forms.

`certificate(unit)` registers one for a unit with a key in the database; `held()` makes one that is
not registered. Everything is EC P-256 unless `key` is given.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from accounts.models import Unit
from notices import certificates
from notices.certificates import Held
from notices.models import Certificate

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def _named(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(signs: bool) -> x509.KeyUsage:
    rest = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_cert_sign=not signs,
        crl_sign=not signs,
        **rest,
    )


def _made(
    subject: str, issuer: str, key: Any, by: Any, *, ca: bool, first: datetime, last: datetime
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(_named(subject))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(_usage(not ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
        )
        .sign(by, hashes.SHA256())
    )


@cache
def authority(name: str = "广西某根证书") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    span = {"first": NOW - 3650 * DAY, "last": NOW + 3650 * DAY}
    return Authority(_made(name, name, key, key, ca=True, **span), key)


def held(
    subject: str = "南宁市公安局",
    *,
    first: datetime = NOW - DAY,
    last: datetime = NOW + 365 * DAY,
    key: Any = None,
    issuer: str = "广西某根证书",
    ca: bool = False,
) -> Held:
    above = authority(issuer)
    key = key or ec.generate_private_key(ec.SECP256R1())
    own = _made(subject, issuer, key, above.key, ca=ca, first=first, last=last)
    return Held((own, above.certificate), key)


def certificate(unit: Unit, given: Held | None = None, **facts: Any) -> Certificate:
    """Registered through the verb. A demonstration unit gets one of a demonstration authority."""
    if given is None and unit.is_demonstration:
        facts = {"issuer": "演示根证书", "subject": "某局（演示）", **facts}
    outside = {k: facts.pop(k) for k in ("address", "token") if k in facts}
    given = given or held(**facts)
    if outside:
        return certificates.register(
            unit,
            Held(given.chain, None),
            source="outside",
            address=outside["address"],
            token=outside.get("token", ""),
            by=None,
            at=NOW,
        )
    at = min(NOW, given.own.not_valid_after_utc - timedelta(minutes=1))
    return certificates.register(unit, given, source="local", by=None, at=at)


def pem_key(given: Held, password: str = "") -> bytes:
    assert given.key is not None
    return given.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password.encode())
        if password
        else serialization.NoEncryption(),
    )


def p12(given: Held, password: str) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"seal",
        given.key,
        given.own,
        given.chain[1:],
        serialization.BestAvailableEncryption(password.encode()),
    )
