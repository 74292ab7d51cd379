"""Lines from the bank, and which fine each of them paid (银行流水对账).

1.  `import_statement`   a file, once: new lines, known ones, wrong ones; then what fits is matched
2.  `match_line`         this line paid that decision: the payment is recorded with it
3.  `set_line_aside`     it is no payment of a fine, with the reason
4.  `unmatch`            it was matched or set aside wrongly; a payment that it made is voided

A line fits by itself when the number of a decision stands in its text and the sum is exactly what
is owed, or when exactly one decision in reach has that party and that sum. All else waits for a
person, who is shown what comes near.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User
from audit import trail
from audit.trail import Decided, Reason, Refused
from legal import periods
from penalties import bank_files, debts, owing
from penalties.bank_files import Fault
from penalties.casefile import File
from penalties.cases import _row, collecting
from penalties.models import BankLine, BankStatement, Decision, Payment
from penalties.papers.money import number

trail.words(
    {
        "cases.import_statement": gettext_lazy("导入银行流水"),
        "cases.match_line": gettext_lazy("匹配银行流水"),
        "cases.set_line_aside": gettext_lazy("银行流水不作缴款"),
        "cases.unmatch": gettext_lazy("取消银行流水匹配"),
    }
)

MOST_SUGGESTIONS = 8
_OUT = gettext_lazy("支出，不是缴款")
_BARS = str.maketrans("[]【】〖〗()<>《》", "〔〕〔〕〔〕（）〔〕〔〕")


@dataclass
class Imported:
    """What became of a file: lines taken, known before, wrong; how many of the new ones fitted."""

    statement: BankStatement
    new: int = 0
    known: int = 0
    matched: int = 0
    faults: list[Fault] = field(default_factory=list)


# --- Import ------------------------------------------------------------------------------------


def can_import_statement(unit: Unit, data: bytes) -> list[Reason]:
    """Why this file is not taken (again)."""
    digest = hashlib.sha256(data).hexdigest()
    before = BankStatement.objects.filter(unit=unit, sha256=digest).first()
    if before is None:
        return []
    return [
        Reason(
            _("这个文件已经导入过。"),
            url=before.get_absolute_url(),
            url_text=_("看那次导入"),
            field="file",
        )
    ]


@transaction.atomic
def import_statement(unit: Unit, data: bytes, name: str, *, by: User, at: datetime) -> Imported:
    """Take a file of bank lines; what is known or wrong is counted and said, the rest is kept.

    Raises Refused: the file is no list of movements, was imported before, or has no new line.
    """
    # Two imports of one unit queue here.
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    _row.refuse(can_import_statement(unit, data))
    try:
        lines, faults = bank_files.read(data)
    except bank_files.BadFile as bad:
        raise Refused([Reason(bad.message, field="file")]) from None
    today = periods.local_date(at)
    faults += [Fault(line.no, _("入账日期晚于今天")) for line in lines if line.booked_on > today]
    lines = [line for line in lines if line.booked_on <= today]
    references = [line.reference for line in lines]
    known = set(
        BankLine.objects.filter(unit=unit, reference__in=references).values_list(
            "reference", flat=True
        )
    )
    fresh, again = [], 0
    for line in lines:
        if line.reference in known:
            again += 1
            continue
        known.add(line.reference)
        fresh.append(line)
    if not fresh:
        raise Refused([Reason(_nothing_new(again, faults), field="file")])
    statement = BankStatement.objects.create(
        unit=unit,
        name=name[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        entered_at=at,
        entered_by=by,
    )
    rows = BankLine.objects.bulk_create(
        BankLine(
            statement=statement,
            unit=unit,
            reference=line.reference,
            booked_on=line.booked_on,
            amount=line.amount,
            payer=line.payer,
            text=line.text,
            set_aside=str(_OUT) if line.amount < 0 else "",
        )
        for line in fresh
    )
    faults.sort(key=lambda fault: fault.no)
    found = Imported(statement, new=len(rows), known=again, faults=faults)
    found.matched = _match_all(rows, unit, by=by, at=at)
    trail.record(
        "cases.import_statement",
        statement,
        by=by,
        at=at,
        unit=unit,
        data={
            "new": found.new,
            "known": found.known,
            "matched": found.matched,
            "wrong": [[fault.no, fault.why] for fault in faults[:200]],
            "wrong_count": len(faults),
        },
    )
    return found


def _nothing_new(known: int, faults: list[Fault]) -> str:
    text = _("没有新的流水：%(known)d 行已经导入过，%(wrong)d 行有错。") % {
        "known": known,
        "wrong": len(faults),
    }
    told = [_("第 %(no)d 行：%(why)s。") % {"no": each.no, "why": each.why} for each in faults[:10]]
    return text + "".join(told)


# --- What fits ---------------------------------------------------------------------------------


def spoken(text: str) -> str:
    """A number or a name as banks may write it: no blanks, one kind of brackets."""
    plain = unicodedata.normalize("NFKC", text).translate(_BARS)
    plain = plain.replace("(", "（").replace(")", "）")
    return re.sub(r"\s+", "", plain).lower()


class Candidates:
    """Decisions of a unit (and of those below it) that still have something to pay."""

    def __init__(self, unit: Unit) -> None:
        chosen = debts.with_money().filter(
            case__unit__path__startswith=unit.path, standing__in=debts.OWING
        )
        open_ones = debts.unpaid(chosen).values("pk")
        late = debts.paid_late(chosen).values("pk")
        rows = Decision.objects.filter(pk__in=open_ones) | Decision.objects.filter(pk__in=late)
        self.terms = dict(debts.terms(rows))
        self.rows = debts.labels(self.terms)
        self.numbers = {pk: spoken(number(row)) for pk, row in self.rows.items()}
        self.names = {pk: spoken(row.respondent.name) for pk, row in self.rows.items()}

    def sums(self, decision: Decision, on: date) -> set[Decimal]:
        """What would be an exact payment on that day: all, the fine alone, or the next part."""
        account = owing.reckon(self.terms[decision.pk], on)
        exact = {account.balance, account.fine_left, account.next_due}
        return {each for each in exact if each}

    def renew(self, decision: Decision) -> None:
        """It was paid meanwhile."""
        self.terms.update(debts.terms(Decision.objects.filter(pk=decision.pk)))

    def fitting(self, line: BankLine) -> Decision | None:
        """The one decision that this line pays without doubt."""
        if line.amount <= 0:
            return None
        text, payer = spoken(line.text), spoken(line.payer)
        named = [
            row for pk, row in self.rows.items() if self.numbers[pk] and self.numbers[pk] in text
        ]
        if named:
            exact = [row for row in named if line.amount in self.sums(row, line.booked_on)]
            return exact[0] if len(named) == 1 and exact else None
        if not payer:
            return None
        same = [row for pk, row in self.rows.items() if self.names[pk] == payer]
        exact = [row for row in same if line.amount in self.sums(row, line.booked_on)]
        return exact[0] if len(exact) == 1 else None

    def near(self, line: BankLine) -> list[tuple[Decision, owing.Account]]:
        """What a person may want to look at first: by number, by name, by sum."""
        text, payer = spoken(line.text), spoken(line.payer)
        scored = []
        for pk, row in self.rows.items():
            said = bool(self.numbers[pk]) and self.numbers[pk] in text
            name = self.names[pk]
            called = bool(name) and (name == payer or name in text)
            exact = line.amount in self.sums(row, line.booked_on)
            score = 4 * said + 2 * called + exact
            if score:
                scored.append((-score, row.decided_on, str(pk), row))
        scored.sort(key=lambda each: each[:3])
        return [
            (row, owing.reckon(self.terms[row.pk], line.booked_on))
            for _score, _day, _pk, row in scored[:MOST_SUGGESTIONS]
        ]


def _match_all(lines: Iterable[BankLine], unit: Unit, *, by: User, at: datetime) -> int:
    candidates, done = Candidates(unit), 0
    for line in lines:
        decision = candidates.fitting(line)
        if decision is None:
            continue
        try:
            with transaction.atomic():
                _pay(line, decision, keep_excess=False, by=by, at=at)
        except Decided:
            raise
        except Refused:  # it waits for a person, with the reason beside it
            continue
        candidates.renew(decision)
        done += 1
    return done


# --- By hand -----------------------------------------------------------------------------------


def can_match_line(line: BankLine) -> list[Reason]:
    """Why the line cannot be matched."""
    if line.payment_id is not None:
        return [Reason(_("这笔流水已经匹配。"))]
    if line.set_aside:
        return [Reason(_("这笔流水已经标为不作缴款，先取消。"))]
    if line.amount <= 0:
        return [Reason(_("这是支出，不是缴款。"))]
    return []


@transaction.atomic
def match_line(
    line: BankLine,
    decision: Decision,
    *,
    by: User,
    at: datetime,
    version: int | None = None,
    keep_excess: bool = False,
) -> Payment:
    """This line paid that decision. Raises Refused also where it is more than is owed."""
    row = _locked(line, version)
    _row.refuse(can_match_line(row))
    payment = _pay(row, decision, keep_excess=keep_excess, by=by, at=at)
    trail.record(
        "cases.match_line",
        row,
        by=by,
        at=at,
        unit=row.unit,
        data={"decision": str(decision.pk), "payment": str(payment.pk)},
    )
    return payment


def _pay(
    line: BankLine, decision: Decision, *, keep_excess: bool, by: User, at: datetime
) -> Payment:
    payment = collecting.record_payment(
        Decision.objects.select_related("case").get(pk=decision.pk),
        by=by,
        at=at,
        paid_on=line.booked_on,
        amount=line.amount,
        note=_("银行流水 %(reference)s") % {"reference": line.reference},
        keep_excess=keep_excess,
    )
    line.payment = payment
    line.version += 1
    line.save(update_fields=["payment", "version"])
    return payment


def can_set_line_aside(line: BankLine) -> list[Reason]:
    """Why the line cannot be set aside."""
    if line.payment_id is not None:
        return [Reason(_("这笔流水已经匹配，先取消匹配。"))]
    return [Reason(_("这笔流水已经标为不作缴款。"))] if line.set_aside else []


@transaction.atomic
def set_line_aside(
    line: BankLine, *, by: User, at: datetime, reason: str, version: int | None = None
) -> BankLine:
    """It is no payment of a fine, for this reason."""
    row = _locked(line, version)
    _row.refuse(can_set_line_aside(row) or _row.needs(reason, "reason"))
    row.set_aside = reason.strip()[:300]
    row.version += 1
    row.save(update_fields=["set_aside", "version"])
    trail.record("cases.set_line_aside", row, by=by, at=at, unit=row.unit, reason=reason.strip())
    return row


def can_unmatch(line: BankLine) -> list[Reason]:
    """Why there is nothing to take back."""
    if line.payment_id is None and not line.set_aside:
        return [Reason(_("这笔流水还没有匹配。"))]
    return []


@transaction.atomic
def unmatch(
    line: BankLine, *, by: User, at: datetime, reason: str, version: int | None = None
) -> BankLine:
    """Take back what was said of the line; the payment that it made is voided and stays."""
    row = _locked(line, version)
    _row.refuse(can_unmatch(row) or _row.needs(reason, "reason"))
    if row.payment_id is not None:
        payment = Payment.objects.select_related("case", "decision").get(pk=row.payment_id)
        case = _row.lock(payment.case)
        collecting.take_back(File(case), payment, by=by, at=at, reason=reason)
    row.payment, row.set_aside = None, ""
    row.version += 1
    row.save(update_fields=["payment", "set_aside", "version"])
    trail.record("cases.unmatch", row, by=by, at=at, unit=row.unit, reason=reason.strip())
    return row


def _locked(line: BankLine, version: int | None) -> BankLine:
    row = (
        BankLine.objects.select_for_update(of=("self",))
        .select_related("statement", "unit")
        .get(pk=line.pk)
    )
    if version is not None and row.version != version:
        raise Decided([Reason(_("刚才已被别人改动，请看过现在的情况再办。"))])
    return row
