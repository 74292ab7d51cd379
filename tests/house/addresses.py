"""Every address of the portal in one table: how it is asked, by which verb, for which record.

    name                     methods   verb                  record

`*` is everybody who is logged in, `-` needs no log-in. The record is a kind of
`tests/house/world.py`; it goes into the address, or after `?name=` where the address ends so.
`=text` is a key that everybody shares. An address that is missing here fails the tests, as does
one that is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.house.world import World

TABLE = """
desk                         GET       *                    .
search                       GET       *                    .
search?q=测试                GET       *                    .
board                        GET       board.view           .
board?unit                   GET       board.view           unit
login                        GET,POST  -                    .
logout                       POST      -                    .
language                     POST      -                    .
password                     GET,POST  *                    .
profile                      GET,POST  *                    .
components                   GET       *                    .
health                       GET       -                    .
verify                       GET,POST  -                    code

inspections:list             GET       inspections.view     .
inspections:export           GET       inspections.view     .
inspections:detail           GET       inspections.view     inspection:recorded
inspections:new              GET,POST  inspections.record   .
inspections:new?enterprise   GET,POST  inspections.record   enterprise
inspections:remotes          GET       inspections.view     .
inspections:remote           GET       inspections.view     remote
inspections:remote_new       GET,POST  inspections.record   .
inspections:remote_new?enterprise GET,POST inspections.record enterprise
inspections:remote_notice    GET,POST  inspections.record   remote
inspections:remote_move      GET,POST  inspections.record   remote
inspections:remote_hold      GET,POST  inspections.record   remote:notified
inspections:remote_cancel    GET,POST  inspections.record   remote
inspections:issue_remote_notice GET,POST inspections.issue  remote
inspections:yearly_reuse     GET,POST  inspections.record   system
inspections:articles         GET       inspections.record   .
inspections:edit             GET,POST  inspections.record   inspection:draft
inspections:sign             GET,POST  inspections.record   inspection:draft
inspections:discard          GET,POST  inspections.record   inspection:draft
inspections:close            POST      inspections.record   inspection:recorded
inspections:particulars      GET,POST  inspections.record   inspection:draft
inspections:issue_notice     GET,POST  inspections.issue    inspection:draft
inspections:issue_record     GET,POST  inspections.issue    inspection:recorded
inspections:advise           GET,POST  inspections.issue    inspection:recorded
inspections:paper_withdraw   GET,POST  notices.withdraw     inspection_paper
inspections:finding_new      GET,POST  inspections.record   inspection:draft
inspections:finding_edit     GET,POST  inspections.record   finding:draft
inspections:finding_drop     GET,POST  inspections.record   finding:draft
inspections:finding_dispose  GET,POST  inspections.record   finding:recorded
inspections:evidence_new     GET,POST  inspections.record   inspection:draft
inspections:evidence_download POST     inspections.view     evidence
inspections:evidence_remove  GET,POST  inspections.record   evidence
inspections:evidence_withhold GET,POST inspections.record   evidence

orders:list                  GET       orders.view          .
orders:export                GET       orders.view          .
orders:detail                GET       orders.view          order
orders:file                  GET       orders.view          attachment
orders:proof                 GET       orders.view          service
orders:review                GET       orders.view          order
orders:bundle                GET,POST  orders.view          order
orders:add_proof             GET,POST  orders.serve         order:served
orders:extension             GET       orders.view          extension
orders:due_preview           GET       orders.view          .
orders:due_preview?order     GET       orders.view          order:issued
orders:new                   GET,POST  orders.draft         .
orders:new?inspection        GET,POST  orders.draft         inspection:recorded
orders:amend                 GET,POST  orders.draft         order:draft
orders:preview_paper         POST      orders.view          order:draft
orders:preview_decision      POST      orders.decide_extension  order:asked
orders:submit                GET,POST  orders.draft         order:draft
orders:discard               GET,POST  orders.draft         order:draft
orders:approve               GET,POST  orders.approve       order:submitted
orders:send_back             GET,POST  orders.approve       order:submitted
orders:issue                 GET,POST  orders.issue         order:approved
orders:record_service        GET,POST  orders.serve         order:issued
orders:record_returned_mail  GET,POST  orders.serve         order:mailed
orders:withdraw              GET,POST  orders.withdraw      order:issued
orders:request_extension     GET,POST  orders.extend        order:served
orders:decide_extension      GET,POST  orders.decide_extension  order:asked
orders:suspend               GET,POST  orders.suspend       order:served
orders:resume                GET,POST  orders.suspend       order:suspended
orders:record_correction     GET,POST  orders.correct       order:served
orders:correct_on_the_spot   GET,POST  orders.correct       order:served
orders:record_reinspection   GET,POST  orders.reinspect     order
orders:issue_opinion         GET,POST  orders.issue         order:seen
orders:judge                 GET,POST  orders.judge         order:seen
orders:escalate              GET,POST  orders.escalate      order:unmet
orders:report_upward         GET,POST  orders.correct       order:unmet

