"""Masked forms: what a page shows of a personal datum without a reason on the record."""

import re
from datetime import date

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{9}[\dXx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?(1[3-9]\d)([- ]?)(\d{4})\2(\d{4})(?!\d)")


def phone(value: str) -> str:
    """138****5678; a landline keeps its last two digits; "" stays ""."""
    value = value.strip()
    digits = re.sub(r"\D", "", value)
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    return "*" * max(len(value) - 2, 0) + value[-2:] if value else ""


def email(value: str) -> str:
    """w***@example.cn: the first character and the domain; "" stays ""."""
    name, at, domain = value.strip().rpartition("@")
    return f"{name[:1]}***@{domain}" if at else "*" * len(domain)


def identity(value: str) -> str:
    """110***********1234; anything shorter keeps its first and last character."""
    value = value.strip()
    if len(value) >= 15:
        return f"{value[:3]}{'*' * (len(value) - 7)}{value[-4:]}"
    if len(value) <= 2:
        return "*" * len(value)
    return f"{value[0]}{'*' * (len(value) - 2)}{value[-1]}"


def name_of_person(value: str) -> str:
    """韦*强, 李*; a Latin name keeps its first letter."""
    value = value.strip()
    if len(value) <= 1:
        return value
    if len(value) == 2 or value.isascii():
        return value[0] + "*" * (len(value) - 1)
    return value[0] + "*" * (len(value) - 2) + value[-1]


def address(value: str) -> str:
    """The first six characters, then asterisks: enough to tell two addresses apart."""
    value = value.strip()
    return value if not value else value[:6] + "*" * max(len(value) - 6, 4)


def _is_identity(text: str) -> bool:
    """Birth date and check character (GB 11643) fit: a bank number of 18 digits does not."""
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(
        int(digit) * (2**place % 11) for digit, place in zip(text, range(17, 0, -1), strict=False)
    )
    return "10X98765432"[total % 11] == text[17].upper()


def scrub(text: str) -> str:
    """The text with every identity number and mobile number in it masked."""
    text = _IDENTITY.sub(lambda m: identity(m[0]) if _is_identity(m[0]) else m[0], text)
    return _MOBILE.sub(lambda m: f"{m[1]}****{m[4]}", text)
