"""Articles of the ministry's order on inspections, as a sentence quotes them.

Order 176 of the Ministry of Public Security governs visits from 2026-10-01, Order 151 those before.
"""

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from legal.numerals import label, locator

ORDER_176_FROM = date(2026, 10, 1)


def order_176(number: int, para: int | None = None) -> str:
    """公安部令第176号第四条第二款."""
    return _("公安部令第176号%(article)s") % {"article": _place(number, para)}


def order_151(number: int, para: int | None = None) -> str:
    """公安部令第151号第十九条."""
    return _("公安部令第151号%(article)s") % {"article": _place(number, para)}


def _place(number: int, para: int | None) -> str:
    if (get_language() or "zh").startswith("zh"):
        return label(number, para=para)
    return f" art. {locator(number, para=para)}"
