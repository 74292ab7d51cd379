"""Every address of the portal in one table: how it is asked, by which verb, for which record.

    name                     methods   verb                  record

`*` is everybody who is logged in, `-` needs no log-in. The record is a kind of
`tests/house/world.py`; it goes into the address, or after `?name=` where the address ends so.
`case/told` is a record of a case whose address names the case before it. `=text` is a key that
everybody shares. An address that is missing here fails the tests, as does
one that is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

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
cases:open                   GET,POST  cases.file           .
cases:open?inspection        GET,POST  cases.file           inspection:recorded
cases:open?order             GET,POST  cases.file           order:unmet
cases:open?enterprise        GET,POST  cases.file           enterprise
cases:approve_filing         GET,POST  cases.approve        case
cases:decline_filing         GET,POST  cases.approve        case
cases:preview_filing         GET,POST  cases.file           case
cases:amend_case             GET,POST  cases.file           case
cases:add_findings           GET,POST  cases.file           case
cases:drop_finding           GET,POST  cases.file           case/casefinding
cases:add_officer            GET,POST  cases.file           case
cases:let_go_officer         GET,POST  cases.file           case/caseofficer
cases:exclude_days           GET,POST  cases.approve        case
cases:end_exclusion          GET,POST  cases.approve        case/exclusion
cases:caseofficer            GET       cases.view           caseofficer
cases:exclusion              GET       cases.view           exclusion
cases:respondent             GET       cases.view           respondent
cases:add_person             GET,POST  cases.file           case
cases:add_unit               GET,POST  cases.file           case
cases:amend_party            GET,POST  cases.file           case/respondent
cases:record_status          GET,POST  cases.file           case/respondent
cases:remove_party           GET,POST  cases.file           case/respondent
cases:referral               GET       cases.view           referral
cases:interview              GET       cases.view           interview
cases:refer                  GET,POST  cases.file           case
cases:record_answer          GET,POST  cases.file           case/referral
cases:record_interview       GET,POST  cases.file           case
cases:follow_up_interview    GET,POST  cases.file           case/interview
cases:review                 GET       cases.view           case
cases:review_export          GET       cases.view           case
cases:export                 GET       cases.view           .
cases:board                  GET       board.view           .
cases:board?unit             GET       board.view           unit
cases:bundle                 GET,POST  cases.view           case
cases:set_item               GET,POST  cases.file           case/respondent
cases:edit_item              GET,POST  cases.file           case/item
cases:remove_item            GET,POST  cases.file           case/item
cases:add_circumstance       GET,POST  cases.file           case/respondent
cases:drop_circumstance      GET,POST  cases.file           case/circumstance
cases:item                   GET       cases.view           item
cases:circumstance           GET       cases.view           circumstance
cases:range                  GET       cases.file           case/respondent
cases:statement              GET       cases.view           statement
cases:exhibit                GET       cases.view           exhibit
cases:preservation           GET       cases.view           preservation
cases:appraisal              GET       cases.view           appraisal
cases:recusal                GET       cases.view           recusal
cases:report                 GET       cases.view           report
cases:record_statement       GET,POST  cases.file           case
cases:scan_statement         GET,POST  cases.file           case/statement
cases:statement_page         GET       cases.view           case/statement
cases:statement_file         POST      cases.view           case/statement
cases:adopt_exhibits         GET,POST  cases.file           case
cases:add_exhibit            GET,POST  cases.file           case
cases:verify_exhibits        GET,POST  cases.file           case
cases:amend_exhibit          GET,POST  cases.file           case/exhibit
cases:exclude_exhibit        GET,POST  cases.file           case/exhibit
cases:restore_exhibit        GET,POST  cases.file           case/exhibit
cases:exhibit_list           GET       cases.view           case
cases:exhibit_sheet          GET       cases.view           case
cases:exhibit_file           POST      cases.view           case/exhibit
cases:preserve               GET,POST  cases.approve        case
cases:dispose_preservation   GET,POST  cases.file           case/preservation
cases:send_appraisal         GET,POST  cases.file           case
cases:receive_appraisal      GET,POST  cases.file           case/appraisal
cases:serve_appraisal_copy   GET,POST  cases.file           case/appraisal
cases:request_recusal        GET,POST  cases.file           case
cases:decide_recusal         GET,POST  cases.approve        case/recusal
cases:report_findings        GET,POST  cases.file           case
cases:report_again           GET,POST  cases.file           case
cases:told                   GET       cases.view           told
cases:defence                GET       cases.view           defence
cases:hearing                GET       cases.view           hearing
cases:give_notice            GET,POST  cases.file           case/respondent
cases:read_notice            GET       cases.view           case/respondent
cases:change_answer          GET,POST  cases.file           case/told
cases:record_defence         GET,POST  cases.file           case/told
cases:answer_defence         GET,POST  cases.file           case/defence
cases:defence_file           POST      cases.view           case/defence
cases:request_hearing        GET,POST  cases.file           case/told
cases:decide_request         GET,POST  cases.hear           case/hearing
cases:appoint_hearing        GET,POST  cases.hear           case/hearing
cases:notify_hearing         GET,POST  cases.hear           case/hearing
cases:postpone_hearing       GET,POST  cases.hear           case/hearing
cases:hold_hearing           GET,POST  cases.hear           case/hearing
cases:report_hearing         GET,POST  cases.hear           case/hearing
cases:withdraw_hearing       GET,POST  cases.hear           case/hearing
cases:legalreview            GET       cases.view           legalreview
cases:discussion             GET       cases.view           discussion
cases:approval               GET       cases.view           approval
cases:mark_gravity           GET,POST  cases.file           case
cases:give_review            GET,POST  cases.review         case
cases:follow_up_review       GET,POST  cases.file           case/legalreview
cases:hold_discussion        GET,POST  cases.decide         case
cases:approve_decision       GET,POST  cases.decide         case
cases:issue_decision         GET,POST  cases.decide         case/respondent
cases:preview_decision       POST      cases.decide         case/respondent
cases:spot?inspection        GET,POST  cases.file           inspection:recorded
cases:file_with_unit         GET,POST  cases.file           case/decision
cases:decision               GET       cases.view           decision
cases:serve                  GET       notices.serve        decision
cases:record_service         GET,POST  notices.serve        case/decision
cases:record_returned_mail   GET,POST  notices.serve        case/decision
cases:remedy                 GET       cases.view           remedy
cases:stay                   GET       cases.view           stay
cases:stopmeasure            GET       cases.view           stopmeasure
cases:stopcheck              GET       cases.view           stopcheck
cases:closing                GET       cases.view           closing
cases:record_remedy          GET,POST  cases.file           case/decision
cases:record_stay            GET,POST  cases.file           case/decision
cases:withdraw_decision      GET,POST  cases.decide         case/decision
cases:answer_remedy          GET,POST  cases.file           case/remedy
cases:record_result          GET,POST  cases.file           case/remedy
cases:take_effect            GET,POST  cases.file           case/remedy
cases:end_stay               GET,POST  cases.file           case/stay
cases:record_check           GET,POST  cases.file           case/stopmeasure
cases:end_measure            GET,POST  cases.file           case/stopmeasure
cases:lift_measure           GET,POST  cases.approve        case/stopmeasure
cases:money                  GET       cases.view           .
cases:export_money           GET       cases.view           .
cases:bank                   GET       cases.collect        .
cases:bank_import            GET,POST  cases.collect        .
cases:bank_lines             GET       cases.collect        .
cases:export_bank            GET       cases.collect        .
cases:bank_line              GET       cases.collect        bank_line
cases:match_line             GET,POST  cases.collect        bank_line
cases:set_line_aside         GET,POST  cases.collect        bank_line
cases:unmatch                GET,POST  cases.collect        bank_line
cases:payment                GET       cases.view           payment
cases:plan                   GET       cases.view           plan
cases:demand                 GET       cases.view           demand
cases:courtapplication       GET       cases.view           courtapplication
cases:cash                   GET       cases.view           cash
cases:record_payment         GET,POST  cases.collect        case/decision
cases:refund                 GET,POST  cases.collect        case/decision
cases:void_payment           GET,POST  cases.collect        case/payment
cases:hand_in                GET,POST  cases.collect        case/cash
cases:bank_in                GET,POST  cases.collect        case/cash
cases:ask_plan               GET,POST  cases.collect        case/decision
cases:decide_plan            GET,POST  cases.approve        case/plan
cases:make_demand            GET,POST  cases.collect        case/decision
cases:preview_demand         GET,POST  cases.collect        case/decision
cases:serve_demand           GET,POST  notices.serve        case/demand
cases:apply_to_court         GET,POST  cases.collect        case/decision
cases:preview_application    GET,POST  cases.collect        case/decision
cases:record_court_result    GET,POST  cases.collect        case/courtapplication
cases:ask_closing            GET,POST  cases.file           case
cases:terminate              GET,POST  cases.approve        case
cases:approve_closing        GET,POST  cases.approve        case/closing
cases:return_closing         GET,POST  cases.approve        case/closing
cases:preview_closing        GET,POST  cases.view           case/closing

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
    in_case: bool = False

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
        if self.in_case:
            return reverse(self.name, args=[world.record(self.kind, place).case_id, key])
        try:
            return reverse(self.name, args=[key])
        except NoReverseMatch:  # an act on a record in the file of a case: the case, then the row
            return reverse(self.name, args=[world.record(self.kind, place).case_id, key])

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
        in_case, kind = kind.startswith("case/"), kind.removeprefix("case/")
        kind = "" if kind == "." else kind
        yield Address(name, tuple(methods.split(",")), verb, kind, query, in_case)


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
