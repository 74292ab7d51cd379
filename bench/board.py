"""Desk, board, list and search with 20,000 orders in 21 units: `./run bench board`.

The orders are invented and loaded in bulk once, past the verbs: two a workday and unit over three
years, most of them judged, some in term, some overdue. Each page is asked as a supervisor of the
region, who sees all of them, the worst case.
"""

import random
import statistics
import time
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Region, Role, RoleHolding, Unit, User
from bench import Row
from enterprises.models import Enterprise, search_columns
from inspections.models import Finding, Inspection
from legal.models import ViolationType
from notices.models import Notice
from rectification.models import Item, Order, OrderState, Verdict

ORDERS, COUNTIES, ENTERPRISES, ROUNDS = 20_000, 20, 2_000, 15
DAYS = 3 * 365
VERDICTS = [
    *[Verdict.MET_ON_TIME] * 9,
    *[Verdict.MET_EARLY] * 4,
    *[Verdict.MET_LATE] * 3,
    Verdict.PARTLY,
    Verdict.NOT_MET,
]
MARK = "统计演练"
QUERIES = 12


def rows() -> list[Row]:
    """Server time of each page (median) and its queries."""
    chief = load()
    client = Client(SERVER_NAME="localhost")
    client.force_login(chief)
    found = []
    for name, address, at_most in (
        ("my desk", "/", 80),
        ("board, twelve months", "/board/", 250),
        ("board, by day of issue", "/board/?by=issued&period=2025", 250),
        ("list of overdue orders", "/orders/?view=overdue", 60),
        ("search for two characters", "/search/?q=演练", 250),
    ):
        taken, queries = _ask(client, address)
        found.append(Row(f"{name}, {ORDERS:,} orders, p50", taken, "ms", at_most))
        found.append(Row(f"{name}, queries", queries, "", QUERIES))
    return found


def _ask(client: Client, address: str) -> tuple[float, int]:
    """(median in milliseconds, queries of one request), after one that warms up."""
    if client.get(address).status_code != 200:
        raise RuntimeError(f"{address} does not answer")
    queries: list[str] = []

    def note(execute: Any, sql: str, *args: Any) -> Any:
        queries.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(note):
        client.get(address)
        asked = len(queries)  # now: the next request empties the log
    taken = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), asked


# --- The orders -----------------------------------------------------------------------------------


def load() -> User:
    """The supervisor who sees everything; makes the world at the first call."""
    chief = User.objects.filter(username="bench-board").first()
    if chief is not None and Order.objects.filter(drafted_by=chief).count() >= ORDERS:
        return chief
    with transaction.atomic():
        chief, units = _people()
        _orders(chief, units, random.Random(20250115))  # noqa: S311 - invented orders
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return chief


def _people() -> tuple[User, list[Unit]]:
    region, _ = Region.objects.get_or_create(code="450000", defaults={"name": "广西壮族自治区"})
    root = Unit.objects.create(
        name=f"{MARK}总队", short_name=f"{MARK}总队", abbreviation="练", level=Unit.Level.PROVINCE,
        region=region, is_demonstration=True,
    )  # fmt: skip
    units = [
        Unit.objects.create(
            name=f"{MARK}{n}局", short_name=f"{MARK}{n}局", abbreviation=f"练{n}",
            level=Unit.Level.COUNTY, region=region, parent=root, is_demonstration=True,
        )
        for n in range(1, COUNTIES + 1)
    ]  # fmt: skip
    chief = User.objects.create(username="bench-board", name=f"{MARK}员", unit=root)
    role = Role.objects.get(pk="supervisor")
    RoleHolding.objects.create(user=chief, role=role)
    return chief, [root, *units]


