"""Dates, numbers and hashes the way the portal writes them, in Chinese and in English.

| | Chinese | English |
|---|---|---|
| full | 2025年2月12日 | 12 Feb 2025 |
| with weekday | 2025年2月12日（周三） | Wed 12 Feb 2025 |
| short | 2月12日 | 12 Feb |
| moment | 2月12日 10:25 | 12 Feb 10:25 |

The two languages order their parts differently, so that the pattern is chosen here and not by
a translated format string.
"""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language

WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


def is_chinese() -> bool:
    """Whether the page that is being written is in Chinese (also when no language is active)."""
    return (get_language() or "zh-hans").startswith("zh")


def as_date(value: date | datetime | str) -> date:
    """The day of a date, of a moment (in the portal's time zone) or of an ISO string.

    Raises ValueError for a string that is not an ISO date.
    """
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def full(day: date) -> str:
    """2025年2月12日 / 12 Feb 2025."""
    if is_chinese():
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def short(day: date) -> str:
    """2月12日 / 12 Feb: for a place where the year is plain."""
    if is_chinese():
        return f"{day.month}月{day.day}日"
    return f"{day.day} {MONTHS_EN[day.month - 1]}"


def month(day: date) -> str:
    """2025年2月 / Feb 2025."""
    if is_chinese():
        return f"{day.year}年{day.month}月"
    return f"{MONTHS_EN[day.month - 1]} {day.year}"


def weekday(day: date) -> str:
    """周三 / Wed."""
    return (WEEKDAYS_ZH if is_chinese() else WEEKDAYS_EN)[day.weekday()]


def with_weekday(day: date, *, year: bool = True) -> str:
    """2025年2月12日（周三） / Wed 12 Feb 2025."""
    written = full(day) if year else short(day)
    return f"{written}（{weekday(day)}）" if is_chinese() else f"{weekday(day)} {written}"


def moment(at: datetime, *, this_year: int) -> str:
    """2月12日 10:25, with the year in front when it is not `this_year`."""
    at = timezone.localtime(at) if timezone.is_aware(at) else at
    day = short(at.date()) if at.year == this_year else full(at.date())
    return f"{day} {at:%H:%M}"


def money(amount: int | float | Decimal | str, *, in_ten_thousands: bool = False) -> str:
    """30,000 元 / 30,000 yuan; for figures on the board 38.5 万元 (English keeps whole yuan).

    `amount` is in yuan. Fen are written only when there are some.
    """
    yuan = Decimal(str(amount))
    if in_ten_thousands and is_chinese():
        tens = (yuan / 10_000).quantize(Decimal("0.1"))
        return f"{tens:,.0f} 万元" if tens == tens.to_integral() else f"{tens:,} 万元"
    written = f"{yuan:,.0f}" if yuan == yuan.to_integral() else f"{yuan:,.2f}"
    return f"{written} 元" if is_chinese() else f"{written} yuan"


def hash_short(digest: str) -> str:
    """9f2c 41d7 … 0be3 7a15: enough to compare at a glance, never to prove."""
    if len(digest) <= 16:
        return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))
    return f"{digest[:4]} {digest[4:8]} … {digest[-8:-4]} {digest[-4:]}"


def hash_full(digest: str) -> str:
    """The whole digest in groups of eight."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def size(count: int) -> str:
    """186 KB, 2.4 MB: the size of a file of `count` bytes."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{round(count / 1024)} KB"
    return f"{count / 1024 / 1024:.1f} MB"
