"""Reading a bank's list of movements (CSV). Pure: bytes in, lines and faults out; nothing is kept.

UTF-8 or GB18030; columns in any order, named in Chinese or English, separated by comma, semicolon
or tab; lines above the header (account, period) are passed over. A sum stands in one column with
its sign, or in two (收入, 支出). A line that cannot be read is reported with its number and the
reason, and the others are taken. Text is text: a cell that looks like a formula is kept as it is
written, without the wrapping that spreadsheets add to long numbers.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

AT_MOST_BYTES = 5 * 1024 * 1024
AT_MOST_LINES = 20_000
HEADER_WITHIN = 20  # lines
MOST = Decimal("999999999999.99")

_COLUMNS = {
    "reference": {"流水号", "交易流水号", "银行流水号", "交易编号", "凭证号", "reference", "id"},
    "booked_on": {"日期", "交易日期", "入账日期", "记账日期", "交易时间", "date", "bookingdate"},
    "amount": {"金额", "交易金额", "发生额", "amount"},
    "income": {"收入", "收入金额", "贷方金额", "贷方发生额", "贷方", "credit", "creditamount"},
    "outgo": {"支出", "支出金额", "借方金额", "借方发生额", "借方", "debit", "debitamount"},
    "payer": {"付款人", "付款人名称", "对方户名", "对方名称", "对方账户名称", "payer", "name"},
    "text": {"摘要", "附言", "用途", "备注", "交易摘要", "text", "description", "remark", "memo"},
}  # fmt: skip
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d\d)(\d\d)")
_SUM = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?")
_WRAPPED = re.compile(r'="([^"]*)"')


class BadFile(Exception):
    """The file as a whole is not taken; `message` says why."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Line:
    """One movement; what went out is negative."""

    no: int
    reference: str
    booked_on: date
    amount: Decimal
    payer: str
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that could not be read."""

    no: int
    why: str


def read(data: bytes) -> tuple[list[Line], list[Fault]]:
    """The lines of a file and what is wrong with others. Raises BadFile."""
    rows = _rows(_decoded(data))
    header: dict[str, int] = {}
    lines: list[Line] = []
    faults: list[Fault] = []
    for no, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if not header:
            header = _header(row)
            if not header and no >= HEADER_WITHIN:
                break
            continue
        if len(lines) + len(faults) >= AT_MOST_LINES:
            most = {"n": AT_MOST_LINES}
            raise BadFile(_("超过 %(n)d 行，请按月分开导入。") % most)
        try:
            lines.append(_line(no, row, header))
        except _Wrong as wrong:
            faults.append(Fault(no, str(wrong)))
    if not header:
        raise BadFile(
            _("找不到表头。第一行应有“流水号、日期、金额、付款人、摘要”，收入和支出也可以分两列。")
        )
    return lines, faults


class _Wrong(Exception):
    pass


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise BadFile(_("文件是空的。"))
    if len(data) > AT_MOST_BYTES:
        raise BadFile(_("文件超过 5 MB，请按月分开导入。"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise BadFile(_("不是文本文件，或者编码不是 UTF-8、GBK。请在网银导出 CSV。"))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    head = text[:4000]
    mark = max((",", ";", "\t"), key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:
        raise BadFile(
            _("第 %(no)d 行附近读不下去，请重新导出。") % {"no": reader.line_num}
        ) from None


def _plain(cell: str) -> str:
    """Full-width becomes half-width; the wrapping of spreadsheets goes."""
    text = unicodedata.normalize("NFKC", cell).strip()
    wrapped = _WRAPPED.fullmatch(text)
    return (wrapped[1] if wrapped else text).strip().lstrip("'").strip()


def _header(row: list[str]) -> dict[str, int]:
    """Where each column stands; empty where this is no header."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        name = re.sub(r"[\s_（(].*|[\s_]", "", _plain(cell).lower()) or _plain(cell).lower()
        for column, names in _COLUMNS.items():
            if name in names:
                found.setdefault(column, place)
    is_whole = {"reference", "booked_on"} <= set(found) and {"amount", "income"} & set(found)
    return found if is_whole else {}


def _line(no: int, row: list[str], header: dict[str, int]) -> Line:
    def cell(column: str) -> str:
        place = header.get(column)
        return _plain(row[place]) if place is not None and place < len(row) else ""

    reference = cell("reference")
    if not reference:
        raise _Wrong(_("没有流水号"))
    if len(reference) > 80:
        raise _Wrong(_("流水号超过 80 字"))
    return Line(
        no,
        reference,
        _day(cell("booked_on")),
        _amount(cell("amount"), cell("income"), cell("outgo")),
        cell("payer")[:200],
        cell("text")[:300],
    )


def _day(text: str) -> date:
    found = _DATE.match(text)
    if found is None:
        raise _Wrong(_("日期读不懂"))
    parts = found.groups()[:3] if found[1] else found.groups()[3:]
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        raise _Wrong(_("没有这个日期")) from None


def _amount(amount: str, income: str, outgo: str) -> Decimal:
    if amount:
        found = _money(amount)
    else:
        came, went = (_money(text) if text else Decimal(0) for text in (income, outgo))
        if came and went:
            raise _Wrong(_("收入和支出都有数"))
        found = came or -abs(went)
    if not found:
        raise _Wrong(_("没有金额"))
    return found


def _money(text: str) -> Decimal:
    text = text.removeprefix("¥").removesuffix("元").replace(" ", "")
    if not _SUM.fullmatch(text):
        raise _Wrong(_("金额读不懂，最多到分"))
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise _Wrong(_("金额读不懂，最多到分")) from None
    if abs(found) > MOST:
        raise _Wrong(_("金额太大"))
    return found
