"""A unit's signature on what was printed: valid for others too, and any change is found."""

import hashlib
import subprocess
from datetime import timedelta

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.models import Event
from audit.trail import Refused
from jobs import ledger
from jobs.registry import NotYet
from notices import certificates, demo_authority, pades, printing, signing, waivers
from notices.models import Certificate, Notice, Waiver
from tests.factories import notices as make
from tests.factories import signing as sign
from tests.factories.accounts import UnitFactory, UserFactory
from vault import files

pytestmark = pytest.mark.django_db
PLACES = 20


@pytest.fixture
def demonstration():
    """The demonstration unit of the factories, with a certificate of its own authority."""
    unit = make.nanning()
    demo_authority.ensure(at=timezone.now())
    return unit


def waiting(notice):
    """What the worker says when it cannot print this notice now."""
    assert not ledger.work(str(notice.print_job().pk), clock=timezone.now)
    notice.refresh_from_db()
    assert notice.printed_at is None
    state = notice.print_state()
    assert state.code == "queued"
    return state.reason


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_signed_paper_is_valid_for_other_readers_and_still_pdf_a(
    demonstration, print_now, tmp_path
):
    notice = print_now(make.issue(unit=demonstration))
    data = files.read(notice.pdf)
    certificate = notice.certificate
    unsigned = printing.render(notice)
    path, plain = tmp_path / "signed.pdf", tmp_path / "plain.pdf"
    path.write_bytes(data)
    plain.write_bytes(unsigned.data)

    told = pades.status(data, certificate.chain, at=timezone.now())
    assert told.bottom_line
    assert told.coverage.name == "ENTIRE_FILE"
    assert told.signer_reported_dt == notice.signed_at

    code, said = run("pdfsig", str(path))
    assert code == 0
    for line in ("Signature is Valid", "Total document signed", "ETSI.CAdES.detached", "演示"):
        assert line in said
    code, said = run("qpdf", "--check", str(path))
    assert code == 0, said

    assert notice.pdf_sha256 == hashlib.sha256(data).hexdigest()
    assert notice.unsigned_sha256 == unsigned.sha256 != notice.pdf_sha256
    assert pades.print_inside(data, notice.unsigned_sha256)
    assert data.startswith(unsigned.data)
    assert notice.size == len(data) < len(unsigned.data) + 10_000
    with pikepdf.open(path) as pdf, pikepdf.open(plain) as before, pdf.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "B")
        assert pdf.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert dict(pdf.docinfo) == dict(before.docinfo)
        assert pdf.trailer.ID[0] == before.trailer.ID[0]
        assert "/OutputIntents" in pdf.Root
        assert pdf.Root.MarkInfo.Marked
        (reference,) = pdf.Root.Perms.DocMDP.Reference
        assert reference.TransformParams.P == 1  # no change is allowed
        (field,) = pdf.Root.AcroForm.Fields
        assert [int(side) for side in field.Rect] == [0, 0, 0, 0]
        assert int(field.F) & 4  # printed, as PDF/A wants every annotation
        assert not int(field.F) & 0b100011  # not invisible, hidden or without view
        assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_an_altered_byte_is_found_wherever_it_is(demonstration, print_now):
    notice = print_now(make.issue(unit=demonstration))
    data = files.read(notice.pdf)
    chain, at = notice.certificate.chain, notice.signed_at
    assert pades.faults(data, chain, at=at) == []

    unsigned_size = len(printing.render(notice).data)
    begin = data.index(b"/Contents <", unsigned_size)
    end = data.index(b">", begin)
    step = len(data) // PLACES
    covered = 0
    for place in range(step // 2, len(data), step):
        altered = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert hashlib.sha256(altered).hexdigest() != notice.pdf_sha256
        if not begin < place < end:
            covered += 1
            assert pades.faults(altered, chain, at=at), place
    assert covered >= PLACES - 2
    # Inside the signature value (it ends the container, padding follows), and behind the file.
    inside = begin + len(data[begin:end].rstrip(b"0")) - 5
    altered = data[:inside] + (b"0" if data[inside : inside + 1] != b"0" else b"1")
    assert pades.faults(altered + data[inside + 1 :], chain, at=at)
    assert pades.faults(data + b"\n%%EOF\n", chain, at=at)
    assert not pades.print_inside(data, "0" * 64)
    other = sign.held().pem
    assert "another certificate" in " ".join(pades.faults(data, other, at=at))
    assert pades.faults(printing.render(notice).data, chain, at=at)


def test_an_rsa_key_signs_as_well():
    unit = UnitFactory()
    key = rsa.generate_private_key(65537, 2048)
    certificate = sign.certificate(unit, key=key)
    data = printing.render(make.issue()).data

    signed = pades.embed(data, signing.LocalKey(certificate), at=sign.NOW)

    assert pades.status(signed, certificate.chain, at=sign.NOW).bottom_line


def test_the_first_stored_wins(demonstration):
    notice = make.issue(unit=demonstration)
    first, second = (printing.owed_print(str(notice.pk), at=timezone.now()) for _ in range(2))

    first(timezone.now())
    notice.refresh_from_db()
    kept = notice.pdf_sha256
    second(timezone.now())

    notice.refresh_from_db()
    assert notice.pdf_sha256 == kept
    assert hashlib.sha256(files.read(notice.pdf)).hexdigest() == kept
    assert printing.owed_print(str(notice.pk), at=timezone.now()) is None


# --- Which signer ---------------------------------------------------------------------------------


def test_a_unit_without_a_certificate_does_not_sign(print_now):
    notice = print_now(make.issue())

    assert notice.certificate is None
    assert notice.unsigned_sha256 == ""


def test_a_squad_signs_with_the_certificate_of_the_organ_whose_name_it_prints():
    bureau = UnitFactory(name="甲市公安局")
    squad = UnitFactory(parent=bureau, letterhead="甲市公安局")
    county = UnitFactory(parent=bureau, name="乙县公安局")
    real = sign.certificate(bureau)
    facts = {"by": UserFactory(unit=bureau), "addressee": "某公司"}

    def signer(unit, **more):
        notice = make.issue(unit=unit, **facts, **more)
        return signing.signer_for(notice, at=timezone.now()).certificate

    assert signer(bureau) == real
    assert signer(squad) == real
    assert signer(county) is None
    # A demonstration paper of a real unit is not signed in its name.
    assert signer(bureau, demonstration=True) is None


def test_a_renewed_certificate_signs_what_comes_next(demonstration, print_now):
    first = print_now(make.issue(unit=demonstration))
    old = first.certificate
    certificates.retire(old, by=None, at=timezone.now())
    unsigned = print_now(make.issue(unit=demonstration))
    new = sign.certificate(demonstration)
    second = print_now(make.issue(unit=demonstration))

    first.refresh_from_db()
    assert (first.certificate, second.certificate) == (old, new)
    assert unsigned.certificate is None
    assert pades.faults(files.read(first.pdf), old.chain, at=first.signed_at) == []


# --- What can be wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [(-20, -10, "已于"), (10, 20, "起才有效")],
)
def test_a_certificate_out_of_its_term_makes_the_paper_wait(first, last, reason):
    unit = make.nanning()
    sign.certificate(
        unit, first=sign.NOW + timedelta(days=first), last=sign.NOW + timedelta(days=last)
    )

    said = waiting(make.issue(unit=unit))

    assert reason in said
    assert "不签名打印" in said


