"""Keys and the one seal that every secret at rest passes through.

A sealed text is `header | nonce | ciphertext and tag`. The header says version, algorithm and
key id, so that algorithm and key can change while old rows stay readable. Header and place
("accounts.user:phone:<pk>") are authenticated with the text: a ciphertext that is moved to
another row, column or table does not open.

`ZHENGGAI_KEYS` holds `id:base64,id:base64,…` or the JSON object `{"id": "base64", …}`; the first
is the current key, the others only read. Every key has 32 bytes; the key of an algorithm is
derived from it, so that AES and SM4 never share one. `ZHENGGAI_INDEX_KEY` (base64, 32 bytes) is
the key of the blind indexes and nothing else.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32
KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,32}\Z")


class SealError(Exception):
    """A sealed text does not open: damaged, moved to another place, or its key is absent."""


@dataclass(frozen=True)
class KeyRing:
    """The keys by id. `current` seals, all of them open."""

    current: str
    keys: dict[str, bytes]

    def key(self, key_id: str) -> bytes:
        try:
            return self.keys[key_id]
        except KeyError:
            raise SealError(f"The key {key_id!r} is not among ZHENGGAI_KEYS.") from None


def _decode(text: str, what: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise ImproperlyConfigured(f"{what} is not base64.") from None
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{what} has {len(key)} bytes; it needs {KEY_BYTES}.")
    return key


@lru_cache(maxsize=8)
def _parse(text: str) -> KeyRing:
    text = text.strip()
    if not text:
        raise ImproperlyConfigured("ZHENGGAI_KEYS is not set; without it nothing can be sealed.")
    if text.startswith("{"):
        pairs = list(json.loads(text).items())
    else:
        pairs = []
        for part in filter(None, re.split(r"[,\s]+", text)):
            key_id, colon, value = part.partition(":")
            if not colon:
                raise ImproperlyConfigured("ZHENGGAI_KEYS must read id:base64,id:base64,…")
            pairs.append((key_id, value))
    keys: dict[str, bytes] = {}
    for key_id, value in pairs:
        if not KEY_ID.match(key_id):
            raise ImproperlyConfigured(f"The key id {key_id!r} in ZHENGGAI_KEYS is not usable.")
        if key_id in keys:
            raise ImproperlyConfigured(f"The key id {key_id!r} stands twice in ZHENGGAI_KEYS.")
        keys[key_id] = _decode(value, f"The key {key_id!r} in ZHENGGAI_KEYS")
    return KeyRing(pairs[0][0], keys)


def ring() -> KeyRing:
    """The key ring of the settings. Raises ImproperlyConfigured with the reason."""
    return _parse(settings.ZHENGGAI_KEYS)


@lru_cache(maxsize=64)
def _derived(key: bytes, purpose: str, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=f"zhenggai {purpose}".encode()).derive(key)


# --- Algorithms ------------------------------------------------------------------------------


class Aes256Gcm:
    code = 1
    name = "AES-256-GCM"

    @staticmethod
    def encrypt(key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        return AESGCM(_derived(key, "aes-256-gcm", 32)).encrypt(nonce, plain, bound)

    @staticmethod
    def decrypt(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        return AESGCM(_derived(key, "aes-256-gcm", 32)).decrypt(nonce, sealed, bound)


class Sm4Gcm:
    """GB/T 32907 block cipher in GCM, where the OpenSSL beneath `cryptography` offers it."""

    code = 2
    name = "SM4-GCM"

    @staticmethod
    def _cipher(key: bytes, mode: modes.GCM) -> Cipher:
        return Cipher(algorithms.SM4(_derived(key, "sm4-gcm", 16)), mode)

    @classmethod
    def encrypt(cls, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        encryptor = cls._cipher(key, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    @classmethod
    def decrypt(cls, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        text, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
        decryptor = cls._cipher(key, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(bound)
        return decryptor.update(text) + decryptor.finalize()


ALGORITHMS = {algorithm.code: algorithm for algorithm in (Aes256Gcm, Sm4Gcm)}


@lru_cache(maxsize=4)
def _algorithm(name: str) -> type[Aes256Gcm] | type[Sm4Gcm]:
    for algorithm in ALGORITHMS.values():
        if algorithm.name == name:
            break
    else:
        names = ", ".join(each.name for each in ALGORITHMS.values())
        raise ImproperlyConfigured(f"ZHENGGAI_CIPHER is {name!r}; use one of {names}.")
    try:
        algorithm.encrypt(bytes(KEY_BYTES), bytes(NONCE_BYTES), b"", b"")
    except UnsupportedAlgorithm:
        raise ImproperlyConfigured(
            f"ZHENGGAI_CIPHER is {name}, which the cryptography library here does not offer; "
            f"set it to {Aes256Gcm.name}."
        ) from None
    return algorithm


def cipher() -> type[Aes256Gcm] | type[Sm4Gcm]:
    """The algorithm that seals from now on (`ZHENGGAI_CIPHER`, AES-256-GCM by default).

    Raises ImproperlyConfigured for an unknown name or one that this machine cannot do.
    """
    return _algorithm(getattr(settings, "ZHENGGAI_CIPHER", Aes256Gcm.name))


# --- Sealing ---------------------------------------------------------------------------------


def seal(plain: bytes, place: str) -> bytes:
    """Seal `plain` for `place` with the current key. Equal texts never look equal."""
    keys, algorithm = ring(), cipher()
    key_id = keys.current.encode("ascii")
    header = bytes([VERSION, algorithm.code, len(key_id)]) + key_id
    nonce = os.urandom(NONCE_BYTES)
    bound = header + place.encode()
    return header + nonce + algorithm.encrypt(keys.key(keys.current), nonce, plain, bound)


@dataclass(frozen=True)
class Header:
    algorithm: int
    key_id: str
    size: int


def header(sealed: bytes) -> Header:
    """What a sealed text says about itself. Raises SealError when it says nothing sensible."""
    if len(sealed) < 3 or sealed[0] != VERSION or sealed[1] not in ALGORITHMS:
        raise SealError("This is not a sealed text of a known version.")
    size = 3 + sealed[2]
    if len(sealed) < size + NONCE_BYTES + TAG_BYTES:
        raise SealError("The sealed text is cut off.")
    key_id = sealed[3:size].decode("ascii", errors="replace")
    return Header(sealed[1], key_id, size)


def open_sealed(sealed: bytes, place: str) -> bytes:
    """The plain bytes. Raises SealError if damaged, moved from `place`, or the key is absent."""
    head = header(sealed)
    key = ring().key(head.key_id)
    bound = sealed[: head.size] + place.encode()
    nonce = sealed[head.size : head.size + NONCE_BYTES]
    try:
        return ALGORITHMS[head.algorithm].decrypt(
            key, nonce, sealed[head.size + NONCE_BYTES :], bound
        )
    except InvalidTag:
        raise SealError(f"The sealed text was altered or does not belong to {place}.") from None


def is_current(sealed: bytes) -> bool:
    """Whether key and algorithm are those that would seal today."""
    head = header(sealed)
    return head.key_id == ring().current and head.algorithm == cipher().code


# --- Blind index -----------------------------------------------------------------------------


def normalised(value: str) -> str:
    """One spelling for what people type: full-width digits, spaces and case do not matter."""
    return re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", value)).upper()


@lru_cache(maxsize=4)
def _index_key(text: str) -> bytes:
    if not text:
        raise ImproperlyConfigured("ZHENGGAI_INDEX_KEY is not set; no blind index can be made.")
    return _decode(text, "ZHENGGAI_INDEX_KEY")


def blind(purpose: str, value: str) -> str:
    """The blind index of `value`: 64 hexadecimal characters, or "" for nothing.

    An HMAC-SHA256 under a key of its own: a bare hash of an identity number is found by trying
    all of them within a minute. `purpose` keeps equal values in different columns apart.
    """
    value = normalised(value)
    if not value:
        return ""
    key = _derived(_index_key(settings.ZHENGGAI_INDEX_KEY), f"index {purpose}", 32)
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
