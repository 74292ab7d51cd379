"""Regions, units, people and roles.

`UserFactory(inspector=True)` is a person with the role, in a unit of its own; the switches are
the role codes, and several may be on. `UserFactory(unit=nanning, supervisor=True)` sits in a
given unit. The password of all is `PASSWORD`. The role rows are there after migration.
"""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Region, Role, RoleHolding, Unit, User
from accounts.roles import ROLES

PASSWORD = "Chengshi-2025-an"


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"{450000 + n % 9999:06d}")
    name = factory.LazyAttribute(lambda o: f"地区{o.code}")


class UnitFactory(DjangoModelFactory):
    """A root unit; `UnitFactory(parent=city)` lies below another."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"第{n}市公安局网安支队")
    short_name = factory.Sequence(lambda n: f"{n}市网安支队")
    abbreviation = factory.Sequence(lambda n: f"测{n}公（网安）")
    level = Unit.Level.CITY
    region = factory.SubFactory(RegionFactory)
    address = "南宁市青秀区某路1号"
    phone = "0771-2890000"
    postcode = "530000"
    reconsideration_body = "南宁市人民政府"
    court = "南宁市青秀区人民法院"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        inspector = False
        legal_reviewer = False
        supervisor = False
        system_admin = False
        security_admin = False
        auditor = False
        without_certificate = factory.Trait(certificate_number="", certificate_expires_on=None)

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"韦志{chr(0x4E00 + n % 5000)}")
    police_number = factory.Sequence(lambda n: f"{100000 + n:06d}")
    unit = factory.SubFactory(UnitFactory)
    certificate_number = factory.Sequence(lambda n: f"桂A{n:06d}")
    certificate_expires_on = date(2099, 12, 31)
    password = factory.django.Password(PASSWORD)
    roles = factory.LazyAttribute(lambda o: [code for code in ROLES if getattr(o, code)])

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        roles = kwargs.pop("roles", [])
        user = super()._create(model_class, *args, **kwargs)
        for code in roles:
            RoleHolding.objects.create(user=user, role=Role.objects.get(code=code))
        return user
