"""Letters: who gets one, what it says, and that a dead worker or mail server loses none."""

import smtplib
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core import mail as outbox_of
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from config.mail import server
from deadlines import clock, mail, registry, reminders
from deadlines.models import Deadline, Letter, Reminder, Sweep
from deadlines.registry import Addressee
from jobs import ledger
from jobs.models import Job
from legal.periods import SHANGHAI
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.deadlines import DeadlineFactory, period
from tests.factories.legal import load_law
from vault import masks

pytestmark = pytest.mark.django_db

DUE = date(2025, 2, 12)
SEVEN, THREE = DUE - timedelta(days=7), DUE - timedelta(days=3)


def moment(day, minute=0):
    return datetime.combine(day, time(9, minute), tzinfo=SHANGHAI)


def sweep(day, minute=0):
    return reminders.sweep(today=day, at=moment(day, minute))


def later(hours=0):
    """A time after whatever was owed: the ledger keeps the machine's own time."""
    return timezone.now() + timedelta(days=1, hours=hours)


def work():
    """A worker comes by."""
    at = later()
    for job in Job.objects.startable(at).order_by("created_at"):
        ledger.work(str(job.pk), clock=lambda: at)


@pytest.fixture(autouse=True)
def _law(db):
    load_law()


@pytest.fixture
def box():
    outbox_of.outbox = []
    return outbox_of.outbox


@pytest.fixture
def officer(unit):
    return UserFactory(unit=unit, inspector=True, name="韦志强", email="wei@police.test")


@pytest.fixture
def row(unit, officer):
    return DeadlineFactory(unit=unit, owner=officer)


def test_one_digest_for_each_person_and_sweep(row, officer, unit, box):
    late = DeadlineFactory(unit=unit, owner=officer, of=period(days=10))
    UserFactory(unit=unit, supervisor=True)  # without an address: the inbox alone
    sweep(SEVEN)
    assert Job.objects.count() == 1
    work()
    (letter,) = box
    assert letter.to == ["wei@police.test"]
    assert letter.subject == "期限提醒：2 项，其中 1 项已逾期"
    assert letter.body.startswith("韦志强，您好：")
    for words in ("改正期限", "2025年2月12日（周三）", "逾期", "https://portal.test/deadlines/"):
        assert words in letter.body
    # The first to fall due stands first.
    assert letter.body.index(late.due_text) < letter.body.index(row.due_text)
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    assert html.count("<tr>") == 3
    assert "<style" not in html
    assert Letter.objects.get().address == masks.email("wei@police.test") == "w***@police.test"


def test_a_digest_is_not_doubled(row, officer, box):
    sweep(SEVEN)
    sweep(SEVEN, 5)
    (job,) = Job.objects.all()
    work()
    mail.owe(Sweep.objects.earliest("at"))
    assert Job.objects.count() == 1
    # Even where the ledger forgets that it was done.
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED, done_at=None, attempts=0)
    work()
    assert len(box) == Letter.objects.count() == 1


def test_the_message_id_follows_from_what_it_is_about(row, officer, box, monkeypatch):
    sweep(SEVEN)
    (job,) = Job.objects.all()

    def killed(*_args, **_facts):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "_finish", killed)  # the worker dies after the letter left
        with pytest.raises(SystemExit):
            ledger.work(str(job.pk), clock=later)
    assert ledger.work(str(job.pk), clock=lambda: later(hours=1))
    assert len(box) == 2
    first, second = (letter.extra_headers["Message-ID"] for letter in box)
    assert first == second == Letter.objects.get().message_id
    assert first.endswith("@portal.test>")


def test_in_the_language_of_the_person(row, officer, box):
    officer.language = "en"
    officer.save()
    sweep(SEVEN)
    work()
    assert "Wed 12 Feb 2025" in box[0].body


def test_what_no_longer_holds_is_not_written(row, officer, box, unit):
    DeadlineFactory(unit=unit, owner=officer, of=period(days=19))
    sweep(THREE)
    Deadline.objects.filter(pk=row.pk).update(state=Deadline.MET, ended_on=THREE)
    work()
    assert box[0].subject == "期限提醒：1 项"
    sweep(DUE)
    Deadline.objects.running().update(state=Deadline.MET, ended_on=THREE)
    work()
    assert len(box) == 1
    assert not Job.objects.unfinished().exists()


