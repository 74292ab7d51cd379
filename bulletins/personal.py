"""Nothing in a bulletin names an enterprise or a person: the search before it goes on.

Sought are all names and numbers that the file of each case holds, and whatever looks like a
number of a person, in the text as people type it: with spaces or dashes between, in full width,
with digits written as Chinese numerals. A hit is told by its place and its kind; it is never
repeated in the message.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletins import reduced
from notices.models import Service
from penalties.models import Case

SHORTEST_NAME = 2  # characters; one alone stands in every sentence
SHORTEST_ADDRESS = 4
SHORTEST_NUMBER = 5

NAME_OF_ENTERPRISE = gettext_lazy("企业名称或者字号")
CODE = gettext_lazy("统一社会信用代码")
PERSON = gettext_lazy("人员姓名")
PHONE = gettext_lazy("电话号码")
IDENTITY = gettext_lazy("身份证号码")
MAIL = gettext_lazy("电子邮箱")
ADDRESS = gettext_lazy("地址")
SYSTEM = gettext_lazy("网址或者备案号")
POLICE = gettext_lazy("警号或者执法证号")

_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_DROPPED = re.compile(
    r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff·•・.．,，、\-—–_~()（）/]+"
)
#: What looks like a number of a person, whoever it is.
_SHAPES: tuple[tuple[Promise | str, re.Pattern[str]], ...] = (
    (IDENTITY, re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d\d{3}[\dX](?!\d)")),
    (PHONE, re.compile(r"(?<!\d)(?:86)?1[3-9]\d{9}(?!\d)")),
    (CODE, re.compile(r"(?<![0-9A-Z])[159][1-39]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")),
)
_MAIL = re.compile(r"[A-Z0-9_%+]+@[A-Z0-9]+", re.IGNORECASE)


@dataclass(frozen=True)
class Needle:
    """One thing that must not be there. `text` is in the form that `_flat` gives."""

    kind: str
    text: str
    number: bool = False


@dataclass(frozen=True)
class Place:
    """A field of the bulletin and its words: where it is said, and under which name."""

    field: str
    word: str
    text: str


@dataclass(frozen=True)
class Hit:
    """Something of `kind` stands in `place`, from that character on (the first is 1)."""

    kind: str
    place: Place
    at: int

    @property
    def sentence(self) -> str:
        return _("%(where)s第 %(at)d 字起有%(kind)s，通报不能写明。") % {
            "where": self.place.word,
            "at": self.at,
            "kind": self.kind,
        }


def needles(cases: Iterable[Case], places: Collection[str] = ()) -> list[Needle]:
    """Everything in the files of these cases that no bulletin may say."""
    found: dict[Needle, None] = {}
    cases = list(cases)
    for case in cases:
        for kind, value, number in _of_case(case, places):
            flat = _numeric(value) if number else _flat(value)[0]
            if flat and not (reduced.SOME in flat and kind in (str(PERSON), str(ADDRESS))):
                found[Needle(kind, flat, number)] = None
    for needle in _of_services(cases):
        found[needle] = None
    return list(found)


def _of_case(case: Case, places: Collection[str]) -> Iterable[tuple[str, str, bool]]:
    """(kind, value, whether it is a number) of one case; short ones are left out."""
    enterprise, visit = case.enterprise, case.inspection
    for name in (enterprise.name, *re.split(r"[、，,；;]", enterprise.short_name)):
        whole = [] if reduced.is_reduced(name) else [name]
        for piece in (*whole, *reduced.tell_tale(name, places)):
            if len(piece) > SHORTEST_NAME:
                yield str(NAME_OF_ENTERPRISE), piece, False
    officers = list(visit.officers.all()) if visit else []
    persons = [
        enterprise.legal_representative,
        enterprise.security_lead,
        enterprise.contact_name,
        visit.met_name if visit else "",
        visit.witness if visit else "",
        case.filed_by.name,
        case.decision_entered_by.name if case.decision_entered_by else "",
        *(officer.name for officer in officers),
        *_deciders(case),
    ]
    for person in persons:
        if len(person.strip()) >= SHORTEST_NAME:
            yield str(PERSON), person, False
    for address in (enterprise.address, visit.place if visit else ""):
        for piece in (address, _without_place(address, places)):
            if len(piece) >= SHORTEST_ADDRESS:
                yield str(ADDRESS), piece, False
    numbers = [
        (CODE, enterprise.uscc),
        (IDENTITY, enterprise.legal_representative_identity),
        (PHONE, enterprise.contact_phone),
        (PHONE, enterprise.security_lead_phone),
        (PHONE, visit.met_phone if visit else ""),
        *((POLICE, officer.police_number) for officer in officers),
        *((POLICE, officer.certificate_number) for officer in officers),
    ]
    system = visit.system if visit else None
    if system is not None:
        numbers += [
            (SYSTEM, re.sub(r"^\w+://", "", system.url).rstrip("/")),
            (SYSTEM, system.icp_number),
            (SYSTEM, system.mlps_number),
            (SYSTEM, system.mps_filing_number),
        ]
    for kind, number in numbers:
        if number and len(_numeric(number)) >= SHORTEST_NUMBER:
            yield str(kind), number, True
    if enterprise.contact_email:
        yield str(MAIL), enterprise.contact_email, False


def _deciders(case: Case) -> Iterable[str]:
    """Who drafted, approved, issued and judged the order of the case."""
    if case.order is None:
        return []
    order = case.order
    people = (order.drafted_by, order.approved_by, order.issued_by, order.judged_by)
    return [person.name for person in people if person is not None]


def _of_services(cases: Sequence[Case]) -> Iterable[Needle]:
    """Who took the papers of these cases: one query."""
    papers = [case.order.notice_id for case in cases if case.order and case.order.notice_id]
    for service in Service.objects.filter(notice__in=papers).select_related("server_1", "server_2"):
        servers = (service.server_1, service.server_2)
        names = [service.recipient, service.witness, *(each.name for each in servers if each)]
        for name in names:
            if len(name.strip()) >= SHORTEST_NAME and reduced.SOME not in name:
                yield Needle(str(PERSON), _flat(name)[0])


def _without_place(address: str, places: Collection[str]) -> str:
    """演示路101号 of 南宁市演示路101号: how people shorten an address."""
    text, known = reduced.plain(address), sorted(places, key=len, reverse=True)
    while True:
        head = next((place for place in known if place and text.startswith(place)), "")
        if not head:
            return text
        text = text[len(head) :]


def search(places: Iterable[Place], sought: Iterable[Needle]) -> list[Hit]:
    """Every hit, field by field, each kind once a field at its first place."""
    sought = list(sought)
    hits = []
    for place in places:
        first: dict[str, int] = {}
        for kind, at in _hits(place.text, sought):
            first[kind] = min(at, first.get(kind, at))
        hits += [Hit(kind, place, at) for kind, at in sorted(first.items(), key=lambda hit: hit[1])]
    return hits


def _hits(text: str, sought: Sequence[Needle]) -> Iterable[tuple[str, int]]:
    flat, origins = _flat(text)
    numeric = _numeric(flat)  # digit for digit as long as `flat`
    for needle in sought:
        at = (numeric if needle.number else flat).find(needle.text)
        if at >= 0:
            yield needle.kind, origins[at] + 1
    for kind, shape in _SHAPES:
        found = shape.search(numeric)
        if found:
            yield str(kind), origins[found.start()] + 1
    mail = _MAIL.search(flat)
    if mail:
        yield str(MAIL), origins[mail.start()] + 1


def _flat(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters the place in the original."""
    kept: list[str] = []
    origins: list[int] = []
    for place, char in enumerate(text):
        for each in unicodedata.normalize("NFKC", char).upper():
            if not _DROPPED.fullmatch(each):
                kept.append(each)
                origins.append(place)
    return "".join(kept), origins


def _numeric(text: str) -> str:
    """With Chinese numerals as digits: 一三八 → 138."""
    return _flat(text)[0].translate(_CHINESE_DIGITS)
