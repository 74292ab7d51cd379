"""The law in tests is the project's own data: `load_law()` brings it in, `calendar()` counts."""

import hashlib
from datetime import UTC, date, datetime
from functools import cache

import factory
from django.db import connection
from factory.django import DjangoModelFactory

from legal import calendars, loading
from legal.models import (
    Article,
    CalendarDay,
    CalendarYear,
    Law,
    LawVersion,
    PaperForm,
    PenaltyTier,
    Provision,
    Threshold,
    TimeLimit,
    ViolationBasis,
    ViolationType,
)
from legal.periods import Calendar, CalendarOfYear

# In the order in which the rows depend on each other.
_TABLES = [
    Law,
    LawVersion,
    Article,
    Article.sanctioned_by.through,
    Article.maps_to.through,
    PenaltyTier,
    ViolationType,
    ViolationBasis,
    TimeLimit,
    TimeLimit.bases.through,
    TimeLimit.overrides.through,
    Threshold,
    Threshold.bases.through,
    PaperForm,
    PaperForm.bases.through,
    CalendarYear,
    CalendarDay,
]
_copies: dict[str, bytes] = {}
_first: list[loading.Report] = []


def load_law() -> loading.Report:
    """The whole register and the calendars of 2004 to 2026, inside the test's transaction.

    The first call loads the data files; later ones, into an empty register, copy the same rows
    back in, since hundreds of tests ask for them. A call on a register that has rows loads.
    """
    if _first and not Law.objects.exists():
        with connection.cursor() as cursor:
            for model in _TABLES:
                with cursor.copy(f"COPY {model._meta.db_table} FROM STDIN") as copy:
                    copy.write(_copies[model._meta.db_table])
        return _first[0]
    fresh = not Law.objects.exists()
    report = loading.load()
    if fresh and not _first:
        with connection.cursor() as cursor:
            for model in _TABLES:
                with cursor.copy(f"COPY {model._meta.db_table} TO STDOUT") as copy:
                    _copies[model._meta.db_table] = b"".join(bytes(block) for block in copy)
        _first.append(report)
    return report


@cache
def calendar() -> Calendar:
    """The published calendars of 2004 to 2026, read from the data files without a database."""
    notices = [
        calendars.read(file.read_text(encoding="utf-8"))
        for file in sorted((loading.DATA / "holidays").glob("*.json"))
    ]
    # The notice of a year may move days of the December before.
    off = {day: name for notice in notices for day, name in notice.off.items()}
    work = {day: name for notice in notices for day, name in notice.work.items()}
    return Calendar(
        CalendarOfYear(
            year=notice.year,
            off={day: name for day, name in off.items() if day.year == notice.year},
            work={day: name for day, name in work.items() if day.year == notice.year},
            checksum=f"of {notice.year}",
            source=notice.source,
        )
        for notice in notices
    )


class LawFactory(DjangoModelFactory):
    class Meta:
        model = Law

    code = factory.Sequence(lambda n: f"L{n}")
    name_zh = factory.Sequence(lambda n: f"中华人民共和国第{n}号法")
    short_zh = factory.LazyAttribute(lambda o: o.name_zh.removeprefix("中华人民共和国"))
    name_en = factory.Sequence(lambda n: f"Law {n} of the PRC")
    level = Law.Level.LAW


class LawVersionFactory(DjangoModelFactory):
    class Meta:
        model = LawVersion

    law = factory.SubFactory(LawFactory)
    version = "2020"
    ref = factory.LazyAttribute(lambda o: f"{o.law.code}@{o.version}")
    effective_from = date(2020, 1, 1)
    status = LawVersion.Status.IN_FORCE


class ArticleFactory(DjangoModelFactory):
    """An obligation; traits `penalty` and `whole_law`."""

    class Meta:
        model = Article

    class Params:
        penalty = factory.Trait(kind=Article.Kind.PENALTY)
        whole_law = factory.Trait(number=None, whole=True, kind=Article.Kind.GENERAL)

    version = factory.SubFactory(LawVersionFactory)
    number = factory.Sequence(lambda n: n % 900 + 1)
    kind = Article.Kind.OBLIGATION
    ref = factory.LazyAttribute(
        lambda o: o.version.ref if o.number is None else f"{o.version.ref}:{o.number}"
    )
    gist_zh = "要义"
    gist_en = "gist"


class ViolationTypeFactory(DjangoModelFactory):
    class Meta:
        model = ViolationType

    code = factory.Sequence(lambda n: f"TYPE_{n}")
    zh = factory.Sequence(lambda n: f"第{n}种违法行为")
    en = factory.Sequence(lambda n: f"Violation {n}")
    family = ViolationType.Family.NETWORK


class ProvisionFactory(DjangoModelFactory):
    """The full text of an article, as an import would leave it."""

    class Meta:
        model = Provision

    version = factory.SubFactory(LawVersionFactory)
    number = factory.Sequence(lambda n: n % 900 + 1)
    text = "测试人员应当如实记录。"
    paragraphs = factory.LazyAttribute(lambda o: [{"text": o.text, "items": [], "tail": ""}])
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.text.encode()).hexdigest())
    source = "测试法.md"
    source_sha256 = "0" * 64
    imported_at = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