def test_a_damaged_and_a_foreign_key_make_the_paper_wait():
    unit = make.nanning()
    certificate = sign.certificate(unit)
    notice = make.issue(unit=unit)
    foreign = Certificate._meta.get_field("key")
    for key, reason in (
        (foreign.seal_for(certificate.pk, sign.pem_key(sign.held()).decode()), "与证书不符"),
        (foreign.seal_for(unit.pk, "moved from another row"), "损坏"),
    ):
        Certificate.objects.filter(pk=certificate.pk).update(key=key)
        with pytest.raises(NotYet, match=reason):
            signing.signer_for(notice, at=timezone.now())


def test_what_waits_is_printed_unsigned_when_somebody_answers_for_it(client, print_now):
    unit = make.nanning()
    sign.certificate(unit, last=sign.NOW - sign.DAY, first=sign.NOW - 9 * sign.DAY)
    notice = make.issue(unit=unit)
    waiting(notice)
    page = f"/notices/{notice.pk}/"
    inspector, chief = (
        UserFactory(unit=unit, inspector=True),
        UserFactory(unit=unit, supervisor=True),
    )
    client.force_login(inspector)
    assert f"{page}waive/" not in client.get(page).content.decode()
    assert client.get(f"{page}waive/").status_code == 403
    client.force_login(chief)
    assert f"{page}waive/" in client.get(page).content.decode()
    assert "请写明不签名的原因" in client.post(f"{page}waive/").content.decode()
    assert not Waiver.objects.exists()

    client.post(f"{page}waive/", {"reason": "证书过期，今天须送达"})

    job = notice.print_job()
    type(job).objects.filter(pk=job.pk).update(due_at=timezone.now())
    notice = print_now(notice)
    assert notice.certificate is None
    assert "证书过期，今天须送达" in client.get(page).content.decode()
    event = Event.objects.get(verb="notices.waive")
    assert (event.subject_id, event.actor) == (str(notice.pk), chief)
    assert "已经打印" in client.get(f"{page}waive/").content.decode()
    with pytest.raises(Refused):
        waivers.waive(notice, reason="再来", by=chief, at=timezone.now())


