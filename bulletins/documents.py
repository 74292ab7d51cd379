"""The files of an approved bulletin: PDF, Word and HTML, all from the same list of paragraphs.

Nothing is read from the cases behind it. Equal paragraphs give equal bytes, in each of the three.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from django.template.loader import get_template
from django.utils import timezone, translation
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from bulletins import wording
from bulletins.models import Bulletin
from notices import glyphs

PAPER = "bulletins/notices/bulletin.html"
WEB = "bulletins/notices/web.html"
#: The faces that an office has; names only, no font is taken along.
BODY, HEAD, BANNER = "仿宋", "黑体", "方正小标宋简体"
EPOCH = (1980, 1, 1, 0, 0, 0)


def _context(bulletin: Bulletin) -> dict[str, Any]:
    assert bulletin.approved_at is not None
    return {
        "title": glyphs.clean(bulletin.title),
        "organ": bulletin.unit.organ,
        "stamp": timezone.localtime(bulletin.approved_at).isoformat(timespec="seconds"),
        "mark": wording.MARK if bulletin.is_demonstration else "",
        "paragraphs": [{"kind": kind, "text": text} for kind, text in bulletin.words],
    }


def _render(template: str, bulletin: Bulletin) -> str:
    # Papers are Chinese whatever language the reader has.
    with translation.override("zh-hans"):
        return get_template(template).render(_context(bulletin))


def paper(bulletin: Bulletin) -> str:
    """The HTML that the printer makes a PDF of."""
    return _render(PAPER, bulletin)


def web(bulletin: Bulletin) -> bytes:
    """One HTML file that asks for nothing outside itself."""
    return _render(WEB, bulletin).encode()


def word(bulletin: Bulletin) -> bytes:
    """A .docx with the same paragraphs, on the page of GB/T 9704."""
    assert bulletin.approved_at is not None
    document = docx.Document()
    _page(document, wording.MARK if bulletin.is_demonstration else "")
    for kind, text in bulletin.words:
        _paragraph(document, kind, text)
    about = document.core_properties
    about.title, about.language = glyphs.clean(bulletin.title), "zh-CN"
    about.author = about.last_modified_by = bulletin.unit.organ
    about.comments, about.revision = "", 1
    moment = timezone.localtime(bulletin.approved_at).replace(tzinfo=None, microsecond=0)
    about.created = about.modified = moment
    out = io.BytesIO()
    document.save(out)
    return _same_every_time(out.getvalue())


def _page(document: Any, mark: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    if mark:  # in the head of every page, not only of the first
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(head, mark, HEAD, 16)


def _paragraph(document: Any, kind: str, text: str) -> None:
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28.95)
    if kind == wording.TITLE:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        shape.line_spacing, shape.space_after = Pt(34), Pt(14)
        _run(paragraph, text, BANNER, 22)
    elif kind in (wording.ORGAN, wording.DATE):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        shape.right_indent = Pt(64)
        if kind == wording.ORGAN:
            shape.space_before = Pt(28.95)
        shape.keep_with_next = kind == wording.ORGAN
        _run(paragraph, text, BODY, 16)
    else:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        shape.first_line_indent = Pt(32)
        shape.keep_with_next = kind == wording.HEADING
        _run(paragraph, text, HEAD if kind == wording.HEADING else BODY, 16)


def _run(paragraph: Any, text: str, face: str, size: float) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)


def _same_every_time(data: bytes) -> bytes:
    """The same parts in a container without the moment of packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return out.getvalue()


def file_name(bulletin: Bulletin, form: str) -> str:
    """案例通报-2025-01-14.pdf: says nothing of its content."""
    assert bulletin.approved_at is not None
    day = timezone.localtime(bulletin.approved_at)
    return f"案例通报-{day:%Y-%m-%d}.{form}"
