"""System checks: the keys are there, whole, and not one of them serves two purposes."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from vault import keys


def keys_are_usable(**kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with keys or a cipher that would fail at the first sealed field."""
    problems: list[CheckMessage] = []
    try:
        ring = keys.ring()
        keys.cipher()
        keys.blind("check", "1")
        index = keys._index_key(settings.ZHENGGAI_INDEX_KEY)
    except (ImproperlyConfigured, ValueError) as error:
        return [Error(str(error), id="vault.E001")]
    if index in ring.keys.values():
        problems.append(Error("ZHENGGAI_INDEX_KEY is also one of ZHENGGAI_KEYS.", id="vault.E002"))
    return problems