def test_nothing_to_waive_where_nobody_signs():
    notice = make.issue()

    assert "本来就不签名" in waivers.can_waive(notice)[0].text


# --- The demonstration ----------------------------------------------------------------------------


def test_demonstration_units_get_certificates_that_say_so_and_real_ones_none(tmp_path):
    demo, real = make.nanning(), UnitFactory()

    call_command("make_demo_authority", "--export", str(tmp_path / "roots.pem"), verbosity=0)
    call_command("make_demo_authority", verbosity=0)

    certificate = Certificate.objects.get()
    assert certificate.unit == demo
    assert not real.certificates.exists()
    assert "演示" in certificate.subject
    assert "演示" in certificate.issuer
    assert certificate.is_demonstration
    (root,) = sign.x509.load_pem_x509_certificates((tmp_path / "roots.pem").read_bytes())
    root.verify_directly_issued_by(root)
    assert "PRIVATE" not in certificate.chain


# --- What the database keeps ----------------------------------------------------------------------


def refused(match):
    return pytest.raises(DatabaseError, match=match)


def row(unit, **facts):
    given = {
        "unit": unit,
        "source": "local",
        "subject": "某局",
        "issuer": "某机构",
        "serial": "1",
        "not_before": sign.NOW,
        "not_after": sign.NOW + sign.DAY,
        "chain": "x",
        "key": "x",
        "added_at": sign.NOW,
    }
    return Certificate.objects.create(**{**given, **facts})


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"source": "outside"}, "certificate_address_of_outside_ones"),
        ({"address": "https://sign.test/"}, "certificate_address_of_outside_ones"),
        ({"issuer": "演示根证书"}, "certificate_demonstration_says_so"),
        ({"is_demonstration": True}, "certificate_of_its_unit|demonstration units alone"),
        ({"key": ""}, "certificate_key_while_in_use"),
        ({"retired_on": sign.NOW.date()}, "certificate_key_while_in_use"),
        ({"not_after": sign.NOW}, "certificate_has_a_term"),
    ],
)
def test_a_certificate_that_contradicts_itself_is_refused(facts, name):
    with refused(name), transaction.atomic():
        row(UnitFactory(), **facts)


def test_a_demonstration_unit_has_no_real_certificate_and_one_at_a_time():
    demo, real = make.nanning(), UnitFactory()
    with refused("demonstration units alone"), transaction.atomic():
        row(demo)
    with refused("certificate_demonstration_says_so"), transaction.atomic():
        row(demo, is_demonstration=True)
    row(real)
    with refused("certificate_one_in_use"), transaction.atomic():
        row(real, serial="2")
    with refused("certificate_once"), transaction.atomic():
        row(UnitFactory())


