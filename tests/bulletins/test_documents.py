"""Three files of one text: the same words, nothing from outside, the same bytes each time."""

import io
import re
import zipfile

import docx
import pypdf
import pytest
from django.utils import timezone

from audit.models import Event
from bulletins import bulletins, documents
from jobs import ledger
from notices import reading
from tests.factories import bulletins as make
from tests.factories.rectification import at
from vault import files

pytestmark = pytest.mark.django_db


def texts(data):
    """form -> its paragraphs, without white space, read back by a reader of that form."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data["pdf"])).pages]
    pdf = "".join(
        reading.squeeze(page).replace(f"—{no}—", "", 1) for no, page in enumerate(pages, 1)
    )
    word = docx.Document(io.BytesIO(data["docx"]))
    return {
        "pdf": pdf,
        "docx": reading.squeeze("".join(p.text for p in word.paragraphs)),
        "html": reading.squeeze("".join(reading.blocks(data["html"].decode()))),
    }


def made(bulletin):
    assert ledger.work(str(bulletin.export_job().pk), clock=timezone.now)
    return {each.form: each for each in bulletin.exports.select_related("file")}


def test_the_three_say_what_was_approved_and_nothing_else(desk):
    desk.unit.is_demonstration = True
    desk.unit.save()
    bulletin = make.approved(desk, make.decided(desk), make.decided(desk, "南宁云水酒店有限公司"))
    exports = made(bulletin)
    data = {form: files.read(each.file) for form, each in exports.items()}

    approved = reading.squeeze("".join(text for _kind, text in bulletin.words))
    found = texts(data)
    assert found["docx"] == approved
    mark = reading.DEMONSTRATION
    assert {found[form].replace(mark, "") for form in ("pdf", "html")} == {approved}
    assert mark in found["pdf"]
    assert mark in found["html"]
    head = docx.Document(io.BytesIO(data["docx"])).sections[0].header
    assert reading.squeeze(head.paragraphs[0].text) == mark
    for form, each in exports.items():
        assert each.sha256 == each.file.sha256, form
    sums = {form: each.sha256 for form, each in exports.items()}
    event = Event.objects.get(verb="bulletins.export")
    assert event.data["sha256"] == sums

    # Word: faces of an office, and a container without the moment of packing
    assert documents.word(bulletin) == data["docx"]
    assert {"仿宋", "黑体"} <= set(re.findall(r'eastAsia="([^"]+)"', _part(data["docx"])))
    # HTML: nothing outside itself
    assert documents.web(bulletin) == data["html"]
    assert not re.search(rb"https?://|src=|<link|<script|@import|url\(", data["html"])
    # again: nothing is made twice
    assert not ledger.work(str(bulletin.export_job().pk), clock=timezone.now)


def _part(data):
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return container.read("word/document.xml").decode()


def test_marks_and_markup_that_somebody_typed_stay_text(desk):
    bulletin = make.drafted(desk, title="通报\x0b\u202e<script>alert(1)</script>{{ title }}")
    bulletins.submit(bulletin, by=desk.inspector, at=at(make.DRAFTED_ON))
    bulletins.approve(bulletin, by=desk.supervisor, at=at(make.APPROVED_ON))
    web = documents.web(bulletin).decode()
    assert "<script>" not in web
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ title }}" in web
    assert "<script>" not in documents.paper(bulletin)
    words = docx.Document(io.BytesIO(documents.word(bulletin))).paragraphs
    assert words[0].text == "通报<script>alert(1)</script>{{ title }}"
    assert "\u202e" not in web
