"""Enterprises and systems. Codes are invented, their check characters are right.

`EnterpriseFactory(unit=nanning)` is managed by a given unit; traits: `hotel`, `demonstration`.
`register` enters one through the verb, as officers do.
"""

from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory
from stdnum.cn import uscc as stdnum_uscc

from enterprises import register as book
from enterprises.models import Enterprise, System
from tests.factories.accounts import UnitFactory, UserFactory

AT = datetime(2025, 1, 6, 2, 0, tzinfo=UTC)


def uscc(number: int, region: str = "450100") -> str:
    """A well-formed code for the nth invented enterprise."""
    body = f"91{region}MA5{number:06d}"
    return body + stdnum_uscc.calc_check_digit(body)


class EnterpriseFactory(DjangoModelFactory):
    class Meta:
        model = Enterprise

    class Params:
        hotel = factory.Trait(industry_code="H6110", industry_name="旅游饭店")
        demonstration = factory.Trait(is_demonstration=True)

    unit = factory.SubFactory(UnitFactory)
    name = factory.Sequence(lambda n: f"南宁第{n}测试商务服务有限公司")
    uscc = factory.Sequence(lambda n: uscc(n % 1_000_000))
    region = factory.SelfAttribute("unit.region")
    industry_code = "L7299"
    industry_name = "其他未列明商务服务业"
    address = "南宁市青秀区民族大道1号"
    legal_representative = "陈某某"
    security_lead = "周某某"
    created_at = AT
    created_by = factory.SubFactory(UserFactory, unit=factory.SelfAttribute("..unit"))


class SystemFactory(DjangoModelFactory):
    class Meta:
        model = System

    enterprise = factory.SubFactory(EnterpriseFactory)
    name = factory.Sequence(lambda n: f"业务系统{n}")
    mlps_level = 2
    pii_kinds = ["name", "phone"]
    pii_volume = 12000


def register(by: Any, number: int = 1, **facts: Any) -> Enterprise:
    """An enterprise entered through the verb."""
    given = {"name": f"广西某酒店{number}有限公司", "uscc": uscc(number), "region": by.unit.region}
    return book.register(by=by, at=AT, **(given | facts))