def test_at_most_fifty_rows(officer, unit, box, monkeypatch):
    monkeypatch.setattr(mail, "ROWS", 3)
    for _number in range(5):
        DeadlineFactory(unit=unit, owner=officer)
    sweep(SEVEN)
    work()
    assert box[0].subject == "期限提醒：5 项"
    assert "另有 2 项，见提醒页。" in box[0].body
    assert box[0].body.count("改正期限") == 3


def test_who_left_meanwhile_gets_none(row, officer, box):
    sweep(SEVEN)
    officer.is_active = False
    officer.save()
    work()
    assert box == []


def test_leaders_and_the_unit_above(row, officer, unit, box):
    unit.parent = UnitFactory()
    unit.save()
    UserFactory(unit=unit, supervisor=True, email="chief@police.test")
    UserFactory(unit=unit.parent, supervisor=True, email="above@police.test")
    officer.email = ""
    officer.save()
    sweep(DUE + timedelta(days=10))
    work()
    assert {letter.to[0] for letter in box} == {"chief@police.test", "above@police.test"}


def test_a_report_upward(row, officer, unit, box):
    unit.parent = UnitFactory()
    unit.save()
    UserFactory(unit=unit.parent, supervisor=True, email="above@police.test")
    reminders.report(row, by=officer, at=moment(DUE), reason="企业拒不改正\n建议督办")
    work()
    (letter,) = box
    assert letter.to == ["above@police.test"]
    assert "企业拒不改正" in letter.body
    assert "韦志强" in letter.body
    assert "\n" not in letter.subject
    assert Letter.objects.get().reminder.by == officer


# --- Enterprises ----------------------------------------------------------------------------------


@pytest.fixture
def company(row, officer):
    officer.email = ""
    officer.save()
    told = {
        row.subject_id: Addressee(
            email="it@hotel.test",
            name="南宁某酒店",
            number="南公（网安）责通字〔2025〕12号",
            items=3,
        )
    }
    registry.subject(
        "rectification.order",
        url_name="deadlines:detail",
        labels=lambda ids: dict.fromkeys(ids, "某酒店"),
        addressees=lambda ids: {pk: told[pk] for pk in ids if pk in told},
    )
    return told


def test_the_enterprise_is_reminded_where_it_gave_an_address(row, unit, company, box):
    DeadlineFactory(unit=unit)  # of an enterprise without an address
    sweep(SEVEN)
    assert not Job.objects.exists()  # seven days before, the officer alone is reminded
    sweep(THREE)
    work()
    (letter,) = box
    assert letter.to == ["it@hotel.test"]
    assert letter.subject == "关于南公（网安）责通字〔2025〕12号改正期限的提醒"
    for words in ("南宁某酒店：", "改正期限至2025年2月12日（周三）届满", "3 项", unit.organ):
        assert words in letter.body
    assert "韦志强" not in letter.body + letter.alternatives[0][0]
    assert Letter.objects.get().reminder.deadline == row
    sweep(THREE, 5)
    work()
    assert len(box) == 1


def test_an_address_that_was_taken_back_is_not_used(row, company, box):
    sweep(THREE)
    company.clear()
    work()
    assert box == []


def test_what_was_met_or_extended_meanwhile_is_not_asked_for(row, officer, company, box):
    sweep(THREE)
    clock.replace(row, period(days=30), reason="延期", by=officer, at=moment(THREE, 30))
    work()
    assert box == []


@pytest.mark.parametrize("whose", ["the unit's", "the enterprise's"])
def test_made_up_data_say_so(row, unit, company, box, whose):
    if whose == "the unit's":
        unit.is_demonstration = True
        unit.save()
    else:
        old = company[row.subject_id]
        company[row.subject_id] = Addressee(
            email=old.email, name=old.name, number="责通字\n1号", is_demonstration=True
        )
    sweep(THREE)
    work()
    assert box[0].subject.startswith("【演示】关于")
    assert "\n" not in box[0].subject


