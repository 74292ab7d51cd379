"""A certificate authority for the demonstration: made on the spot, for demonstration units alone.

It signs the certificate of each unit that has none, and its own key is forgotten at once: there is
no file to lose. 演示 stands in every name. Whoever trusts it trusts papers without any effect.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import transaction

from accounts.models import Unit
from notices import certificates
from notices.certificates import Held
from notices.models import Certificate

YEARS = timedelta(days=3653)
EARLIER = timedelta(minutes=10)  # clocks differ
ROOM = 64 - len("（演示）".encode())  # bytes: a common name has 64


@transaction.atomic
def ensure(*, at: datetime) -> list[Certificate]:
    """A certificate for each demonstration unit that never had one; those that were made."""
    units = list(
        Unit.objects.filter(is_demonstration=True, certificates__isnull=True).order_by("path")
    )
    if not units:
        return []
    authority, key = _authority(at)
    return [
        certificates.register(
            unit,
            _certificate(unit, authority, key, at),
            source=Certificate.Source.LOCAL,
            by=None,
            at=at,
        )
        for unit in units
    ]


def made_for(unit: Unit, *, at: datetime) -> Held:
    """A certificate of that unit by an authority of its own; nothing is registered."""
    authority, key = _authority(at)
    return _certificate(unit, authority, key, at)


def _authority(at: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("演示样例 无法律效力", f"演示签名根证书 {secrets.token_hex(4)}")
    made = (
        _begin(name, name, key, at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(issues=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made, key


def _certificate(
    unit: Unit, authority: x509.Certificate, key: ec.EllipticCurvePrivateKey, at: datetime
) -> Held:
    own = ec.generate_private_key(ec.SECP256R1())
    organ = unit.organ.encode()[:ROOM].decode(errors="ignore")
    name = _name("演示样例 无法律效力", f"{organ}（演示）")
    made = (
        _begin(name, authority.subject, own, at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(issues=False), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    return Held((made, authority), own)


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, at: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - EARLIER)
        .not_valid_after(at + YEARS)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=not issues,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )
