"""The standing paragraphs of papers: remedies, rights, contact.

A paragraph has a code, a wording of the house (`BLOCKS`), and placeholders that the unit and the
register fill. A row of `TextBlock` puts another wording in its place from a day on: the nearest
unit upwards that has one, there the latest that is in effect; a row without unit holds for all.
Officers never supply markup: the words go through autoescape like any others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from legal import limits
from notices.models import TextBlock


@dataclass(frozen=True)
class Block:
    """`default` is printed where no unit has its own wording."""

    code: str
    word: str | Promise
    default: str
    basis: tuple[str, ...] = ()


BLOCKS = {
    block.code: block
    for block in (
        Block(
            "remedies",
            _("救济途径"),
            "如不服本决定，可以自收到本通知书之日起{reconsideration_within}内向"
            "{reconsideration_body}申请行政复议，或者自收到本通知书之日起{litigation_within}内"
            "依法向{court}提起行政诉讼。",
            ("ARL@2023:20(1)", "ALL@2017:46"),
        ),
    )
}


def placeholders(unit: Unit) -> dict[str, str]:
    """What `{name}` in a wording stands for; see also `validate`."""
    return {
        "organ": unit.organ,
        "address": unit.address,
        "phone": unit.phone,
        "reconsideration_body": unit.reconsideration_body,
        "court": unit.court or "人民法院",
        "reconsideration_within": limits.of("RECONSIDERATION").words_on_paper,
        "litigation_within": limits.of("LITIGATION").words_on_paper,
    }


def wordings(unit: Unit, codes: Iterable[str], on: date) -> dict[str, TextBlock | None]:
    """The row whose wording holds for the unit on that day; None where the default does."""
    codes = list(codes)
    if not codes:
        return {}
    nearest = {pk: place for place, pk in enumerate(reversed(unit.ancestor_ids()))}
    rows = TextBlock.objects.filter(
        Q(unit=None) | Q(unit__in=nearest), code__in=codes, effective_from__lte=on
    )
    best: dict[str, TextBlock | None] = dict.fromkeys(codes)

    def rank(row: TextBlock) -> tuple[int, int]:
        return nearest.get(row.unit_id or 0, len(nearest)), -row.effective_from.toordinal()

    for row in sorted(rows, key=rank, reverse=True):
        best[row.code] = row
    return best


def filled(unit: Unit, codes: Iterable[str], on: date) -> dict[str, str]:
    """code -> the paragraph as it is printed on that day."""
    values = placeholders(unit)
    return {
        code: fill(row.text if row else BLOCKS[code].default, values)
        for code, row in wordings(unit, codes, on).items()
    }


def fill(wording: str, values: dict[str, str]) -> str:
    """Plain replacement: nothing is a format string."""
    for name, value in values.items():
        wording = wording.replace("{" + name + "}", value)
    return wording
