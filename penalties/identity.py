"""Identity numbers of persons: the citizen number of GB 11643, checked to the last character.

The region of birth is not looked up: divisions come and go, and old numbers keep theirs.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from penalties.models import Respondent
from vault import masks

CITIZEN = "居民身份证"
#: Papers that identify a person; any other is written in words.
KINDS = {
    CITIZEN: _("居民身份证"),
    "港澳居民居住证": _("港澳居民居住证"),
    "台湾居民居住证": _("台湾居民居住证"),
    "护照": _("护照"),
    "外国人永久居留身份证": _("外国人永久居留身份证"),
}
_SHAPE = re.compile(r"[1-9]\d{16}[\dX]")


def clean(text: str) -> str:
    """Half-width, capitals, no blanks: as people paste it from papers."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def is_citizen_number(number: str) -> bool:
    """Whether shape, date of birth and check character fit."""
    if not _SHAPE.fullmatch(number) or born_on(number) is None:
        return False
    return bool(ric.calc_check_digit(number) == number[-1])


def born_on(number: str) -> date | None:
    """The date of birth that a citizen number carries; None where it carries none."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """男 or 女, by the last digit of the serial."""
    return "男" if int(number[16]) % 2 else "女"


def on_paper(respondent: Respondent) -> str:
    """居民身份证450***********0033, as papers print it; "" where no number is known.

    The words of a paper are kept as they were frozen and are not sealed, so they hold no number in
    full; who needs it reveals it on the page of the party, which is on the record.
    """
    if not respondent.identity:
        return ""
    return f"{respondent.identity_kind}{masks.identity(respondent.identity)}"