def test_what_the_office_owes_itself_is_not_told_to_the_enterprise(row, company, box):
    """Whatever a ladder says for a kind that is no affair of the enterprise."""
    duty = DeadlineFactory(unit=row.unit, kind="REINSPECT", subject_id=row.subject_id)
    reminder = Reminder.objects.create(
        deadline=duty, fires_on=THREE, audience=["enterprise"], entered_at=moment(THREE)
    )
    mail.owe(Sweep.objects.create(at=reminder.entered_at, today=THREE))
    assert not Job.objects.exists()


# --- Ways out -------------------------------------------------------------------------------------


def test_into_files_where_there_is_no_server(row, officer, settings, tmp_path):
    settings.EMAIL_BACKEND = server("").backend
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    sweep(SEVEN)
    work()
    (file,) = Path(settings.EMAIL_FILE_PATH).iterdir()
    raw = file.read_bytes().partition(b"\n" + b"-" * 79)[0]
    letter = message_from_bytes(raw, policy=policy.default)
    assert letter["To"] == "wei@police.test"
    assert letter["Subject"] == "期限提醒：1 项"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "韦志强，您好" in letter.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp+tls://user:p%40ss@mail.test", ("mail.test", 587, "user", "p@ss", True, False)),
        ("smtps://u:p@mail.test:4650", ("mail.test", 4650, "u", "p", False, True)),
        ("smtp://mail.test", ("mail.test", 25, "", "", False, False)),
    ],
)
def test_a_mail_server_by_one_address(url, told):
    found = server(url)
    assert told == (
        found.host,
        found.port,
        found.user,
        found.password,
        found.starttls,
        found.tls,
    )
    assert found.backend.endswith("smtp.EmailBackend")


@pytest.mark.parametrize("url", ["mail.test", "http://u:geheim@mail.test", "smtp://", "smtp://m:x"])
def test_an_address_that_does_not_read_is_refused_without_its_password(url):
    with pytest.raises(ImproperlyConfigured) as refused:
        server(url)
    assert "geheim" not in str(refused.value)


class Sick(EmailBackend):
    """A mail server with a fault."""

    fault: Exception = smtplib.SMTPServerDisconnected("wei@police.test")

    def send_messages(self, messages):
        raise type(self).fault


def test_a_server_that_is_away_is_tried_again_and_then_seen(row, officer, settings, box, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.Sick"
    sweep(SEVEN)
    job = Job.objects.get()
    at = later()
    for _attempt in range(ledger.ATTEMPTS):
        ledger.work(str(job.pk), clock=lambda: at)  # noqa: B023
        job.refresh_from_db()
        at = job.due_at + timedelta(seconds=1)
    assert job.state == Job.State.DEAD
    assert "wei@police.test" not in job.last_error
    assert not Letter.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    system = UserFactory(system_admin=True)
    ledger.retry(job, by=system, at=at)
    ledger.work(str(job.pk), clock=lambda: at + timedelta(hours=1))
    assert len(box) == 1
    assert "wei@police.test" not in caplog.text


@pytest.mark.parametrize(("code", "state"), [(550, "dead"), (450, "queued")])
def test_an_address_that_the_server_refuses(row, officer, settings, monkeypatch, code, state):
    settings.EMAIL_BACKEND = f"{__name__}.Sick"
    refused = smtplib.SMTPRecipientsRefused({"wei@police.test": (code, b"no such user")})
    monkeypatch.setattr(Sick, "fault", refused)
    sweep(SEVEN)
    job = Job.objects.get()
    ledger.work(str(job.pk), clock=later)
    job.refresh_from_db()
    assert job.state == state
    assert "police.test" not in job.last_error


def test_many_are_owed_at_once_and_each_once():
    keys = [(f"k{n}", {"reminder": "x"}) for n in range(120)]
    assert ledger.owe_many(mail.ENTERPRISE, keys) == 120
    assert ledger.owe_many(mail.ENTERPRISE, [*keys, ("new", {"reminder": "y"})]) == 1
    assert Job.objects.count() == 121
    with pytest.raises(KeyError):
        ledger.owe_many("unknown", [])