def _orders(chief: User, units: list[Unit], dice: random.Random) -> None:
    """Everything that belongs to an order, table by table."""
    now = timezone.now()
    enterprises = [_enterprise(n, dice.choice(units), chief, now) for n in range(ENTERPRISES)]
    Enterprise.objects.bulk_create(enterprises, batch_size=1000)
    types = list(ViolationType.objects.values_list("pk", flat=True))
    about = ContentType.objects.get_for_model(Order)
    made: dict[type, list[Any]] = {kind: [] for kind in (Inspection, Finding, Notice, Order, Item)}
    for n in range(1, ORDERS + 1):
        enterprise = dice.choice(enterprises)
        visited = now - timedelta(days=dice.randrange(8, DAYS))
        order = _order(n, enterprise, visited, chief, dice)
        made[Order].append(order)
        made[Inspection].append(order.inspection)
        if order.issued_at is not None:
            order.notice = _notice(n, order, about, chief)
            made[Notice].append(order.notice)
        for ordinal, code in enumerate(dice.sample(types, dice.randrange(1, 4)), start=1):
            finding = Finding(
                id=uuid4(), inspection=order.inspection, ordinal=ordinal, seen=MARK,
                violation_type_id=code, act_from=visited.date(),
            )  # fmt: skip
            made[Finding].append(finding)
            made[Item].append(
                Item(order=order, finding=finding, ordinal=ordinal, required_correction=MARK)
            )
    for kind, objects in made.items():
        kind.objects.bulk_create(objects, batch_size=2000)  # type: ignore[attr-defined]


def _enterprise(n: int, unit: Unit, by: User, at: datetime) -> Enterprise:
    name = f"{MARK}{n}号有限公司"
    haystack, grams = search_columns(name, "", "")
    return Enterprise(
        id=uuid4(), unit=unit, name=name, region=unit.region, is_demonstration=True,
        created_at=at, created_by=by, haystack=haystack, grams=grams,
    )  # fmt: skip


def _order(
    n: int, enterprise: Enterprise, visited: datetime, by: User, dice: random.Random
) -> Order:
    unit = enterprise.unit
    inspection = Inspection(
        id=uuid4(), unit=unit, number=f"练{n}", enterprise=enterprise, started_at=visited,
        ended_at=visited, created_at=visited, created_by=by, state="recorded",
        signature="signed", recorded_at=visited, recorded_by=by,
    )  # fmt: skip
    order = Order(
        id=uuid4(), unit=unit, inspection=inspection, enterprise=enterprise, drafted_by=by,
        drafted_at=visited, term_kind="working_day", term_days=15,
    )  # fmt: skip
    return _brought_on(order, visited, by, dice)


def _brought_on(order: Order, visited: datetime, by: User, dice: random.Random) -> Order:
    """As far as an order of that age usually is; a few stay behind."""
    today = timezone.localdate()
    issued = visited + timedelta(days=3)
    served = issued.date() + timedelta(days=2)
    due = served + timedelta(days=dice.randrange(10, 40))
    approver = _approver(by)
    order.submitted_at, order.submitted_by = visited, by
    order.approved_at, order.approved_by = visited, approver
    order.issued_at, order.issued_by = issued, approver
    order.state = OrderState.ISSUED
    if served >= today or dice.random() < 0.005:
        return order
    order.served_on, order.due_on, order.state = served, due, OrderState.SERVED
    if due >= today or dice.random() < 0.03:
        if dice.random() < 0.2:
            order.reported_on = min(due, today)
        return order
    verdict = dice.choice(VERDICTS)
    done = due + timedelta(days=5 if verdict == Verdict.MET_LATE else 0)
    order.state, order.verdict = OrderState.JUDGED, verdict
    order.days_late = 5 if verdict == Verdict.MET_LATE else None
    order.verdict_basis = {"decided_by": done.isoformat()}
    order.judged_at, order.judged_by = issued + timedelta(days=60), by
    order.reported_on = order.reinspected_on = done
    return order


_people_kept: dict[str, User] = {}


def _approver(by: User) -> User:
    """Somebody else than the drafter."""
    if "approver" not in _people_kept:
        _people_kept["approver"] = User.objects.create(
            username="bench-approver", name=f"{MARK}长", unit=by.unit
        )
    return _people_kept["approver"]


def _notice(n: int, order: Order, about: ContentType, by: User) -> Notice:
    assert order.issued_at is not None
    issued_on: date = timezone.localtime(order.issued_at).date()
    return Notice(
        id=uuid4(), unit=order.unit, kind="correction_order", year=issued_on.year, serial=n,
        number=f"{order.unit.abbreviation}责通字〔{issued_on.year}〕{n}号",
        addressee=order.enterprise.name, words=MARK, words_sha256=sha256(MARK.encode()).hexdigest(),
        template=MARK, template_version="1", is_demonstration=True, subject_type=about,
        subject_id=order.pk, issued_at=order.issued_at, issued_on=issued_on, issued_by=by,
    )  # fmt: skip
