"""How papers write dates, times and sums. Chinese only, whatever the reader's language."""

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_TOO_MUCH = Decimal(10) ** 12  # 万亿: no penalty is that high, and its writing is not settled
_FIGURE = re.compile(r"（(\d+(?:\.\d\d)?)元）")


def date(day: datetime.date) -> str:
    """2025年1月8日: no zeros before (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment(at: datetime.datetime) -> str:
    """2025年1月8日9时05分, in Shanghai."""
    local = timezone.localtime(at)
    return f"{date(local.date())}{local.hour}时{local.minute:02}分"


def money(yuan: Decimal) -> str:
    """人民币伍万元整（50000元）: capitals first, the figure after it.

    So decisions of the police write a fine. Capitals, because a figure in a paper that is filled
    in, signed and copied can be altered with one stroke; the figure after it, because few read
    capitals at sight. The figure has no separators, and two places where there are jiao or fen.

    Raises ValueError for a sum that is negative, has parts of a fen, or reaches 万亿.
    """
    if not yuan.is_finite() or yuan < 0 or yuan >= _TOO_MUCH:
        raise ValueError(f"no sum of money: {yuan}")
    fen = yuan * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"no sum of money: {yuan}")
    figure = f"{yuan:.2f}" if fen % 100 else f"{yuan:.0f}"
    return f"人民币{_capitals(int(fen))}（{figure}元）"


def yuan(sum_of_money: Any) -> Decimal | None:
    """The sum, given as itself or as `money` writes it; None for anything else.

    For conditions on the facts of a paper, which are asked both before and after they are written.
    """
    found = _FIGURE.search(sum_of_money) if isinstance(sum_of_money, str) else None
    try:
        read = Decimal(found[1] if found else sum_of_money)
    except (InvalidOperation, TypeError, ValueError):
        return None
    return read if read.is_finite() else None


def _capitals(fen: int) -> str:
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    words = (_whole(yuan) + "元") if yuan else ("" if fen else "零元")
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif yuan and rest:
        words += "零"
    return words + (_DIGITS[rest] + "分" if rest else "整")  # 整: nothing can be added


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
        return money(value)
    return str(value).strip()
