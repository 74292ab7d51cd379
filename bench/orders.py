"""One order's page and the list with 20,000 orders: `./run bench orders`.

The orders around are those of `bench.board`, loaded in bulk. The one that is asked for is made
through the verbs, with four findings, served, reported and looked at: everything a page can show.
"""

import statistics
import time
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from stdnum.cn import uscc

from accounts.models import Unit, User
from bench import Row, board
from enterprises.models import Enterprise
from inspections import fieldwork
from inspections.models import Inspection
from legal.models import Article, ViolationType
from rectification import orders
from rectification.models import Order, Outcome

ROUNDS = 40
P50_AT_MOST = 60
NAME = "单件演练有限公司"


def rows() -> list[Row]:
    """Server time (median and 95th percentile) and queries of list and page."""
    chief = board.load()
    order = Order.objects.filter(enterprise__name=NAME).first() or _order(chief)
    client = Client(SERVER_NAME="localhost")
    client.force_login(chief)
    found: list[Row] = []
    for name, address in (
        ("page of one order", order.get_absolute_url()),
        ("list, newest first", "/orders/"),
        ("list, all by due day", "/orders/?sort=due"),
        ("list, overdue in one unit", f"/orders/?view=overdue&unit={chief.unit_id}"),
        ("list, two characters of a name", "/orders/?q=演练"),
    ):
        half, most, queries = _ask(client, address)
        found.append(Row(f"{name}, {board.ORDERS:,} orders, p50", half, "ms", P50_AT_MOST))
        found.append(Row(f"{name}, p95", most, "ms"))
        found.append(Row(f"{name}, queries", queries, "", board.QUERIES))
    return found


def _ask(client: Client, address: str) -> tuple[float, float, int]:
    if client.get(address).status_code != 200:
        raise RuntimeError(f"{address} does not answer")
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
        asked = len(queries)  # now: the next request empties the log
    taken = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1], asked


@transaction.atomic
def _order(chief: User) -> Order:
    """Found five weeks ago, judged by nobody yet; the paper counts as printed or queued."""
    unit = _unit(chief)
    pair = [_officer(unit, n) for n in (1, 2)]
    now = timezone.now()
    began = now - timedelta(days=35)
    body = "91450100MA5990000"
    enterprise, _new = Enterprise.objects.get_or_create(
        uscc=body + uscc.calc_check_digit(body),
        defaults={
            "unit": unit,
            "name": NAME,
            "region": unit.region,
            "industry_code": "L7299",
            "industry_name": "其他未列明商务服务业",
            "is_demonstration": True,
            "created_at": began,
            "created_by": chief,
        },
    )
    visit = fieldwork.open_inspection(
        by=pair[0],
        at=began + timedelta(hours=2),
        unit=unit,
        enterprise=enterprise,
        started_at=began,
        ended_at=began + timedelta(hours=1),
        officers=pair,
        place="演练",
        met_name="李某某",
        signature="signed",
    )
    duty, penalty = Article.objects.by_ref("CSL@2025:23"), Article.objects.by_ref("CSL@2025:61(1)")
    for code in ("PII_UNENCRYPTED", "NO_CONSENT", "NO_ACCESS_LIMIT", "NO_VULN_SCAN"):
        fieldwork.log_finding(
            visit,
            by=pair[0],
            at=began + timedelta(hours=2),
            violation_type=ViolationType.objects.get(pk=code),
            seen="演练所见",
            required_correction="演练改正",
            duty=[duty],
            penalty=[penalty],
        )
    fieldwork.record_inspection(visit, by=pair[0], at=began + timedelta(hours=3))
    return _bring_forward(visit, pair, chief, began)


def _unit(chief: User) -> Unit:
    """A unit of its own below the others: its numbers meet none of those loaded in bulk."""
    assert chief.unit is not None
    made, _new = Unit.objects.get_or_create(
        name="单件演练局",
        defaults={
            "short_name": "单件演练局",
            "abbreviation": "单练",
            "level": Unit.Level.COUNTY,
            "region": chief.unit.region,
            "parent": chief.unit,
            "reconsideration_body": "演练人民政府",
            "is_demonstration": True,
        },
    )
    return made


def _officer(unit: Unit, number: int) -> User:
    made, _new = User.objects.get_or_create(
        username=f"bench-officer-{number}",
        defaults={
            "name": f"演练民警{number}",
            "unit": unit,
            "certificate_number": f"演练{number}",
            "certificate_expires_on": timezone.localdate() + timedelta(days=3650),
        },
    )
    return made


def _bring_forward(visit: Inspection, pair: list[User], chief: User, began: datetime) -> Order:
    """Drafted, issued, served, reported and looked at, a day after the other."""
    day = [began + timedelta(days=n) for n in range(5)]
    order = orders.draft(
        visit,
        list(visit.findings.all()),
        by=pair[0],
        at=day[0] + timedelta(hours=4),
        term_kind="working_day",
        term_days=30,
    )
    orders.submit(order, by=pair[0], at=day[0] + timedelta(hours=5))
    orders.approve(order, by=chief, at=day[0] + timedelta(hours=6))
    orders.issue(order, by=chief, at=day[1])
    orders.record_service(
        order,
        by=pair[0],
        at=day[2],
        method="direct",
        outcome="served",
        attempted_on=timezone.localdate(day[2]),
        place="企业办公室",
        recipient="李某某",
        servers=(pair[0], pair[1]),
    )
    items = list(order.items.all())
    done_on = timezone.localdate(day[3])
    orders.record_correction(
        order, items, by=pair[0], at=day[3], completed_on=done_on, received_on=done_on, note="演练"
    )
    orders.record_reinspection(
        order,
        {item.pk: (Outcome.PARTLY, None, "") for item in items},
        by=pair[0],
        at=day[4],
        held_on=timezone.localdate(day[4]),
        officers=(pair[0], pair[1]),
    )
    return order
