"""The printed paper: whole, readable, closed to the outside, and the same bytes each time."""

import hashlib
import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pikepdf
import pypdf
import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from PIL import Image

from jobs import ledger
from jobs.models import Job
from jobs.registry import Hopeless, NotYet
from notices import cjk_justify, faces, glyphs, kinds, papers, press, printing, reading
from notices.correction_order import Term
from notices.fonts import write_coverage
from notices.models import Notice
from tests.factories import notices as make
from tests.factories.accounts import UnitFactory
from tests.notices import injection, structure
from vault import files

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


def render(**facts):
    notice = make.issue(facts=make.order_facts(**facts))
    return notice, printing.render(notice)


def text_of(data):
    """By another reader than the one that printing itself asks."""
    return "".join(leaves(data))


def leaves(data):
    """The text of each page, likewise."""
    return [reading.squeeze(p.extract_text()) for p in pypdf.PdfReader(io.BytesIO(data)).pages]


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_a_usual_order_is_one_leaf_and_says_everything():
    notice, printed = render()

    pages = leaves(printed.data)
    assert printed.pages == 2  # the paper, and its stub
    for wanted in (notice.number, notice.addressee, "2025年2月12日", make.FOUND[0][0], "—1—"):
        assert wanted in pages[0]
    assert "存根" not in pages[0]


def test_the_stub_stays_in_the_file():
    """A leaf behind the cut line: number over the line, party, matter, term, people, date."""
    notice = make.issue(facts=make.order_facts(findings=4))
    stub = leaves(printing.render(notice).data)[-1]

    assert stub.count(notice.number) == 2
    for wanted in (
        "责令限期改正通知书（存根）",
        f"受送达人{notice.addressee}",
        f"案由{make.FOUND[0][0]}等4项",
        "改正期限2025年2月12日前",
        "承办人韦志强（警号450137）、王㛃（警号450268）",
        "签发日期2025年1月8日",
        reading.DEMONSTRATION,
    ):
        assert wanted in stub
    assert "—3—" not in stub


def test_four_findings_have_a_table_and_two_hundred_break_well():
    _, few = render(findings=4)
    _, many = render(findings=200)

    assert few.pages == 3
    assert 15 <= many.pages <= 30
    *pages, _stub = leaves(many.data)
    for no, page in enumerate(pages, 1):
        assert f"—{no}—" in page
        assert reading.DEMONSTRATION in page
    heads = [page for page in pages if "序号" in page]
    assert len(heads) >= many.pages - 3
    assert "六个月内" in pages[-1]
    assert len(many.data) < 400_000


def test_the_seal_is_never_alone_on_a_leaf():
    for n in range(1, 12):
        _, printed = render(
            findings=1, interim_measures=tuple("采取措施防止个人信息泄露" * 2 for _ in range(n))
        )
        assert "行政诉讼" in leaves(printed.data)[-2]


def test_what_is_counted_to_fit_on_one_leaf_fits():
    fitting = 0
    for n in range(8):
        facts = make.order_facts(
            findings=1 + n % 3,
            object_name="系统" * (1 + 7 * n),
            interim_measures=("停用共用账号",) if n % 2 else (),
        )
        short = facts.__class__(
            **{
                **facts.__dict__,
                "findings": tuple(f.__class__(f.what, "", "", f.articles) for f in facts.findings),
            }
        )
        if not short.context()["fit"]:
            continue
        fitting += 1
        assert printing.render(make.issue(facts=short)).pages == 2  # with the stub
    assert fitting >= 3


def test_rare_names_are_drawn_and_read():
    notice = make.issue(
        facts=make.order_facts(
            officers=(("陈䶮", "450137"), ("欧阳珺喆", "450268")), object_name="𬭸𬭎㛃平台"
        )
    )

    assert "𬭸𬭎㛃平台" in text_of(printing.render(notice).data)


def test_several_lines_keep_their_breaks():
    notice = make.issue(facts=make.order_facts(interim_measures=("第一行\n第二行",)))

    assert "第一行<br>第二行" in notice.words
    printing.render(notice)


PRINT_ALL = """
import django, hashlib, json, pathlib, sys
django.setup()
from notices import press
words = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
found = {code: hashlib.sha256(press.print_words(each).data).hexdigest()
         for code, each in words.items()}
print(json.dumps(found))
"""


def test_every_kind_is_sound_and_the_same_bytes_in_another_process(tmp_path):
    """All kinds; printed here, and in a fresh process that hashes strings in another way."""
    words = {}
    for code in injection.known():
        words[code] = papers.draft(
            code,
            unit=make.nanning(),
            addressee="南宁某客货服务有限责任公司",
            context=injection.facts(code),
            at=make.ISSUED,
            demonstration=True,
        ).words
    listed = tmp_path / "words.json"
    listed.write_text(json.dumps(words), encoding="utf-8")
    other = run(
        sys.executable, "-c", PRINT_ALL, str(listed),
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "7"},
    )  # fmt: skip

    here = {}
    for code, each in words.items():
        printed = press.print_words(each)
        assert structure.faults(printed.data, title=kinds.get(code).title) == [], code
        here[code] = printed.sha256
    assert json.loads(other.stdout) == here, other.stderr


def test_it_is_tagged_pdf_a_and_the_dates_are_those_of_the_record():
    notice, printed = render()

    assert structure.faults(printed.data, title=notice.number) == []
    with pikepdf.open(io.BytesIO(printed.data)) as pdf, pdf.open_metadata() as meta:
        assert meta["xmp:CreateDate"].startswith("2025-01-08T09:00:00")
        assert "/AcroForm" not in pdf.Root


