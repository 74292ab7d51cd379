"""The house of the simulated year: three counties under a city, and approved orders to be issued.

Everything is made through the verbs, up to the approval; the orders of one visit share it. Papers
are owed but not printed: what they look like is another bench's matter.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from unittest import mock

from django.core.mail.backends.base import BaseEmailBackend
from django.test import override_settings
from stdnum.cn import uscc

from accounts.models import Region, Role, RoleHolding, Unit, User
from bench.year.facts import Crew
from enterprises.models import Enterprise
from inspections import fieldwork
from jobs import registry
from legal.models import Article, ViolationType
from legal.periods import SHANGHAI
from rectification import orders
from rectification.models import TermKind

FIRST = date(2025, 1, 2)
COUNTIES = 3
ORDERS_A_VISIT = 4
CODES = ("PII_UNENCRYPTED", "NO_CONSENT", "NO_ACCESS_LIMIT", "NO_VULN_SCAN")


@dataclass
class House:
    """The crews of the counties, and for each order (by number) its key, crew and day of issue."""

    crews: list[Crew] = field(default_factory=list)
    keys: dict[int, Any] = field(default_factory=dict)
    crew_of: dict[int, Crew] = field(default_factory=dict)
    issued_on: dict[int, date] = field(default_factory=dict)


def build(orders_: int, days: int, seed: int) -> House:
    """`orders_` approved orders to be issued within `days` from FIRST on."""
    dice = random.Random(seed)  # noqa: S311 - invented orders
    house = House()
    region, _new = Region.objects.get_or_create(code="450100", defaults={"name": "南宁市"})
    city = _unit("模拟市局", region, None)
    _person("city-chief", city, "supervisor", "chief@city.example")
    for n in range(1, COUNTIES + 1):
        unit = _unit(f"模拟{n}县局", region, city)
        house.crews.append(
            Crew(
                officer=_person(
                    f"officer{n}", unit, "inspector", "officer@county.example" if n == 1 else ""
                ),
                colleague=_person(f"colleague{n}", unit, "inspector"),
                chief=_person(f"chief{n}", unit, "supervisor"),
            )
        )
    articles = [Article.objects.by_ref(ref) for ref in ("CSL@2016:21", "CSL@2016:59(1)")]
    span = max(1, days * ORDERS_A_VISIT // orders_)
    for first in range(0, orders_, ORDERS_A_VISIT):
        numbers = range(first, min(first + ORDERS_A_VISIT, orders_))
        crew = house.crews[dice.randrange(COUNTIES)]
        visited = FIRST + timedelta(days=first // ORDERS_A_VISIT * span)
        for number, key in zip(
            numbers, _visit(crew, visited, len(numbers), articles, dice), strict=True
        ):
            house.keys[number], house.crew_of[number] = key, crew
            house.issued_on[number] = visited + timedelta(days=dice.randint(1, 6))
    return house


def _unit(name: str, region: Region, parent: Unit | None) -> Unit:
    return Unit.objects.create(
        name=name,
        short_name=name,
        abbreviation=name[2:],
        level=Unit.Level.COUNTY if parent else Unit.Level.CITY,
        region=region,
        parent=parent,
        reconsideration_body="模拟人民政府",
        court="模拟人民法院",
        is_demonstration=True,
    )


def _person(username: str, unit: Unit, role: str, email: str = "") -> User:
    person = User.objects.create(
        username=f"year-{username}",
        name=f"模拟{username[-6:]}",
        unit=unit,
        email=email,
        certificate_number=username,
        certificate_expires_on=date(2030, 12, 31),
    )
    RoleHolding.objects.create(user=person, role=Role.objects.get(pk=role))
    return person


def _visit(
    crew: Crew, day: date, number: int, articles: list[Article], dice: random.Random
) -> Iterator[Any]:
    """The keys of so many approved orders that rest on one visit."""
    began = datetime.combine(day, time(10), tzinfo=SHANGHAI)
    written = began + timedelta(hours=2)
    unit = crew.officer.unit
    assert unit is not None
    body = f"91450100MA5{Enterprise.objects.count():06d}"
    enterprise = Enterprise.objects.create(
        uscc=body + uscc.calc_check_digit(body),
        unit=unit,
        name=f"模拟{body[-6:]}有限公司",
        region=unit.region,
        industry_code="L7299",
        industry_name="其他未列明商务服务业",
        contact_email="security@company.example" if dice.random() < 0.3 else "",
        is_demonstration=True,
        created_at=began,
        created_by=crew.officer,
    )
    visit = fieldwork.open_inspection(
        by=crew.officer,
        at=written,
        unit=unit,
        enterprise=enterprise,
        started_at=began,
        ended_at=began + timedelta(hours=1),
        officers=[crew.officer, crew.colleague],
        place="模拟",
        met_name="李某某",
        signature="signed",
    )
    parts = [[_log(visit, crew, written, articles, code) for code in CODES[: dice.randint(1, 4)]]
             for _n in range(number)]  # fmt: skip
    fieldwork.record_inspection(visit, by=crew.officer, at=written)
    for findings in parts:
        order = orders.draft(visit, findings, by=crew.officer, at=written, **_term(dice, day))
        orders.submit(order, by=crew.officer, at=written)
        orders.approve(order, by=crew.chief, at=written)
        yield order.pk


def _log(visit: Any, crew: Crew, at: datetime, articles: list[Article], code: str) -> Any:
    return fieldwork.log_finding(
        visit,
        by=crew.officer,
        at=at,
        violation_type=ViolationType.objects.get(pk=code),
        seen="模拟所见",
        required_correction="模拟改正",
        duty=[articles[0]],
        penalty=[articles[1]],
    )


def _term(dice: random.Random, day: date) -> dict[str, Any]:
    kind = dice.choice([TermKind.WORKING_DAYS] * 6 + [TermKind.CALENDAR_DAYS] * 3 + ["date", "now"])
    if kind == "date":
        return {"term_kind": TermKind.DATE, "term_date": day + timedelta(days=dice.randint(25, 60))}
    if kind == "now":
        return {"term_kind": TermKind.IMMEDIATE}
    return {"term_kind": kind, "term_days": dice.randint(5, 30)}


# --- Letters, and a worker that may die over them -------------------------------------------------


class Killed(BaseException):
    """What `kill -9` looks like from inside: nothing that follows is done."""


class Post(BaseEmailBackend):
    """Keeps the Message-IDs of what was sent; kills the worker where it is told to."""

    sent: list[str] = []
    #: "before" or "after" the next letter leaves.
    kill = ""

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            when, Post.kill = Post.kill, ""
            if when == "before":
                raise Killed
            Post.sent.append(message.extra_headers["Message-ID"])
            if when == "after":
                raise Killed
        return len(messages)


@contextmanager
def quiet() -> Iterator[None]:
    """No press, no broker, and letters go to `Post`."""
    kinds = {
        code: replace(kind, handler=lambda **_args: None) if code == "print_notice" else kind
        for code, kind in registry._KINDS.items()
    }
    Post.sent, Post.kill = [], ""
    with (
        mock.patch.dict(registry._KINDS, kinds),
        mock.patch("jobs.bell.ring"),
        override_settings(EMAIL_BACKEND="bench.year.world.Post"),
    ):
        yield
