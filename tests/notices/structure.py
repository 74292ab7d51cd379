"""What the structure of every printed paper must be: PDF/A-3b as far as it can be asked here.

`faults(data)` is a list of sentences, empty for a sound file. It asks pikepdf for the structure and
`qpdf --check` for the syntax. It is no proof of conformance, which only a validator gives
(docs/operations.md); it holds what ISO 19005-3 asks of a file like ours, point by point.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from tempfile import NamedTemporaryFile

import pikepdf

# ISO 19005-3, 6.6.1: no action that runs, plays, loads or sends anything.
ACTIONS = {
    "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState",
    "/Rendition", "/Trans", "/GoTo3DView", "/JavaScript", "/SubmitForm", "/GoToR", "/GoToE", "/URI",
}  # fmt: skip
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def faults(data: bytes, *, title: str = "", signed: bool = False) -> list[str]:
    """What is wrong with the paper.

    Args:
        title: what its title must contain.
        signed: it carries one signature; otherwise it must have no form at all.
    """
    try:
        found = [*_syntax(data), *_header(data)]
    except pikepdf.PdfError as fault:
        return [f"syntax: {fault}"]
    with pikepdf.open(BytesIO(data)) as pdf:
        found += _catalog(pdf, signed)
        found += _metadata(pdf, title)
        found += _objects(pdf)
        found += _fonts(pdf)
        found += _pages(pdf)
    return found


def _syntax(data: bytes) -> Iterator[str]:
    with pikepdf.open(BytesIO(data)) as pdf:
        yield from (f"syntax: {each}" for each in pdf.check_pdf_syntax())
    if shutil.which("qpdf"):
        with NamedTemporaryFile(suffix=".pdf") as file:
            file.write(data)
            file.flush()
            checked = subprocess.run(
                ["qpdf", "--check", file.name], capture_output=True, text=True, check=False
            )
        if checked.returncode:
            yield f"qpdf: {(checked.stdout + checked.stderr)[-200:]}"


def _header(data: bytes) -> Iterator[str]:
    """6.1.2: the version, and a comment of four bytes over 127 behind it."""
    first, second = data.split(b"\n", 2)[:2]
    if not re.fullmatch(rb"%PDF-1\.[0-7]", first):
        yield f"header {first!r}"
    if not (second.startswith(b"%") and len(second) >= 5 and min(second[1:5]) > 127):
        yield "no binary comment behind the header"


def _catalog(pdf: pikepdf.Pdf, signed: bool) -> Iterator[str]:
    root = pdf.Root
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "encrypted"
    if len(pdf.trailer.get("/ID", [])) != 2 or not all(bytes(each) for each in pdf.trailer.ID):
        yield "no /ID"
    intents = [each for each in root.get("/OutputIntents", []) if each.S == "/GTS_PDFA1"]
    if len(intents) != 1 or intents[0].DestOutputProfile.N != 3:
        yield "no output intent for PDF/A with an RGB profile"
    elif b"acsp" not in intents[0].DestOutputProfile.read_bytes()[:40]:
        yield "the output profile is no ICC profile"
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    if str(root.get("/Lang", "")) != "zh-CN":
        yield f"language {root.get('/Lang')!r}"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "readers would show the file's name in place of the title"
    tags = list(_tags(root.get("/StructTreeRoot"), 0))
    for wanted in ("/Document", "/H1", "/P"):
        if wanted not in tags:
            yield f"no {wanted} among the tags"
    for key in ("/OpenAction", "/AA", "/Requirements", "/NeedsRendering", "/Perms"):
        if key in root and not (signed and key == "/Perms"):
            yield f"{key} in the catalog"
    for key in ("/JavaScript", "/EmbeddedFiles", "/AlternatePresentations"):
        if key in root.get("/Names", {}):
            yield f"{key} among the names"
    if "/AF" in root:
        yield "an attached file"
    form = root.get("/AcroForm")
    if form is not None and (not signed or "/XFA" in form or form.get("/NeedAppearances")):
        yield "a form"


def _tags(node: object, depth: int) -> Iterator[str]:
    """The types of the structure elements; of the first thousand levels."""
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from _tags(each, depth)
    elif isinstance(node, pikepdf.Dictionary) and depth < 100:
        if "/S" in node:
            yield str(node.S)
        yield from _tags(node.get("/K"), depth + 1)


def _metadata(pdf: pikepdf.Pdf, title: str) -> Iterator[str]:
    stream = pdf.Root.get("/Metadata")
    if stream is None:
        yield "no XMP metadata"
        return
    if stream.Type != "/Metadata" or stream.Subtype != "/XML":
        yield "metadata of another type"
    with pdf.open_metadata() as meta:
        if (meta.get("pdfaid:part"), meta.get("pdfaid:conformance")) != ("3", "B"):
            yield f"PDF/A {meta.get('pdfaid:part')}{meta.get('pdfaid:conformance')}"
        said = str(meta.get("dc:title") or "")
        if not said or title not in said:
            yield f"title {said!r}"
        # 6.6.2.2: what both say must be the same.
        if "/Title" in pdf.docinfo and str(pdf.docinfo["/Title"]) != said:
            yield "two titles"
        if "/CreationDate" not in pdf.docinfo or not meta.get("xmp:CreateDate"):
            yield "no date of creation"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for each in pdf.objects:
        if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if "/JS" in each or ("/Type" not in each and str(each.get("/S", "")) in ACTIONS):
            yield f"the action {each.get('/S')}"
        if each.get("/Type") in ("/EmbeddedFile", "/Filespec"):
            yield "an attached file"
        if each.get("/Type") == "/Annot" and each.get("/Subtype") != "/Widget":
            yield f"the annotation {each.get('/Subtype')}"
        if isinstance(each, pikepdf.Stream):
            filters = each.get("/Filter", [])
            names = [filters] if isinstance(filters, pikepdf.Name) else list(filters)
            if "/LZWDecode" in names or "/Crypt" in names:
                yield "a filter that PDF/A forbids"
            if "/F" in each:
                yield "a stream whose bytes lie outside the file"
            if each.get("/Subtype") == "/Image" and each.get("/Interpolate"):
                yield "an interpolated picture"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    used = {}
    for page in pdf.pages:
        for font in page.Resources.get("/Font", {}).values():
            used[str(font.BaseFont)] = font
    if not used:
        yield "no text"
    for name, font in used.items():
        if not re.fullmatch(r"/[A-Z]{6}\+Doc[A-Z][a-z]+", name):
            yield f"the face {name}"
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        if not any(each in inner.FontDescriptor for each in FONT_FILES):
            yield f"{name} is not embedded"
        if "/ToUnicode" not in font:
            yield f"{name} cannot be copied as text"
        if "/W" not in inner and "/Widths" not in inner:
            yield f"{name} has no widths"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for no, page in enumerate(pdf.pages, 1):
        box = [round(float(each), 1) for each in page.mediabox]
        if box != [0, 0, 595.3, 841.9]:
            yield f"page {no} is not A4: {box}"
        if "/AA" in page:
            yield f"page {no} acts by itself"
        if "/StructParents" not in page or page.get("/Tabs") != "/S":
            yield f"page {no} is not tagged"
