"""What 100,000 fines are owed today, reckoned anew from their records: `./run bench surcharge`.

One case with 100,000 respondents, each fined, half of them late, with payments, plans and stays
among them. The figure is everything: six queries, the reckoning, the sum. A sample is reckoned
once more the slow way, from the file of the case, and must agree to the fen.
"""

import random
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from bench import Row, board
from enterprises.models import Enterprise
from penalties import debts, owing
from penalties.models import Case, Decision, Instalment, Payment, Plan, Respondent, Stay

FINES = 100_000
AT_MOST_S = 5
SAMPLE = 2_000
CAUSE = "加处罚款演练"
DAY = date(2025, 6, 30)


def rows() -> list[Row]:
    """Seconds for all of them (best of three), and how many of a sample differ."""
    case = Case.objects.filter(cause=CAUSE).first() or _load()
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
    chief: User = board.load()
    enterprise = Enterprise.objects.filter(unit__path__startswith=chief.unit.path).first()
    if enterprise is None:
        raise RuntimeError("the board's bench left no enterprise")
    now, chance = timezone.now(), random.Random(5)  # noqa: S311 - a made-up load
    who = {"entered_at": now, "entered_by": chief}
    case = Case.objects.create(
        unit=chief.unit,
        enterprise=enterprise,
        origin="assigned",
        cause=CAUSE,
        filed_on=date(2025, 1, 2),
        filed_by=chief,
        state="decided",
        step="performing",
        decided_on=date(2025, 2, 3),
        decision_due_on=date(2025, 4, 2),
        outcome="penalty",
        measures=["fine"],
        decision_entered_by=chief,
        approved_at=now,
        approved_by=chief,
    )
    parties = Respondent.objects.bulk_create(
        (Respondent(case=case, kind="person", name=f"甲{n}", **who) for n in range(FINES)),
        batch_size=5000,
    )
    decisions = Decision.objects.bulk_create(
        (_decision(case, party, chief, now, chance) for party in parties), batch_size=5000
    )
    common = {"case": case, **who}
    payments, stays, plans = [], [], []
    for row in decisions:
        assert row.fine is not None
        luck = chance.random()
        if luck < 0.5:
            for _n in range(chance.choice((1, 1, 2))):
                on = row.decided_on + timedelta(days=chance.randint(15, 120))
                part = (row.fine * chance.randint(10, 50) / 100).quantize(Decimal("0.01"))
                payments.append(Payment(decision=row, paid_on=on, amount=part, **common))
        elif luck < 0.55:
            until = row.decided_on + timedelta(days=90)
            first = row.decided_on + timedelta(days=60)
            stays.append(
                Stay(decision=row, by_whom="法院", from_on=first, until_on=until, **common)
            )
        elif luck < 0.65:
            plans.append(_plan(row, chief, common))
    Payment.objects.bulk_create(payments, batch_size=5000)
    Stay.objects.bulk_create(stays, batch_size=5000)
    Plan.objects.bulk_create(plans, batch_size=5000)
    Instalment.objects.bulk_create(
        (
            Instalment(plan=plan, position=n, due_on=on, amount=amount)
            for plan in plans
            for n, (on, amount) in enumerate(_parts(plan), 1)
        ),
        batch_size=5000,
    )
    return case


def _decision(
    case: Case, party: Respondent, chief: User, now: datetime, chance: random.Random
) -> Decision:
    decided = date(2025, 2, 3) + timedelta(days=chance.randint(0, 100))
    return Decision(
        case=case,
        respondent=party,
        kind="penalty",
        decided_on=decided,
        decided_by=chief,
        measures=["fine"],
        fine=Decimal(chance.randint(10_000, 10_000_000)) / 100,
        served_on=decided,
        payment_due_on=decided + timedelta(days=15),
        entered_at=now,
        entered_by=chief,
    )


def _plan(row: Decision, chief: User, common: dict) -> Plan:  # type: ignore[type-arg]
    on = row.decided_on + timedelta(days=10)
    return Plan(
        decision=row,
        kind="instalments",
        asked_on=on,
        reason="经营困难",
        granted=True,
        decided_on=on,
        decided_by=chief,
        **common,
    )


def _parts(plan: Plan) -> list[tuple[date, Decimal]]:
    """Two halves, after a month and after two."""
    fine = plan.decision.fine
    assert fine is not None
    half = (fine / 2).quantize(Decimal("0.01"))
    days = (plan.asked_on + timedelta(days=30), plan.asked_on + timedelta(days=60))
    return list(zip(days, (half, fine - half), strict=True))