cases:list                   GET       cases.view           .
cases:detail                 GET       cases.view           case
cases:file?inspection        GET,POST  cases.file           inspection:recorded
cases:file?order             GET,POST  cases.file           order:unmet
cases:review                 GET       cases.view           case
cases:bundle                 GET,POST  cases.view           case
cases:record_decision        GET,POST  cases.file           case
cases:close                  GET,POST  cases.file           case

bulletins:list               GET       bulletins.view       .
bulletins:export             GET       bulletins.view       .
bulletins:detail             GET       bulletins.view       bulletin
bulletins:state              GET       bulletins.view       bulletin
bulletins:pdf                GET       bulletins.view       bulletin
bulletins:docx               GET       bulletins.view       bulletin
bulletins:html               GET       bulletins.view       bulletin
bulletins:new                GET,POST  bulletins.edit       .
bulletins:amend              GET,POST  bulletins.edit       bulletin:draft
bulletins:add                GET,POST  bulletins.edit       bulletin:draft
bulletins:drop               POST      bulletins.edit       bulletin:draft
bulletins:submit             GET,POST  bulletins.edit       bulletin:draft
bulletins:discard            GET,POST  bulletins.edit       bulletin:draft
bulletins:approve            GET,POST  bulletins.approve    bulletin:submitted
bulletins:send_back          GET,POST  bulletins.approve    bulletin:submitted
bulletins:publish            GET,POST  bulletins.edit       bulletin
bulletins:withdraw           GET,POST  bulletins.approve    bulletin
bulletins:retry              POST      bulletins.approve    bulletin
bulletins:publications       GET       bulletins.view       .
bulletins:export_publications GET      bulletins.view       .
bulletins:publication        GET       bulletins.view       publication
bulletins:demand             POST      bulletins.edit       case:decided
bulletins:publish_elsewhere  GET,POST  bulletins.edit       publication
bulletins:exempt             GET,POST  bulletins.edit       publication
bulletins:reopen             GET,POST  bulletins.edit       publication
bulletins:record_fall        GET,POST  bulletins.edit       publication
bulletins:withdraw_publication GET,POST bulletins.approve   publication

enterprises:list             GET       enterprises.view     .
enterprises:export           GET       enterprises.view     .
enterprises:detail           GET       enterprises.view     enterprise
enterprises:new              GET,POST  enterprises.edit     .
enterprises:edit             GET,POST  enterprises.edit     enterprise
enterprises:system_new       GET,POST  enterprises.edit     enterprise
enterprises:system_edit      GET,POST  enterprises.edit     system

notices:list                 GET       notices.view         .
notices:batches              GET       notices.view         .
notices:batch_new            GET,POST  notices.view         .
notices:batch                GET       notices.view         batch
notices:batch_state          GET       notices.view         batch
notices:batch_file           GET       notices.view         batch
notices:detail               GET       notices.view         notice
notices:pdf                  GET       notices.view         notice
notices:state                GET       notices.view         notice:queued
notices:preview              GET       notices.view         preview
notices:preview_state        GET       notices.view         preview
notices:preview_pdf          GET       notices.view         preview
notices:preview_page         GET       notices.view         preview
notices:retry                POST      notices.retry        notice:queued
notices:export               GET       notices.view         .
notices:serve                GET,POST  notices.serve        notice:plain
notices:receipt              POST      notices.serve        notice
notices:file_scan            GET,POST  notices.serve        notice
notices:withdraw             GET,POST  notices.withdraw     notice:plain
notices:add_proof            GET,POST  notices.serve        service
notices:proof                POST      notices.view         service
notices:scan                 POST      notices.view         scan
notices:waive                GET,POST  notices.waive        notice:queued

