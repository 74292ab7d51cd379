"""Numbers as the statutes print them: 第五十九条之一第二款第三项."""

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """The number in Chinese numerals as used for articles (1 to 9999).

    10 is 十 and 15 is 十五 (not 一十五), 101 is 一百零一, 110 is 一百一十.
    Raises ValueError outside 1 to 9999.
    """
    if not 1 <= number <= 9999:
        raise ValueError(f"no article number: {number}")
    words, zero_due = "", False
    for value, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit == 0:
            zero_due = bool(words) and number > 0
            continue
        words += ("零" if zero_due else "") + _DIGITS[digit] + unit
        zero_due = False
    return words.removeprefix("一") if words.startswith("一十") else words


def label(
    number: int | None, suffix: int = 0, para: int | None = None, item: int | None = None
) -> str:
    """第二十一条第一款第四项; "" for a law as a whole (no article number).

    `suffix` is the number after 之 of an inserted article: 第二百八十七条之一.
    """
    if number is None:
        return ""
    words = f"第{chinese(number)}条"
    if suffix:
        words += f"之{chinese(suffix)}"
    if para is not None:
        words += f"第{chinese(para)}款"
    if item is not None:
        words += f"第{chinese(item)}项"
    return words


def locator(
    number: int | None, suffix: int = 0, para: int | None = None, item: int | None = None
) -> str:
    """The same place in English and in references: 21(1)[4], 287-1(2); "" for a whole law."""
    if number is None:
        return ""
    words = str(number)
    if suffix:
        words += f"-{suffix}"
    if para is not None:
        words += f"({para})"
    if item is not None:
        words += f"[{item}]"
    return words


_VALUES = {"零": 0, "〇": 0, "○": 0, "两": 2, **{word: n for n, word in enumerate(_DIGITS)}}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def number_of(text: str) -> int | None:
    """The number that Chinese or Arabic numerals write: 二百八十七, 一〇三, 21, ２１.

    None for what is no number below 10,000; the inverse of `chinese`.
    """
    text = text.strip()
    if text.isdecimal() and len(text) <= 4:
        return int(text)
    if not text or any(each not in _VALUES and each not in _UNITS for each in text):
        return None
    if not any(each in _UNITS for each in text):
        digits = "".join(str(_VALUES[each]) for each in text)
        return int(digits) if len(digits) <= 4 else None
    total, digit, last = 0, None, 10_000
    for each in text:
        if each in _VALUES:
            if digit:  # two digits in a row say nothing
                return None
            digit = _VALUES[each]
            continue
        unit = _UNITS[each]
        if unit >= last:
            return None
        total += unit * (1 if digit is None else digit)
        digit, last = None, unit
    return total + (digit or 0)
