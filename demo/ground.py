"""The ground of the demonstration: units, staff, enterprises. Each verb once, never in bulk."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from stdnum.cn import ric, uscc

from accounts import people
from accounts.models import Region, Unit, User
from audit import trail
from enterprises import register
from enterprises.models import Enterprise, System
from penalties import discretion
from penalties.models import Reviewer

DATA = Path(__file__).parent / "data"
#: Names the rows of the demonstration, so that loading again finds them.
NAMESPACE = UUID("6d9b0a52-4a3e-5c1e-8a43-2f1c5b7e9d10")
CERTIFICATES_UNTIL = date(2035, 12, 31)
REVIEWS_SINCE = date(2019, 1, 1)
NOTE_PUBLISHED = (
    "演示设定：企业名称、检查发现、引用条款取自公开通报（《%(title)s》，%(published)s）。"
    "统一社会信用代码、地址、人员、身份证号码、电话和信息系统情况为演示编造，公开通报未载明。"
)
NOTE_INVENTED = "演示设定：本企业及其全部信息为编造，与任何真实单位无关。"


def read(name: str) -> Any:
    """One of the data files of the demonstration."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def token(name: str) -> UUID:
    """The same name gives the same id on every run."""
    return uuid5(NAMESPACE, name)


@dataclass(frozen=True)
class Team:
    """Who handles the matters of one unit."""

    unit: Unit
    first: User
    second: User
    chief: User

    @property
    def officers(self) -> tuple[User, User]:
        return self.first, self.second


