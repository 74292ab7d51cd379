"""A small world for tests that walk through every address: four units, everybody, everything.

    parent
    ├── own        the people whose access is tried sit here
    │   └── child
    └── sibling

In each unit there is one person per role, one without a role, one who was barred, and one record
of every kind, all made through the verbs; in `own` there is moreover an order for each situation.
It is built once for all these tests, inside one transaction that is rolled back at the end; each
request is taken back with `untouched`. Today is 5 February 2025: the orders served on 9 January are
due on the 12th.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import time_machine
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client, override_settings

from accounts.middleware import BEGAN, SEEN
from accounts.models import Unit, User
from accounts.roles import ROLES
from audit.models import Event
from deadlines import clock, feeds, reminders
from inspections import fieldwork, paper_facts, remote
from inspections import papers as visit_papers
from inspections.models import Inspection
from jobs import ledger
from jobs.models import Job
from legal.models import Article
from legal.periods import SHANGHAI
from notices import batches, blocks, scans
from notices.models import Batch, NumberPattern, Series, TextBlock
from penalties.models import (
    Appraisal,
    BankLine,
    BankStatement,
    Cash,
    Closing,
    CourtApplication,
    Defence,
    Demand,
    Discussion,
    Exclusion,
    Exhibit,
    Hearing,
    Interview,
    Payment,
    Plan,
    Preservation,
    Recusal,
    Referral,
    Remedy,
    Reviewer,
    Statement,
    Stay,
    StopCheck,
    StopMeasure,
)
from rectification import orders, paper_preview
from rectification.models import Order, Outcome, TermKind
from tests.factories import bulletins as in_bulletins
from tests.factories import penalties as in_cases
from tests.factories import signing
from tests.factories.accounts import RegionFactory, UnitFactory, UserFactory
from tests.factories.audit import chain_now
from tests.factories.enterprises import EnterpriseFactory, SystemFactory
from tests.factories.inspections import finding, photo, visit
from tests.factories.jobs import JobFactory
from tests.factories.rectification import Desk, at
from vault import files

NOW = datetime(2025, 2, 5, 14, 30, tzinfo=SHANGHAI)
ANONYMOUS, NOBODY, BARRED = "anonymous", "nobody", "barred"
PEOPLE = (*ROLES, NOBODY, BARRED)
ACTORS = (ANONYMOUS, *PEOPLE)
PLACES = ("own", "child", "parent", "sibling")
IN_SCOPE = ("own", "child")
REGIONS = {"parent": "450000", "own": "450100", "child": "450102", "sibling": "450200"}
LONG_AGO = date(2024, 12, 2)
REPORTED_ON = date(2025, 2, 4)


class Bench(Desk):
    """A desk on a register of law that is loaded already."""

    def __post_init__(self) -> None:
        self.inspector = UserFactory(unit=self.unit, inspector=True)
        self.colleague = UserFactory(unit=self.unit, inspector=True)
        self.supervisor = UserFactory(unit=self.unit, supervisor=True)


class World:
    """Who and what there is: `people[place][role]`, `records[kind][place]`."""

    def __init__(self, media: Path) -> None:
        self.media = media
        self.units: dict[str, Unit] = {}
        self.people: dict[str, dict[str, User]] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.desks: dict[str, Bench] = {}
        self._sessions: dict[str, str] = {}

    def build(self) -> None:
        first = Desk(unit=UnitFactory(name="某省公安厅", region=RegionFactory(code="450000")))
        for place, above in (
            ("parent", None),
            ("own", "parent"),
            ("child", "own"),
            ("sibling", "parent"),
        ):
            self.units[place] = (
                first.unit
                if above is None
                else UnitFactory(
                    parent=self.units[above], region=RegionFactory(code=REGIONS[place])
                )
            )
            self.desks[place] = Bench(unit=self.units[place])
            self.people[place] = {
                role: UserFactory(
                    unit=self.units[place],
                    is_active=role != BARRED,
                    roles=[role] if role in ROLES else ["supervisor"] if role == BARRED else [],
                    must_change_password=False,
                    password_changed_at=NOW - timedelta(days=1),
                )
                for role in PEOPLE
            }
            for kind, record in self._records(place):
                self.records.setdefault(kind, {})[place] = record
        for role in PEOPLE:
            self._sessions[role] = _session(self.people["own"][role])

    def _records(self, place: str) -> Iterator[tuple[str, Any]]:
        desk, people = self.desks[place], self.people[place]
        yield "unit", desk.unit
        yield "user", people["inspector"]
        yield (
            "pattern",
            NumberPattern.objects.create(
                unit=desk.unit,
                kind=orders.NOTICE_KIND,
                pattern="{abbreviation}责〔{year}〕{serial}号",
            ),
        )
        yield (
            "wording",
            TextBlock.objects.create(
                unit=desk.unit,
                code="remedies",
                effective_from=date(2099, 1, 1),
                text=blocks.BLOCKS["remedies"].default,
            ),
        )
        company = EnterpriseFactory(
            unit=desk.unit, contact_phone="13800138000", created_by=desk.inspector
        )
        yield "enterprise", company
        yield "system", SystemFactory(enterprise=company)
        yield from self._visits(desk, company)
        yield from self._orders(desk, company)
        yield from self._bulletins(desk)
        job = JobFactory(dead=True)
        yield "job", job
        yield "event", Event.objects.filter(unit=desk.unit).earliest("id")
        yield "feed", feeds.open_feed(desk.inspector, by=desk.inspector, at=NOW)
        yield "unit_feed", feeds.open_unit_feed(desk.unit, by=desk.supervisor, at=NOW)
        yield "certificate", signing.certificate(desk.unit)
        yield from self._remote(desk, company)

    @staticmethod
    def _bulletins(desk: Bench) -> Iterator[tuple[str, Any]]:
        case = in_bulletins.decided(desk)
        yield "case:decided", case
        yield "publication", case.publication
        bulletin = in_bulletins.approved(desk, case)
        ledger.work(str(bulletin.export_job().pk), clock=lambda: NOW)
        yield "bulletin", bulletin
        yield "bulletin:draft", in_bulletins.drafted(desk, case)
        yield "bulletin:submitted", in_bulletins.submitted(desk, case)

    @staticmethod
    def _remote(desk: Bench, company: Any) -> Iterator[tuple[str, Any]]:
        facts = {"by": desk.inspector, "at": NOW, "starts_on": date(2026, 12, 1), "scope": "外网"}
        yield "remote", remote.plan(SystemFactory(enterprise=company), **facts)
        yield (
            "remote:notified",
            remote.record_notice(
                remote.plan(SystemFactory(enterprise=company), **facts),
                by=desk.inspector,
                at=NOW,
                on=NOW.date(),
                how="paper",
                cac_told_on=NOW.date(),
            ),
        )

    def _visits(self, desk: Bench, company: Any) -> Iterator[tuple[str, Any]]:
        law = _law(date(2025, 1, 6))
        draft = visit(desk.inspector, enterprise=company, officers=list(desk.pair))
        yield "inspection:draft", draft
        logged = finding(draft, desk.inspector, **law)
        yield "finding:draft", logged
        yield (
            "evidence",
            fieldwork.add_evidence(
                draft, photo(), by=desk.inspector, at=draft.ended_at, finding=logged, kind="photo"
            ),
        )
        signed = self._signed(desk, company, 2)
        yield "inspection:recorded", signed
        yield "finding:recorded", signed.findings.first()
        yield "inspection_paper", self._noticed(desk, company)
        filed = self._signed(desk, company, 1)
        who = {"by": desk.inspector, "approved_by": desk.supervisor}
        yield "case", in_cases.filed(filed, at=at(date(2025, 1, 7)), cause="案由", **who)

        yield from self._told(desk, self._signed(desk, company, 1))
        yield from self._fallen(desk, self._signed(desk, company, 1))

    def _told(self, desk: Bench, signed: Any) -> Iterator[tuple[str, Any]]:
        """A case whose party was told, answered, and asked for a hearing."""
        case = in_cases.case_alone(desk, inspection=signed)
        in_cases.report(case)
        yield "item", in_cases.item(case, measure="fine", amount=50_000)
        yield "circumstance", in_cases.circumstance(case)
        yield "discretion", in_cases.discretion_table(desk.unit)
        qualified = {"user": desk.colleague, "reviewing_since": date(2019, 1, 1)}
        yield "reviewer", Reviewer.objects.create(**qualified)
        facts = {"hearing_ground": "较大数额罚款", "hearing_until": date(2025, 1, 26)}
        told = in_cases.told(desk, case, hearing="claimed", defence="claimed", **facts)
        moment = at(date(2025, 1, 21))
        made = {"case": case, "told": told, "entered_at": moment, "entered_by": desk.inspector}
        upload = photo()
        stored = files.store(upload.data, upload.name, upload.content_type, desk.inspector)
        yield "legalreview", in_cases.reviewed(desk, case)
        talk = {"held_at": moment, "presider": "甲", "attendees": ["甲", "乙"], "minutes": "同意"}
        words = {"agreed": True, "conclusion": "同意", "case": case, "entered_at": moment}
        yield "discussion", Discussion.objects.create(entered_by=desk.supervisor, **talk, **words)
        yield "approval", in_cases.approved(desk, case)
        yield "respondent", told.respondent
        yield "casefinding", case.casefindings.first()
        yield "caseofficer", case.caseofficers.first()
        row = {"case": case, "entered_at": moment, "entered_by": desk.inspector}
        day = date(2025, 1, 21)
        yield "exclusion", Exclusion.objects.create(ground="other", from_on=day, note="x", **row)
        sent = {"to": "criminal", "organ": "刑侦支队", "reason": "涉嫌犯罪", "whole": False}
        yield "referral", Referral.objects.create(sent_on=day, **sent, **row)
        talk_of = {"subject": "data", "held_at": moment, "place": "支队", "demands": "改正"}
        names = {"attendees": ["陈某某"], "officers": ["甲", "乙"]}
        yield "interview", Interview.objects.create(**talk_of, **names, **row)
        yield "report", case.reports.get()
        yield from self._inquiry(desk, case, stored)
        yield "told", told
        yield (
            "defence",
            Defence.objects.create(
                received_on=date(2025, 1, 21), text="已经改正", file=stored, **made
            ),
        )
        yield (
            "hearing",
            Hearing.objects.create(
                requested_on=date(2025, 1, 21), accept_due_on=date(2025, 1, 23), **made
            ),
        )

    @staticmethod
    def _fallen(desk: Bench, signed: Any) -> Iterator[tuple[str, Any]]:
        """A case whose decision was served and sued, stayed, watched; somebody asks to close it."""
        case = in_cases.case_alone(desk, inspection=signed)
        made: dict[str, Any] = {"case": case, "entered_at": at(date(2025, 3, 3))}
        made["entered_by"] = desk.inspector
        of = made | {"decision": in_cases.decision(case, number="", served_on=date(2025, 2, 18))}
        yield "decision", of["decision"]
        day = {"applied_on": date(2025, 3, 3)}
        yield "remedy", Remedy.objects.create(kind="suit", body="人民法院", **day, **of)
        begun = {"from_on": date(2025, 3, 3)}
        yield "stay", Stay.objects.create(by_whom="人民法院", ground="诉讼", **begun, **of)
        facts = {"measure": "suspension", "detail": "停业", "starts_on": date(2025, 2, 18)}
        stopped = StopMeasure.objects.create(ends_on=date(2025, 3, 18), **facts, **of)
        yield "stopmeasure", stopped
        seen = {"held_on": date(2025, 3, 3), "officers": ["甲", "乙"], "result": "kept"}
        yield "stopcheck", StopCheck.objects.create(measure=stopped, note="停业", **seen, **made)
        yield "closing", Closing.objects.create(ground="performed", note="已执行", **made)
        yield from World._owed(desk, made, of)

    @staticmethod
    def _owed(desk: Bench, made: dict[str, Any], of: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Money upon that decision, and a line from the bank."""
        day = date(2025, 3, 3)
        payment = Payment.objects.create(paid_on=day, amount=1, way="cash", **of)
        yield "payment", payment
        cash = Cash.objects.create(payment=payment, officer=desk.inspector, due_on=day, **made)
        yield "cash", cash
        yield "plan", Plan.objects.create(kind="deferral", asked_on=day, reason="困难", **of)
        sums = {"principal": 1, "surcharge": 0}
        yield "demand", Demand.objects.create(made_on=day, **sums, **of)
        asked = CourtApplication.objects.create(court="法院", applied_on=day, **sums, **of)
        yield "courtapplication", asked
        entered = {"entered_at": made["entered_at"], "entered_by": desk.inspector}
        statement = BankStatement.objects.create(
            unit=desk.unit, name="流水.csv", sha256="0" * 64, **entered
        )
        facts = {"unit": desk.unit, "reference": "1", "booked_on": day, "amount": 1}
        yield "bank_line", BankLine.objects.create(statement=statement, **facts)

    @staticmethod
    def _inquiry(desk: Bench, case: Any, stored: Any) -> Iterator[tuple[str, Any]]:
        """What was gathered in that case."""
        day = date(2025, 1, 15)
        made = {"case": case, "entered_at": at(day), "entered_by": desk.inspector}
        pair = {"officer_1": desk.inspector, "officer_2": desk.colleague}
        statement = Statement.objects.create(
            person="李某某",
            begun_at=at(day, 9),
            ended_at=at(day, 10),
            place="本机关",
            file=stored,
            **pair,
            **made,
        )
        yield "statement", statement
        facts = {"kind": "party", "title": "笔录", "proves": "事实", "source": "询问"}
        yield (
            "exhibit",
            Exhibit.objects.create(
                number=1, statement=statement, file=stored, collected_on=day, **facts, **made
            ),
        )
        yield (
            "preservation",
            Preservation.objects.create(
                taken_at=at(day),
                approved_by=desk.supervisor,
                holder="李某某",
                place="机房",
                items=[{"name": "硬盘"}],
                due_on=date(2025, 1, 24),
                **pair,
                **made,
            ),
        )
        yield (
            "appraisal",
            Appraisal.objects.create(subject="加密", appraiser="中心", sent_on=day, **made),
        )
        yield (
            "recusal",
            Recusal.objects.create(
                person=desk.colleague,
                motion="requested",
                ground="近亲属",
                requested_on=day,
                due_on=date(2025, 1, 17),
                **made,
            ),
        )

    @staticmethod
    def _noticed(desk: Bench, company: Any) -> Any:
        """A visit that has just begun, with its notice."""
        day = date(2025, 1, 6)
        begun = visit(
            desk.inspector,
            enterprise=company,
            started_at=at(day, 10),
            ended_at=None,
            officers=list(desk.pair),
            notice_number="",
        )
        who = {"by": desk.inspector, "at": at(day, 10)}
        usual = paper_facts.usual(begun, has_findings=False)
        visit_papers.write_particulars(begun, version=0, **usual, **who)
        return visit_papers.issue_notice(begun, **who)

    @staticmethod
    def _signed(desk: Bench, company: Any, findings: int, day: date = date(2025, 1, 6)) -> Any:
        signed: Inspection = visit(
            desk.inspector,
            enterprise=company,
            started_at=at(day, 10),
            ended_at=at(day, 12),
            officers=list(desk.pair),
        )
        for _n in range(findings):
            finding(signed, desk.inspector, at=at(day, 12), **_law(day))
        return fieldwork.record_inspection(signed, by=desk.inspector, at=at(day, 13))

    def _orders(self, desk: Bench, company: Any) -> Iterator[tuple[str, Any]]:
        base = self._signed(desk, company, 10)
        findings = iter(list(base.findings.all()))

        def draft() -> Order:
            return orders.draft(
                base,
                [next(findings)],
                by=desk.inspector,
                at=at(date(2025, 1, 6), 16),
                term_kind=TermKind.WORKING_DAYS,
                term_days=20,
            )

        def submitted() -> Order:
            order = draft()
            return orders.submit(order, by=desk.inspector, at=order.drafted_at)

        def approved() -> Order:
            order = submitted()
            return orders.approve(order, by=desk.supervisor, at=order.drafted_at)

        def issued() -> Order:
            return orders.issue(approved(), by=desk.supervisor, at=at(date(2025, 1, 8), 17))

        def served(**facts: Any) -> Order:
            return desk.serve(issued(), **facts)

        running = served(proof=photo("回证.png"))
        self._correct(desk, running, photo("方案.png", "blue"))
        yield "order", running
        yield "service", running.notice.services.get()
        yield "attachment", running.attachments.get()
        yield "notice", running.notice
        yield "code", running.notice.verify_code
        yield "scan", self._scanned(desk, running.notice)
        yield "series", Series.objects.get(unit=desk.unit, kind=orders.NOTICE_KIND, year=2025)
        deadline = clock.running(running, orders.DEADLINE_KIND)
        assert deadline is not None
        yield "deadline", deadline
        yield (
            "reminder",
            reminders.report(deadline, by=desk.inspector, at=NOW, reason="企业不配合"),
        )
        asked = served()
        orders.request_extension(
            asked, by=desk.inspector, at=NOW, until=date(2025, 3, 3), reason="设备未到货"
        )
        yield "extension", asked.extensions.get()
        if desk.unit != self.units.get("own"):
            return
        ledger.work(str(running.notice.print_job().pk), clock=lambda: NOW)
        running.notice.refresh_from_db()
        yield "batch", self._batch(running.notice)
        begun = draft()
        yield "order:draft", begun
        looked_at = paper_preview.of_order(begun, by=self.people["own"]["supervisor"], at=NOW)
        ledger.work(str(Job.objects.get(key=str(looked_at.pk)).pk), clock=lambda: NOW)
        yield "preview", looked_at
        yield "order:submitted", submitted()
        yield "order:approved", approved()
        waiting = issued()
        yield "order:issued", waiting
        yield "notice:queued", waiting.notice
        yield "order:served", served()
        yield "order:mailed", desk.serve(issued(), method="post", tracking_number="EX1")
        yield "order:asked", asked
        stood = served()
        orders.suspend(stood, by=desk.inspector, at=NOW, from_on=date(2025, 1, 20), reason="封存")
        yield "order:suspended", stood
        seen = served()
        self._correct(desk, seen)
        desk.look(seen, REPORTED_ON)
        yield "order:seen", seen
        unmet = self._unmet(desk, company)
        yield "order:unmet", unmet
        yield (
            "notice:plain",
            orders.issue_opinion(unmet, by=desk.supervisor, at=NOW, opinion="继续整改"),
        )

    @staticmethod
    def _scanned(desk: Bench, notice: Any) -> Any:
        copy = photo("附卷联.png", "red")
        return scans.file_scan(notice, copy, kind="signed_copy", by=desk.inspector, at=NOW)

    @staticmethod
    def _correct(desk: Bench, order: Order, *evidence: Any) -> None:
        orders.record_correction(
            order,
            list(order.items.all()),
            by=desk.inspector,
            at=at(REPORTED_ON),
            completed_on=REPORTED_ON,
            received_on=REPORTED_ON,
            note="已加密。",
            evidence=evidence,
        )

    def _batch(self, notice: Any) -> Batch:
        """One paper in a file of its own, made; the supervisor asked for it."""
        by = self.people["own"]["supervisor"]
        chosen = batches.of_papers([notice.pk], by)
        batch = batches.ask_for_papers(chosen, "pdf", token=uuid4(), by=by, at=NOW)
        ledger.work(str(Job.objects.get(key=str(batch.pk)).pk), clock=lambda: NOW)
        return Batch.objects.get(ready_at__isnull=False, pk=batch.pk)

    def _unmet(self, desk: Bench, company: Any) -> Order:
        base = self._signed(desk, company, 1, LONG_AGO)
        order = orders.draft(
            base,
            list(base.findings.all()),
            by=desk.inspector,
            at=at(LONG_AGO, 16),
            term_kind=TermKind.WORKING_DAYS,
            term_days=5,
        )
        orders.submit(order, by=desk.inspector, at=order.drafted_at)
        orders.approve(order, by=desk.supervisor, at=order.drafted_at)
        orders.issue(order, by=desk.supervisor, at=at(date(2024, 12, 3), 17))
        desk.serve(order, date(2024, 12, 4))
        desk.look(order, date(2024, 12, 17), Outcome.UNCHANGED)
        return orders.judge(order, by=desk.supervisor, at=at(date(2024, 12, 18)))

    # --- Doors ---------------------------------------------------------------------------------

    def client(self, actor: str, *, language: str = "") -> Client:
        """A browser of that person, from the person's own address: limits are per address."""
        place = ACTORS.index(actor) + 1
        client = Client(raise_request_exception=False, REMOTE_ADDR=f"10.0.0.{place}")
        if actor in self._sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[actor]
        elif language:
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    def record(self, kind: str, place: str = "own") -> Any:
        """The record of that kind there. Orders stand in every situation in `own` alone."""
        there = self.records.get(kind, {})
        return there[place] if place in there else self.records[kind.partition(":")[0]][place]

    def key(self, kind: str, place: str = "own") -> Any:
        """What stands in the address for that record."""
        record = self.record(kind, place)
        return record if isinstance(record, str) else record.pk


