"""Numbers of papers: per unit, kind and year, without a gap, each once."""

from django.db import connection

from accounts.models import Unit
from notices import kinds
from notices.models import NumberPattern

_TAKE = """
    INSERT INTO notices_series AS series (unit_id, kind, year, last)
    VALUES (%s, %s, %s, 1)
    ON CONFLICT (unit_id, kind, year) DO UPDATE SET last = series.last + 1
    RETURNING last
"""


def take(unit: Unit, kind: str, year: int) -> int:
    """The next number of the series; the first one is 1.

    One statement that locks the row until the transaction ends: whoever asks next waits for
    this commit, and gets the same number again if it rolls back. So take it last, and do
    nothing slow afterwards.

    Raises RuntimeError outside a transaction, where a failure would leave a gap.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [unit.pk, kind, year])
        return int(cursor.fetchone()[0])


def pattern_for(unit: Unit, kind: str) -> str:
    """The unit's own pattern, or the default of the kind."""
    own = NumberPattern.objects.filter(unit=unit, kind=kind).values_list("pattern", flat=True)
    return own.first() or kinds.get(kind).pattern


def write(pattern: str, *, abbreviation: str, year: int, serial: int) -> str:
    """南公（网安）责通字〔2025〕12号. Plain replacement: nothing is a format string."""
    return (
        pattern.replace("{year}", str(year))
        .replace("{serial}", str(serial))
        .replace("{abbreviation}", abbreviation)
    )