@dataclass
class Ground:
    """What the stories stand on."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    systems: dict[str, System] = field(default_factory=dict)

    def team(self, unit: str) -> Team:
        first, second, chief = TEAMS[unit]
        return Team(self.units[unit], self.people[first], self.people[second], self.people[chief])


TEAMS = {
    "南宁市公安局": ("inspector", "inspector2", "supervisor"),
    "宾阳县公安局": ("county", "binyang2", "binyang3"),
    "河池市公安局": ("hechi2", "hechi3", "hechi"),
    "东兰县公安局": ("donglan1", "donglan2", "donglan3"),
}


def lay(now: datetime) -> Ground:
    """Bring in what is missing of units, staff and enterprises, and give them all."""
    ground = Ground()
    passwords = {login["username"]: login["password"] for login in logins()}
    staff = read("staff.json")["staff"]
    for facts in read("units.json")["units"]:
        ground.units[facts["name"]] = _unit(facts, ground, now)
    for facts in staff:
        ground.people[facts["username"]] = _person(facts, ground, passwords, now)
    Reviewer.objects.get_or_create(
        user=ground.people["reviewer"],
        defaults={
            "qualification_number": "演示资格45010001",
            "reviewing_since": REVIEWS_SINCE,
        },
    )
    discretion.load_example(next(unit for unit in ground.units.values() if unit.parent is None))
    listed = read("enterprises.json")
    published = {case["id"]: case for case in read("cases.json")["cases"]}
    for key, facts in listed["published"].items():
        case = published[key]
        _enterprise(
            ground,
            key,
            {
                **facts,
                "name": case["enterprise"],
                "industry": case["industry"],
                "note": NOTE_PUBLISHED % case["source"],
            },
            now,
        )
    for facts in listed["invented"]:
        _enterprise(
            ground,
            facts["key"],
            {**_invented(facts), "name": f"{facts['name']}（演示）", "note": NOTE_INVENTED},
            now,
        )
    return ground


def logins() -> list[dict[str, str]]:
    """Who can log in, as the launcher prints it."""
    text = (DATA.parent / "logins.json").read_text(encoding="utf-8")
    listed: list[dict[str, str]] = json.loads(text)
    return listed


def _unit(facts: dict[str, Any], ground: Ground, now: datetime) -> Unit:
    unit = Unit.objects.filter(name=facts["name"], is_demonstration=True).first()
    if unit is not None:
        return unit
    parent = ground.units[facts["parent"]] if facts["parent"] else None
    rest = {key: value for key, value in facts.items() if key not in ("parent", "region")}
    unit = Unit(
        **rest,
        parent=parent,
        region=Region.objects.get(pk=facts["region"]),
        is_demonstration=True,
    )
    unit.full_clean(exclude=["path"])
    unit.save()
    trail.record("admin.added", unit, by=None, at=now)
    return unit


def _person(
    facts: dict[str, Any], ground: Ground, passwords: dict[str, str], now: datetime
) -> User:
    person = User.objects.filter(username=facts["username"], is_demonstration=True).first()
    if person is not None:
        return person
    certificate = facts.get("certificate", "")
    until = date.fromisoformat(facts["expires"]) if "expires" in facts else CERTIFICATES_UNTIL
    return people.add(
        by=None,
        at=now,
        username=facts["username"],
        name=facts["name"],
        unit=ground.units[facts["unit"]],
        password=passwords.get(facts["username"]),
        roles=facts["roles"],
        police_number=facts.get("police_number"),
        certificate_number=certificate,
        certificate_expires_on=until if certificate else None,
        must_change_password=False,
        is_demonstration=True,
    )


def _invented(facts: dict[str, Any]) -> dict[str, Any]:
    """Invented persons and numbers for an enterprise that has none written down."""
    number = ord(facts["key"]) - ord("A") + 1
    return facts | {
        "address": f"演示路{200 + number}号",
        "legal_representative": f"演示人员{facts['key']}",
        "identity": f"990000199001{number:02d}{100 + number}",
        "security_lead": f"演示负责人{facts['key']}",
        "security_phone": f"10000001{number:03d}",
        "contact": f"演示联系人{facts['key']}",
        "contact_phone": f"10000002{number:03d}",
    }


def _enterprise(ground: Ground, key: str, facts: dict[str, Any], now: datetime) -> None:
    team = ground.team(facts["unit"])
    enterprise = register.register(
        by=team.first,
        at=now,
        unit=team.unit,
        is_demonstration=True,
        form_token=token(f"{key}/enterprise"),
        name=facts["name"],
        uscc=code_of(facts["region"], key),
        region=Region.objects.get(pk=facts["region"]),
        industry_code=facts["industry_code"],
        industry_name=facts.get("industry", ""),
        address=facts["address"],
        legal_representative=facts["legal_representative"],
        legal_representative_identity=_identity(facts["identity"]),
        security_lead=facts["security_lead"],
        security_lead_phone=facts["security_phone"],
        contact_name=facts["contact"],
        contact_phone=facts["contact_phone"],
        note=facts["note"],
    )
    ground.enterprises[key] = enterprise
    if facts["system"]:
        ground.systems[key] = register.add_system(
            enterprise,
            by=team.first,
            at=now,
            form_token=token(f"{key}/system"),
            name=facts["system"]["name"],
            pii_kinds=facts["system"]["pii"],
            pii_volume=facts["system"]["volume"],
        )


def code_of(region: str, key: str) -> str:
    """An invented credit code: its form and check character are right, its body says DEM."""
    number = sum(ord(letter) * 7**place for place, letter in enumerate(key)) % 10000
    body = f"91{region}MADEM{number:04d}"
    return body + uscc.calc_check_digit(body)


def _identity(digits: str) -> str:
    """An invented identity number: 990000 is no region, the check digit is right."""
    return digits + ric.calc_check_digit(f"{digits}0")  # the last place is not read


def invented_person(letter: str) -> dict[str, str]:
    """The particulars of whoever answers for the invented enterprise of that letter."""
    number = ord(letter) - ord("A") + 1
    return {
        "name": f"演示责任人{letter}",
        "sex": "男",
        "identity_kind": "居民身份证",
        "identity": _identity(f"990000198503{number:02d}{201 + 2 * number}"),
        "residence": "南宁市演示区",
        "address": f"南宁市演示区演示路{300 + number}号",
    }


def seeded_numbers() -> list[str]:
    """Every identity and telephone number that the demonstration brings in, for the test that
    looks for them where they must not be."""
    listed = read("enterprises.json")
    every = [*listed["published"].values(), *(_invented(each) for each in listed["invented"])]
    numbers = []
    for facts in every:
        numbers += [_identity(facts["identity"]), facts["security_phone"], facts["contact_phone"]]
    numbers += [invented_person(facts["key"])["identity"] for facts in listed["invented"]]
    return [number for number in numbers if number]
