"""Penalty cases: `./run bench cases`. Gate and self-review of a file with 200 documents, and the
board and the list with 50,000 cases.

The units and enterprises are those of `bench.board`. The file is put together by the builder of the
tests, in a transaction that is taken back; each round reads it anew from the database.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from bench import Row, board
from deadlines.models import Deadline
from enterprises.models import Enterprise
from penalties import gate, review
from penalties.casefile import File
from penalties.models import Case, CaseOfficer, CaseState, Exhibit, Step
from tests.factories.rectification import Desk
from tests.penalties.planted import LOOKED, Planted

CASES, DOCUMENTS, ROUNDS = 50_000, 200, 15
OFFICERS = 60
DAYS = 3 * 365
FILE_AT_MOST, BOARD_AT_MOST = 150, 100
#: Where open cases stand, and how many days after filing they may be.
OPEN_STEPS = (
    (Step.FILING, 5),
    (Step.INQUIRY, 60),
    (Step.TELLING, 70),
    (Step.HEARING, 85),
    (Step.DECIDING, 100),
    (Step.SERVING, 110),
    (Step.PERFORMING, 200),
    (Step.CLOSING, 300),
)


def rows() -> list[Row]:
    return [*_file(), *_pages()]


# --- One file ------------------------------------------------------------------------------------


def _file() -> list[Row]:
    found: list[Row] = []
    with transaction.atomic():
        planted = Planted(Desk())
        case = planted.case
        first = case.exhibits.get(number=1)
        Exhibit.objects.bulk_create(
            Exhibit(
                case=case, entered_at=first.entered_at, entered_by=first.entered_by, number=number,
                kind="document", title=f"书证{number}", proves="演练", source="现场提取",
                collected_on=first.collected_on, officer_1=first.officer_1,
                officer_2=first.officer_2, verified=True,
            )
            for number in range(3, DOCUMENTS + 1)
        )  # fmt: skip

        def look() -> None:
            review.of(planted.file, LOOKED)

        def ask() -> None:
            file = planted.file
            for party in file.respondents:
                gate.of(file, party, gate.PENALTY, LOOKED)

        def both() -> None:
            file: File = planted.file
            gate.of(file, file.respondents[0], gate.PENALTY, LOOKED)
            review.of(file, LOOKED)

        for name, act in (
            ("self-review", look),
            ("gate of three parties", ask),
            ("gate and self-review", both),
        ):
            taken = _median(act)
            found.append(Row(f"{name}, {DOCUMENTS} documents, p50", taken, "ms", FILE_AT_MOST))
        transaction.set_rollback(True)
    return found


def _median(act: Callable[[], Any]) -> float:
    """Milliseconds, after one run that warms up."""
    act()
    taken = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


# --- 50,000 cases --------------------------------------------------------------------------------


def _pages() -> list[Row]:
    chief = load()
    client = Client(SERVER_NAME="localhost")
    client.force_login(chief)
    found = []
    for name, address in (
        ("board", "/cases/board/"),
        ("list, newest first", "/cases/"),
        ("list, overdue by due day", "/cases/?due=over&sort=due"),
        ("list, open at one step, one measure", "/cases/?state=open&step=performing&measure=fine"),
        ("list, two characters of a name", "/cases/?q=演练"),
        ("list, my own", "/cases/?officer=me"),
    ):
        if client.get(address).status_code != 200:
            raise RuntimeError(f"{address} does not answer")
        at_most = BOARD_AT_MOST if name == "board" else None
        taken = _median(lambda address=address: client.get(address))  # type: ignore[misc]
        found.append(Row(f"{name}, {CASES:,} cases, p50", taken, "ms", at_most))
    return found


def load() -> User:
    """The supervisor who sees everything; makes the cases at the first call."""
    chief = board.load()
    if Case.objects.filter(cause=board.MARK).count() >= CASES:
        return chief
    with transaction.atomic():
        _cases(chief, random.Random(20250120))  # noqa: S311 - invented cases
    with connection.cursor() as cursor:  # as autovacuum does some minutes after such a load
        cursor.execute("ANALYZE")
        cursor.execute("VACUUM ANALYZE penalties_case")
    return chief


def _cases(chief: User, dice: random.Random) -> None:
    enterprises = list(
        Enterprise.objects.filter(name__startswith=board.MARK).select_related("unit")
    )
    officers = User.objects.bulk_create(
        User(
            username=f"bench-case-{n}", name=f"{board.MARK}民警{n}", unit=chief.unit,
            certificate_number=f"演{n}", certificate_expires_on=date(2040, 1, 1),
        )
        for n in range(OFFICERS)
    )  # fmt: skip
    today, now = timezone.localdate(), timezone.now()
    made: dict[type, list[Any]] = {Case: [], CaseOfficer: [], Deadline: []}
    for n in range(CASES):
        case = _case(n, dice.choice(enterprises), dice.choice(officers), chief, today, dice)
        made[Case].append(case)
        made[CaseOfficer].append(
            CaseOfficer(
                case=case, entered_at=now, entered_by=chief, officer=case.filed_by,
                name=case.filed_by.name, from_on=case.filed_on,
            )
        )  # fmt: skip
        if case.decision_due_on is not None and case.state == CaseState.FILED:
            made[Deadline].append(
                Deadline(
                    unit=case.unit, kind="CASE_90", subject_type="penalties.case",
                    subject_id=case.pk, trigger_on=case.filed_on, due_on=case.decision_due_on,
                    derivation={}, started_at=now, started_by=chief, owner=case.filed_by,
                )
            )  # fmt: skip
    for kind, objects in made.items():
        kind.objects.bulk_create(objects, batch_size=2000)  # type: ignore[attr-defined]


def _case(
    n: int, enterprise: Enterprise, officer: User, chief: User, today: date, dice: random.Random
) -> Case:
    """One in five is open, as far as its age says; the others are closed."""
    step, days = dice.choice(OPEN_STEPS)
    is_open = dice.random() < 0.2
    filed = today - timedelta(days=dice.randrange(days if is_open else DAYS))
    case = Case(
        id=uuid4(), unit=enterprise.unit, enterprise=enterprise, origin="inspection",
        cause=board.MARK, filed_on=filed, filed_by=officer, state=CaseState.FILED, step=step,
        step_since=filed, decision_due_on=filed + timedelta(days=90),
    )  # fmt: skip
    if is_open and step not in (Step.SERVING, Step.PERFORMING, Step.CLOSING):
        return case
    case.decided_on, case.decision_entered_by = filed, chief
    case.outcome, case.measures = "penalty", ["warning", "fine"]
    case.fine, case.document_number = Decimal(dice.randrange(1, 100) * 1000), f"演练罚{n}号"
    case.state = CaseState.DECIDED
    if not is_open:
        case.state, case.step = CaseState.CLOSED, Step.DONE
        case.closed_on, case.closing_reason = filed, board.MARK
    return case