def test_the_look_at_the_structure_sees_what_is_wrong():
    """Each fault made on purpose in a sound paper."""

    def remove(key):
        return lambda pdf: pdf.Root.__delitem__(key)

    def act(pdf):
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

    def attach(pdf):
        pdf.attachments["a.txt"] = b"a"

    def link(pdf):
        goes = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://127.0.0.1/")
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=goes)
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])

    def strip_font(pdf):
        font = next(iter(pdf.pages[0].Resources.Font.values()))
        del font.ToUnicode
        del font.DescendantFonts[0].FontDescriptor["/FontFile2"]

    _, printed = render()
    for change, said in (
        (remove("/OutputIntents"), "output intent"),
        (remove("/Lang"), "language"),
        (remove("/MarkInfo"), "marked"),
        (remove("/StructTreeRoot"), "no /H1"),
        (remove("/ViewerPreferences"), "file's name"),
        (remove("/Metadata"), "metadata"),
        (act, "/OpenAction"),
        (attach, "/EmbeddedFiles"),
        (link, "annotation"),
        (strip_font, "not embedded"),
    ):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(printed.data)) as pdf:
            change(pdf)
            pdf.save(out)
        assert said in "; ".join(structure.faults(out.getvalue())), said
    assert structure.faults(printed.data[:-600] + b"x" * 600)


def test_a_missing_glyph_fails_the_print_and_is_named():
    notice = make.issue()
    notice.words = notice.words.replace("货运管理系统", "𪚥系统")

    with pytest.raises(Hopeless, match=r"𪚥（U\+2A6A5）"):
        printing.render(notice)


def test_a_text_that_does_not_survive_fails_the_print_and_is_quoted():
    notice = make.issue()
    notice.words = notice.words.replace(
        "<p>改正要求", '<p style="display:none">藏起来的要求</p><p>改正要求'
    )

    with pytest.raises(Hopeless, match="藏起来的要求"):
        printing.render(notice)


def test_an_absurd_nesting_is_refused_and_the_printer_lives():
    notice = make.issue()
    pdf = press.load()

    with pytest.raises(pdf.BadWords):
        pdf.printer().print("<div>" * 3000 + "x" + "</div>" * 3000)
    printing.render(notice)


def test_a_units_own_seal_is_a_picture_frozen_at_issue():
    picture = io.BytesIO()
    Image.new("RGBA", (420, 420), (230, 0, 18, 255)).save(picture, "PNG")
    seal = files.store(picture.getvalue(), "seal.png", "image/png", None)
    unit = UnitFactory(name="河池市公安局", abbreviation="河公（网安）", seal=seal)
    notice = make.issue(unit=unit)

    unit.seal = None
    unit.save()
    data = printing.render(notice).data

    assert notice.seal == seal
    assert [image.image.size for image in pypdf.PdfReader(io.BytesIO(data)).pages[0].images] == [
        (420, 420)
    ]


def test_the_worker_stores_what_it_printed_once():
    notice = make.issue()
    job = Job.objects.get()

    assert ledger.work(str(job.pk), clock=timezone.now)
    notice.refresh_from_db()
    assert notice.print_state().code == "ready"
    assert hashlib.sha256(files.read(notice.pdf)).hexdigest() == notice.pdf_sha256
    assert notice.size == notice.pdf.size
    assert notice.pdf.name == f"{notice.number}.pdf"
    assert "weasyprint 70.0" in notice.fingerprint

    stored = notice.pdf
    Job.objects.update(state="queued", done_at=None)
    assert ledger.work(str(job.pk), clock=timezone.now)
    assert Notice.objects.get().pdf == stored


def test_without_the_parts_the_notice_waits_and_says_so(monkeypatch):
    notice = make.issue()

    def missing(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(press, "import_module", missing)
    assert not ledger.work(str(Job.objects.get().pk), clock=timezone.now)

    state = notice.print_state()
    assert (state.code, state.place) == ("queued", 1)
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in state.reason
    press.warm_up()


def test_a_missing_font_is_not_drawn_around(monkeypatch):
    pdf = press.load()
    pdf.printer.cache_clear()
    monkeypatch.setattr(faces, "faults", lambda: ["DocFang.ttf: missing"])

    with pytest.raises(NotYet, match="DocFang"):
        press.load()
    pdf.printer.cache_clear()


def test_the_states_of_a_print(monkeypatch):
    notice = make.issue()
    job = notice.print_job()
    assert notice.print_state(job).code == "queued"
    Job.objects.update(state="running", lease_until=timezone.now())
    assert notice.print_state().code == "printing"
    Job.objects.update(state="dead", lease_until=None, last_error="字体中没有这个字。")
    assert notice.print_state().code == "failed"
    assert notice.print_state().reason == "字体中没有这个字。"
    Job.objects.all().delete()
    assert notice.print_state().code == "failed"


def test_the_justification_still_finds_what_it_replaces():
    press.load()
    assert cjk_justify.install()


def test_the_faces_are_those_that_were_committed():
    assert faces.faults() == []


def test_the_committed_coverage_is_that_of_the_faces():
    flat = [edge for first, last in write_coverage.coverage() for edge in (first, last + 1)]
    assert glyphs._edges() == flat


def test_only_our_faces_are_known(monkeypatch):
    text = faces.write_conf().read_text(encoding="utf-8")
    assert text.count("<dir>") == 1
    assert str(faces.FONTS) in text
    assert str(django_settings.VAR_DIR) in text


def test_a_term_in_days_wraps_and_reads():
    notice = make.issue(facts=make.order_facts(term=Term.within(2, "month")))
    assert "自本通知书送达之日起2个月内" in text_of(printing.render(notice).data)
    assert (
        make.order_facts(inspected_on=date(2025, 1, 6)).context()["inspected_on"] == "2025年1月6日"
    )
