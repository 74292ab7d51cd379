"""What 100,000 fines are owed today, reckoned anew from their records: `./run bench surcharge`.

One case with 100,000 respondents, each fined, half of them late, with payments, plans and stays
among them. The figure is everything: six queries, the reckoning, the sum. A sample is reckoned
once more the slow way, from the file of the case, and must agree to the fen.
"""

import random
import time
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import Region, Unit, User
from bench import Row
from enterprises.models import Enterprise
from penalties import debts, owing
from penalties.models import Case, Decision, Instalment, Payment, Plan, Respondent, Stay

FINES = 100_000
AT_MOST_S = 5
SAMPLE = 200
CAUSE = "加处罚款演练"
FIRST, DAY = date(2025, 2, 3), date(2025, 6, 30)


def rows() -> list[Row]:
    """Seconds for all of them (best of three), and how many of a sample differ."""
    case = Case.objects.filter(cause=CAUSE).first()
    if case is None:
        case = _load()
        with connection.cursor() as cursor:  # as autovacuum does some minutes after such a load
            cursor.execute("ANALYZE")
    decisions = Decision.objects.filter(case=case)
    taken, found = [], {}
    for _round in range(3):
        began = time.perf_counter()
        found = dict(debts.accounts(decisions, DAY))
        sum((each.balance or owing.ZERO for each in found.values()), owing.ZERO)
        taken.append(time.perf_counter() - began)
    if len(found) != FINES:
        raise RuntimeError(f"{len(found)} of {FINES} fines were reckoned")
    return [
        Row(f"surcharge of {FINES:,} fines from their records", min(taken), "s", AT_MOST_S),
        Row(f"of {SAMPLE:,} reckoned one by one, differing", _differing(case, found), "", 0),
    ]


def _differing(case: Case, found: dict[UUID, owing.Account]) -> int:
    """One query a table for each, as the page of a case has it."""
    differing = 0
    chosen = random.Random(7).sample(sorted(found), SAMPLE)  # noqa: S311 - a sample
    for row in Decision.objects.filter(pk__in=chosen).iterator():
        plan = row.plans.filter(granted=True).first()
        alone = owing.reckon(
            owing.gathered(
                row,
                list(row.payments.all()),
                list(row.remedies.all()),
                list(row.stays.all()),
                plan,
                list(plan.instalments.all()) if plan else (),
            ),
            DAY,
        )
        differing += alone != found[row.pk]
    return differing


@transaction.atomic
def _load() -> Case:
    """One case with its fines. The database writes the rows itself, as objects of Python they
    take minutes; chance is reckoned from the number of the party, so that each load is the same."""
    now = timezone.now()
    region, _made = Region.objects.get_or_create(code="450000", defaults={"name": "广西壮族自治区"})
    unit = Unit.objects.create(
        name=CAUSE, short_name=CAUSE, abbreviation="练罚", level=Unit.Level.COUNTY,
        region=region, is_demonstration=True,
    )  # fmt: skip
    chief = User.objects.create(username="bench-surcharge", name=CAUSE, unit=unit)
    enterprise = Enterprise.objects.create(
        unit=unit, name=CAUSE, region=region, is_demonstration=True, created_at=now,
        created_by=chief,
    )  # fmt: skip
    case = Case.objects.create(
        unit=unit,
        enterprise=enterprise,
        origin="assigned",
        cause=CAUSE,
        filed_on=date(2025, 1, 2),
        filed_by=chief,
        state="decided",
        step="performing",
        decided_on=FIRST,
        decision_due_on=date(2025, 4, 2),
        outcome="penalty",
        measures=["fine"],
        decision_entered_by=chief,
        approved_at=now,
        approved_by=chief,
    )
    given = {"case": case, "entered_at": now, "entered_by": chief}
    with connection.cursor() as cursor:
        cursor.execute(_FINED, [FINES, FIRST])
        for row, rows_of, written in (
            (Respondent(kind="person", **given), "fined", _RESPONDENT),
            (Decision(kind="penalty", decided_by=chief, measures=["fine"], **given), "fined",
             _DECISION),
            (Payment(**given), "fined, generate_series(1, 1 + n %% 2) part WHERE luck < 50",
             _PAYMENT),
            (Stay(by_whom="法院", **given), "fined WHERE luck BETWEEN 50 AND 54", _STAY),
            (Plan(kind="instalments", reason="经营困难", granted=True, decided_by=chief, **given),
             "fined WHERE luck BETWEEN 55 AND 64", _PLAN),
            (Instalment(), "fined, generate_series(1, 2) part WHERE luck BETWEEN 55 AND 64",
             _INSTALMENT),
        ):  # fmt: skip
            _write(cursor, row, rows_of, written)
    return case


#: One line for each fine: the keys of what belongs to it, its day, its sum, and its luck (0 to 99).
_FINED = """
    CREATE TEMPORARY TABLE fined ON COMMIT DROP AS
    SELECT n, gen_random_uuid() AS respondent, gen_random_uuid() AS decision,
        gen_random_uuid() AS plan, n * 7919 %% 100 AS luck,
        10000 + n::bigint * 1299709 %% 9990001 AS fen, on_ + n * 31 %% 101 AS day
    FROM generate_series(1, %s) n, (SELECT %s::date AS on_) first
"""
_FINE = "fen / 100.0"
_RESPONDENT = {"id": "respondent", "name": "'甲' || n"}
_DECISION = {
    "id": "decision", "respondent_id": "respondent", "decided_on": "day", "served_on": "day",
    "payment_due_on": "day + 15", "fine": _FINE,
}  # fmt: skip
#: One or two, on any day from the last one in time on, 10 to 50 percent each.
_PAYMENT = {
    "id": "gen_random_uuid()", "decision_id": "decision",
    "paid_on": "day + 15 + n * part * 53 %% 106",
    "amount": f"round({_FINE} * (10 + n * part * 17 %% 41) / 100, 2)",
}  # fmt: skip
_STAY = {
    "id": "gen_random_uuid()", "decision_id": "decision", "from_on": "day + 60",
    "until_on": "day + 90",
}  # fmt: skip
#: Two halves, after a month and after two.
_PLAN = {"id": "plan", "decision_id": "decision", "asked_on": "day + 10", "decided_on": "day + 10"}
_INSTALMENT = {
    "plan_id": "plan", "position": "part", "due_on": "day + 10 + 30 * part",
    "amount": "CASE part WHEN 1 THEN fen / 2 ELSE fen - fen / 2 END / 100.0",
}  # fmt: skip


def _write(cursor: Any, row: Model, rows_of: str, written: dict[str, str]) -> None:
    """One row for each line: as `row` is, but for the columns that SQL writes."""
    columns, values, given = [], [], []
    for field in row._meta.concrete_fields:
        if field.column in written:
            value = written[field.column]
        elif field.primary_key:
            continue
        else:
            value = "%s"
            given.append(field.get_db_prep_save(field.pre_save(row, add=True), connection))
        columns.append(f'"{field.column}"')
        values.append(value)
    cursor.execute(
        f"INSERT INTO {row._meta.db_table} ({', '.join(columns)})"  # noqa: S608 - names of ours
        f" SELECT {', '.join(values)} FROM {rows_of}",
        given,
    )