def test_a_certificate_is_only_retired_and_its_key_goes():
    certificate = sign.certificate(UnitFactory())
    for change in ({"subject": "别人"}, {"chain": ""}, {"not_after": sign.NOW}):
        with refused("only retired"), transaction.atomic():
            Certificate.objects.filter(pk=certificate.pk).update(**change)
    with refused("only retired"), transaction.atomic():
        certificate.delete()

    retired = certificates.retire(certificate, by=None, at=timezone.now())

    with connection.cursor() as cursor:
        cursor.execute("SELECT length(key) FROM notices_certificate")
        assert cursor.fetchone() == (0,)
    with pytest.raises(Refused):
        certificates.retire(retired, by=None, at=timezone.now())


def test_papers_and_certificates_of_one_kind(demonstration, print_now):
    real = UnitFactory(name="丙市公安局")
    own = sign.certificate(real)
    notice = print_now(make.issue(unit=demonstration))
    paper = make.issue(unit=demonstration)
    facts = {
        "pdf": files.store(b"%PDF-", "a.pdf", "application/pdf"),
        "pdf_sha256": "0" * 64,
        "pages": 1,
        "size": 5,
        "printed_at": sign.NOW,
        "fingerprint": "f",
        "unsigned_sha256": "1" * 64,
        "signed_at": sign.NOW,
    }
    with refused("demonstration papers alone"), transaction.atomic():
        Notice.objects.filter(pk=paper.pk).update(certificate=own, **facts)
    with refused("printed once"), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(unsigned_sha256="1" * 64)
    with refused("signature_whole_or_none"), transaction.atomic():
        Notice.objects.filter(pk=paper.pk).update(
            **{**facts, "unsigned_sha256": "", "certificate": demonstration.certificates.get()}
        )


def test_a_waiver_stays_and_says_why(demonstration):
    notice = make.issue(unit=demonstration)
    with refused("waiver_says_why"), transaction.atomic():
        Waiver.objects.create(notice=notice, by=notice.issued_by, at=sign.NOW, reason="")
    waiver = waivers.waive(notice, reason="停机", by=notice.issued_by, at=sign.NOW)
    with refused("as it was given"), transaction.atomic():
        waiver.delete()
    with refused("as it was given"), transaction.atomic():
        Waiver.objects.update(reason="别的")


# --- Keys and watching ----------------------------------------------------------------------------


def test_new_data_keys_seal_the_signing_keys_again(settings, demonstration):
    certificates.retire(sign.certificate(UnitFactory()), by=None, at=timezone.now())
    kept = demonstration.certificates.get()
    before = kept.key
    settings.ZHENGGAI_KEYS = f"new:{'QUJD' * 10}QUI=,{settings.ZHENGGAI_KEYS}"

    call_command("rotate_keys", verbosity=0)

    settings.ZHENGGAI_KEYS = settings.ZHENGGAI_KEYS.partition(",")[0]
    assert Certificate.objects.get(pk=kept.pk).key == before


def test_the_stored_papers_are_watched(demonstration, print_now, capsys, settings):
    notice = print_now(make.issue(unit=demonstration))
    call_command("verify_notices")
    assert "1 with a whole signature, 1 printed again and equal" in capsys.readouterr().out

    # Somebody with both the database and the keys puts another file in its place.
    forged = files.store(printing.render(notice).data, "a.pdf", "application/pdf")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE notices_notice DISABLE TRIGGER notice_frozen")
        cursor.execute(
            "UPDATE notices_notice SET pdf_id = %s, pdf_sha256 = %s", [forged.pk, forged.sha256]
        )
        cursor.execute("ALTER TABLE notices_notice ENABLE TRIGGER notice_frozen")
    with pytest.raises(CommandError):
        call_command("verify_notices", "--no-print")
    assert "carries no signature" in capsys.readouterr().err
