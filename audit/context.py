"""What the door knows and the record wants: request id and address of the client."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    request_id: str = ""
    ip: str | None = None


NOWHERE = Source()
_source: ContextVar[Source] = ContextVar("audit_source")


def current() -> Source:
    return _source.get(NOWHERE)


@contextmanager
def from_source(source: Source) -> Iterator[None]:
    """Everything recorded inside carries this request id and address."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
