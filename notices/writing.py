"""How papers write dates, times and sums. Chinese only, whatever the reader's language."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def date(day: datetime.date) -> str:
    """2025年1月8日: no zeros before (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment(at: datetime.datetime) -> str:
    """2025年1月8日9时05分, in Shanghai."""
    local = timezone.localtime(at)
    return f"{date(local.date())}{local.hour}时{local.minute:02}分"


def money(yuan: Decimal) -> str:
    """人民币伍万元整（50000元）: capitals first, the figure after it.

    Raises ValueError for a sum that is negative, has parts of a fen, or has 17 places and more.
    """
    fen = yuan * 100
    if yuan < 0 or fen != fen.to_integral_value() or yuan >= 10**16:
        raise ValueError(f"no sum of money: {yuan}")
    figure = f"{yuan.normalize():f}"
    return f"人民币{_capitals(int(fen))}（{figure}元）"


def _capitals(fen: int) -> str:
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    words = (_whole(yuan) + "元") if yuan else ("" if fen else "零元")
    if not jiao and not rest:
        return words + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    return words + (_DIGITS[rest] + "分" if rest else "")


def _whole(number: int) -> str:
    words, zero, group = "", False, 0
    parts = []
    while number:
        parts.append(number % 10000)
        number //= 10000
    for group in reversed(range(len(parts))):
        part = parts[group]
        if not part:
            zero = bool(words)
            continue
        if zero or (words and part < 1000):
            words += "零"
        zero = False
        words += _thousands(part) + _GROUPS[group]
    return words


def _thousands(number: int) -> str:
    words, zero = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if not digit:
            zero = zero or bool(words)
            continue
        words += ("零" if zero else "") + _DIGITS[digit] + _PLACES[place]
        zero = False
    return words


def open_end(text: str) -> str:
    """Without its full stop: the template ends the sentence."""
    return text.strip().rstrip("。；")


def plain(value: Any) -> str:
    """A cell of a table: dates, times and sums as above, anything else as it is."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, datetime.date):
        return date(value)
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return str(value).strip()