def _law(day: date) -> dict[str, Any]:
    old = day < date(2026, 1, 1)
    return {
        "duty": [Article.objects.by_ref("CSL@2016:21" if old else "CSL@2025:23")],
        "penalty": [Article.objects.by_ref("CSL@2016:59(1)" if old else "CSL@2025:61(1)")],
    }


def _session(user: User) -> str:
    """A session as log-in makes it, without the way through the form."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[BEGAN] = session[SEEN] = NOW.timestamp()
    session.save()
    return str(session.session_key)


@contextmanager
def untouched() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def standing(media: Path, blocker: Any) -> Iterator[World]:
    """The world, until the block is left; the database is then as it was before."""
    world, kept = World(media), transaction.atomic()
    with blocker.unblock():
        kept.__enter__()
    try:
        with blocker.unblock(), here(world):
            world.build()
            chain_now()
        yield world
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            kept.__exit__(None, None, None)


@contextmanager
def here(world: World) -> Iterator[None]:
    """The day, the files and the quiet in which the world stands (denials are logged)."""
    logging.disable(logging.ERROR)
    try:
        with override_settings(MEDIA_ROOT=world.media), time_machine.travel(NOW, tick=False):
            yield
    finally:
        logging.disable(logging.NOTSET)


# --- What a request wrote --------------------------------------------------------------------


def written() -> dict[str, tuple[int, ...]]:
    """Rows inserted, updated and deleted in this transaction so far, table by table.

    PostgreSQL's own count: it misses nothing, and what was taken back counts as well.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables"
        )
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}


def changed(before: dict[str, tuple[int, ...]]) -> set[str]:
    """The tables written to since."""
    return {table for table, counts in written().items() if counts != before.get(table)}