deadlines:list               GET       orders.view          .
deadlines:recheck            GET       law.view             .
deadlines:detail             GET       orders.view          deadline
deadlines:inbox              GET       *                    .
deadlines:see_all            POST      *                    .
deadlines:see                POST      *                    reminder
deadlines:feed               GET       orders.view          .
deadlines:open_feed          POST      orders.view          .
deadlines:close_feed         POST      orders.view          .
deadlines:ics                GET       -                    feed
deadlines:month              GET       orders.view          .
deadlines:duties             GET       orders.view          .
deadlines:export_duties      GET       orders.view          .
deadlines:open_unit_feed     POST      board.view           unit
deadlines:close_unit_feed    POST      board.view           unit
deadlines:unit_ics           GET       -                    unit_feed

law:list                     GET       law.view             .
law:violations               GET       law.view             .
law:violation                GET       law.view             =PII_UNENCRYPTED
law:calendars                GET       law.view             .
law:limits                   GET       law.view             .
law:law                      GET       law.view             =CSL
law:version                  GET       law.view             =CSL@2016
law:article                  GET       law.view             =CSL@2016:21

jobs:list                    GET       jobs.view            .
jobs:retry                   POST      jobs.retry           job

trail:list                   GET       trail.view           .
trail:export                 POST      trail.view           .
trail:detail                 GET       trail.view           event
trail:reveal                 POST      personal.reveal      enterprise
"""

#: Records that belong to no unit: an address that everybody with the verb may open.
OF_NO_UNIT = {
    "job": "the ledger is the portal's own; it names no enterprise and no person",
    "code": "whoever holds a paper may verify it",
    "feed": "the address is the secret, and shows what its owner sees",
    "unit_feed": "the address is the secret, and names no person",
}
#: Records that one person alone may open, whoever else sees the unit: the role that made them.
OF_ONE_PERSON = {"batch": "supervisor", "preview": "supervisor"}
ANYBODY, PUBLIC = "*", "-"


@dataclass(frozen=True)
class Address:
    name: str
    methods: tuple[str, ...]
    verb: str
    kind: str
    query: str = ""

    def __str__(self) -> str:
        return f"{self.name}?{self.query}" if self.query else self.name

    @property
    def has_places(self) -> bool:
        """Whether it leads to one record of one unit."""
        special = self.kind.startswith("=") or self.kind in {*OF_NO_UNIT, *OF_ONE_PERSON}
        return bool(self.kind) and not special

    def path(self, world: World, place: str = "own") -> str:
        if not self.kind or self.name == "trail:reveal":
            return reverse(self.name) + (f"?{self.query}" if self.query else "")
        key = self.kind[1:] if self.kind.startswith("=") else world.key(self.kind, place)
        if self.query:
            return f"{reverse(self.name)}?{self.query}={key}"
        return reverse(self.name, args=[key])

    def body(self, world: World, place: str = "own") -> dict[str, Any]:
        """What a POST says; nothing, where the address says all."""
        if self.name == "trail:reveal":
            return {
                "model": "enterprises.enterprise",
                "field": "contact_phone",
                "pk": str(world.key("enterprise", place)),
                "reason": "核实联系方式",
            }
        if self.name == "bulletins:drop":
            bulletin = world.record(self.kind, place)
            return {"entry": str(bulletin.entries.first().pk), "version": bulletin.version}
        return {"export-reason": "年度审计"} if self.name == "trail:export" else {}


def _rows() -> Iterator[Address]:
    for line in TABLE.splitlines():
        if not line.strip():
            continue
        name, methods, verb, kind = line.split()
        name, _mark, query = name.partition("?")
        yield Address(name, tuple(methods.split(",")), verb, "" if kind == "." else kind, query)


ADDRESSES = tuple(_rows())


def patterns(
    resolver: URLResolver | None = None, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern]]:
    """Every address of the portal by its full name; the back room's own have their own walk."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                continue
            yield from patterns(entry, (*above, entry.namespace) if entry.namespace else above)
        else:
            yield ":".join([*above, entry.name or str(entry.pattern)]), entry
