"""Files that people bring: taken only if name, first bytes and parser tell the same story.

Order: size → name → extension → first bytes → parser. Nothing is decoded or unpacked before its
own headers have said how large it would become. What a virus scanner would add comes after this,
never instead: a scanner that stops reading after 50 MB calls a bomb harmless.
"""

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import pikepdf
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from PIL import Image

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_PIXELS = 40_000_000
MAX_MEMBERS = 1000
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 100
MAX_NAME = 120


class BadUpload(Exception):
    """The file is not taken; `message` says why, to the person who brought it."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Checked:
    """A file that may be stored: clean name, true type, the bytes as they came."""

    name: str
    content_type: str
    data: bytes = field(repr=False)

    def __str__(self) -> str:
        return self.name


# --- Name ------------------------------------------------------------------------------------

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)\Z", re.IGNORECASE)


def clean_name(name: str) -> str:
    """A file name without folders and without characters that deceive the eye or a header.

    Control characters, line ends and direction marks go; 300 characters become 120. Raises
    BadUpload when nothing is left.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    kept = (
        "_" if each in '<>:"|?*' else each
        for each in name
        if unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )
    name = re.sub(r"\s+", " ", "".join(kept)).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem.strip(" ._") or not extension:
        raise BadUpload(_("文件名不完整，须有名称和扩展名，例如“现场照片.jpg”。"))
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return f"{stem[: MAX_NAME - len(extension) - 1].rstrip(' .')}.{extension}"


# --- Parsers: each raises BadUpload ------------------------------------------------------------


def _picture(format_name: str) -> Callable[[bytes], None]:
    def parse(data: bytes) -> None:
        try:
            with warnings.catch_warnings():
                # Our own limit on pixels is lower than Pillow's and comes first.
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                picture = Image.open(io.BytesIO(data), formats=[format_name])
                width, height = picture.size
                # A phone's JPEG carries a second, small picture; a moving WebP, many whole ones.
                frames = getattr(picture, "n_frames", 1) if format_name == "WEBP" else 1
                if width * height * frames > MAX_PIXELS:
                    raise BadUpload(
                        _("图片有 %(width)s×%(height)s 像素，超过 4000 万像素的上限。")
                        % {"width": width, "height": height}
                    )
                picture.verify()
                if format_name != "PNG":  # whose checksums `verify` has read
                    with Image.open(io.BytesIO(data), formats=[format_name]) as again:
                        again.draft(None, (width // 8 or 1, height // 8 or 1))
                        again.load()
        except BadUpload:
            raise
        except Image.DecompressionBombError:
            raise BadUpload(_("图片的像素数超过 4000 万的上限。")) from None
        except Exception:  # noqa: BLE001 - the parser meets hostile bytes; any failure is a no
            raise BadUpload(_("图片打不开，可能已损坏。")) from None
        if re.search(rb"<(?:script|html|svg|\?php)", data[-4096:] + data[:4096], re.IGNORECASE):
            raise BadUpload(_("图片里夹带了网页代码，不能接收。"))
        if zipfile.is_zipfile(io.BytesIO(data)):
            raise BadUpload(_("图片里夹带了压缩包，不能接收。"))

    return parse


_PDF_ACTIVE = {
    "/JavaScript": "JavaScript",
    "/JS": "JavaScript",
    "/Launch": "Launch",
    "/EmbeddedFile": "EmbeddedFile",
    "/EmbeddedFiles": "EmbeddedFile",
    "/RichMedia": "RichMedia",
    "/XFA": "XFA",
    "/SubmitForm": "SubmitForm",
    "/ImportData": "ImportData",
}


def _pdf_active(value: Any) -> str:
    """The name of an active part among the direct values of one object, or ""."""
    stack, steps = [value], 0
    while stack and steps < 20_000:
        steps += 1
        each = stack.pop()
        if isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
            for key, inner in each.items():
                if key in _PDF_ACTIVE:
                    return _PDF_ACTIVE[key]
                if isinstance(inner, pikepdf.Name) and key in {"/S", "/Type", "/Subtype"}:
                    if str(inner) in _PDF_ACTIVE:
                        return _PDF_ACTIVE[str(inner)]
                elif isinstance(inner, (pikepdf.Dictionary, pikepdf.Array)) and not getattr(
                    inner, "is_indirect", False
                ):
                    stack.append(inner)
        elif isinstance(each, pikepdf.Array):
            stack += [
                inner
                for inner in each
                if isinstance(inner, (pikepdf.Dictionary, pikepdf.Array))
                and not getattr(inner, "is_indirect", False)
            ]
    return ""


def _pdf(data: bytes) -> None:
    if len(data) - data.rstrip().rfind(b"%%EOF") > 2048:
        raise BadUpload(_("PDF 的结尾之后还有别的内容，不能接收。"))
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise BadUpload(_("PDF 里夹带了压缩包，不能接收。"))
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            pages = len(document.pages)
            encrypted = document.is_encrypted
            active = next(filter(None, (_pdf_active(each) for each in document.objects)), "")
            active = active or _pdf_active(document.trailer)
    except pikepdf.PasswordError:
        raise BadUpload(_("PDF 有密码，请去掉密码后再上传。")) from None
    except Exception:  # noqa: BLE001 - the parser meets hostile bytes; any failure is a no
        raise BadUpload(_("PDF 打不开，可能已损坏。")) from None
    if encrypted:
        raise BadUpload(_("PDF 有加密，请另存为不加密的文件后再上传。"))
    if not pages:
        raise BadUpload(_("PDF 没有页面。"))
    if active:
        raise BadUpload(
            _("PDF 含有可执行或夹带的内容（%(part)s），请打印成新的 PDF 后再上传。")
            % {"part": active}
        )


def _member_name(info: zipfile.ZipInfo) -> str:
    """The name as its author wrote it: zips from Chinese systems carry GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _is_nested_bomb_risk(name: str) -> bool:
    return PurePosixPath(name.lower()).suffix in {".zip", ".7z", ".rar", ".gz", ".tar", ".bz2"}


def _open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive, after its own directory has shown it harmless. Unpacks nothing."""
    if not data.startswith(b"PK"):
        raise BadUpload(_("压缩包打不开，可能已损坏。"))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise BadUpload(_("压缩包打不开，可能已损坏。")) from None
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise BadUpload(_("压缩包里超过 %(n)s 个文件。") % {"n": MAX_MEMBERS})
    total = sum(info.file_size for info in members)
    if total > MAX_UNPACKED or total > max(len(data), 1) * MAX_RATIO:
        raise BadUpload(_("压缩包解开后过大（上限 200 MB、100 倍），不能接收。"))
    names = set()
    for info in members:
        name = _member_name(info).replace("\\", "/")
        if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
            raise BadUpload(_("压缩包里有越出目录的路径，不能接收。"))
        if (info.external_attr >> 16) & 0o170000 == 0o120000:
            raise BadUpload(_("压缩包里有链接，不能接收。"))
        if info.flag_bits & 0x1:
            raise BadUpload(_("压缩包有密码，请去掉密码后再上传。"))
        if name in names:
            raise BadUpload(_("压缩包里有重名的文件，不能接收。"))
        names.add(name)
    return archive


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: int) -> bytes:
    """The member's bytes; headers lie, so reading stops where the budget ends."""
    try:
        with archive.open(info) as member:
            content = member.read(budget + 1)
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError, RuntimeError, ValueError):
        raise BadUpload(_("压缩包打不开，可能已损坏。")) from None
    except Exception:  # noqa: BLE001 - zlib and friends; any failure of hostile bytes is a no
        raise BadUpload(_("压缩包打不开，可能已损坏。")) from None
    if len(content) > budget:
        raise BadUpload(_("压缩包解开后过大（上限 200 MB、100 倍），不能接收。"))
    return content


def _zip(data: bytes) -> None:
    with _open_zip(data) as archive:
        budget = min(MAX_UNPACKED, len(data) * MAX_RATIO)
        for info in archive.infolist():
            if info.is_dir():
                continue
            content = _read_member(archive, info, budget)
            budget -= len(content)
            if _is_nested_bomb_risk(_member_name(info)) or content[:4] == b"PK\x03\x04":
                _inner_zip(content)


def _inner_zip(content: bytes) -> None:
    """One archive inside an archive is taken; what lies deeper is not looked for but refused."""
    with _open_zip(content) as inner:
        for info in inner.infolist():
            head = b"" if info.is_dir() else _read_member(inner, info, MAX_UNPACKED)[:4]
            if _is_nested_bomb_risk(_member_name(info)) or head == b"PK\x03\x04":
                raise BadUpload(_("压缩包套了多层，请解开一层再上传。"))


_OFFICE = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
}


def _office(extension: str) -> Callable[[bytes], None]:
    main_part, main_type = _OFFICE[extension]

    def parse(data: bytes) -> None:
        with _open_zip(data) as archive:
            by_name = {info.filename: info for info in archive.infolist()}
            if main_part not in by_name or "[Content_Types].xml" not in by_name:
                raise BadUpload(_("文件不是真正的 %(extension)s 文档。") % {"extension": extension})
            for name, info in by_name.items():
                lower = name.lower()
                if "vbaproject" in lower or "macrosheets/" in lower or "/activex/" in lower:
                    raise BadUpload(_("文档含有宏，请另存为不含宏的文档后再上传。"))
                if "/embeddings/" in lower and not info.is_dir():
                    if not lower.endswith(".xlsx"):  # the data of a chart
                        raise BadUpload(_("文档里嵌有别的文件，请去掉后再上传。"))
                    _office("xlsx")(_read_member(archive, info, MAX_UNPACKED))
                if lower.endswith((".xml", ".rels")):
                    _office_part(lower, _read_member(archive, info, MAX_UNPACKED))
            types = _read_member(archive, by_name["[Content_Types].xml"], MEGABYTE)
        if b"macroEnabled" in types or main_type.encode() not in types:
            raise BadUpload(_("文档含有宏，请另存为不含宏的文档后再上传。"))

    return parse


def _office_part(name: str, content: bytes) -> None:
    # Office writes no document type; with one, entities could grow or read files.
    if b"<!DOCTYPE" in content[:4096].replace(b"\x00", b"").upper():
        raise BadUpload(_("文档打不开，可能已损坏。"))
    if not name.endswith(".rels"):
        return
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError):
        raise BadUpload(_("文档打不开，可能已损坏。")) from None
    for relation in root:
        external = relation.get("TargetMode", "").lower() == "external"
        if external and not relation.get("Type", "").endswith("/hyperlink"):
            raise BadUpload(_("文档会从外部取内容，请去掉外部链接的模板或图片后再上传。"))


def _text(data: bytes) -> None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadUpload(_("文本文件的编码认不出，请用 UTF-8 或 GBK 保存。"))
    if re.search(r"[\x00-\x08\x0e-\x1f]", text):
        raise BadUpload(_("这不是文本文件。"))
    if re.match(r"\s*<(?:!doctype|html|svg|script|\?xml|\?php)", text, re.IGNORECASE):
        raise BadUpload(_("网页和 SVG 不能作为证据上传，请截图后上传图片。"))


@dataclass(frozen=True)
class _Kind:
    content_type: str
    magic: tuple[bytes, ...]
    parse: Callable[[bytes], None]


_OOXML = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, _Kind] = {
    "jpg": _Kind("image/jpeg", (b"\xff\xd8\xff",), _picture("JPEG")),
    "png": _Kind("image/png", (b"\x89PNG\r\n\x1a\n",), _picture("PNG")),
    "webp": _Kind("image/webp", (b"RIFF",), _picture("WEBP")),
    "pdf": _Kind("application/pdf", (b"%PDF-",), _pdf),
    "docx": _Kind(f"{_OOXML}wordprocessingml.document", (b"PK\x03\x04",), _office("docx")),
    "xlsx": _Kind(f"{_OOXML}spreadsheetml.sheet", (b"PK\x03\x04",), _office("xlsx")),
    "txt": _Kind("text/plain", (), _text),
    "zip": _Kind("application/zip", (b"PK\x03\x04", b"PK\x05\x06"), _zip),
}
_ALIASES = {"jpeg": "jpg", "jpe": "jpg"}
ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,.txt,.zip"


def _refuse_kind(extension: str) -> BadUpload:
    if extension in {"svg", "svgz", "html", "htm", "xhtml", "xml", "mht", "mhtml"}:
        return BadUpload(_("网页和 SVG 不能作为证据上传，请截图后上传图片。"))
    if extension in {"heic", "heif"}:
        return BadUpload(_("HEIC 照片请先在手机上改存为 JPG 再上传。"))
    if extension in {"docm", "xlsm", "doc", "xls"}:
        return BadUpload(_("旧版或含宏的文档不能接收，请另存为 docx 或 xlsx。"))
    return BadUpload(
        _("不能接收 .%(extension)s 文件。可以上传：jpg、png、webp、pdf、docx、xlsx、txt、zip。")
        % {"extension": extension[:12]}
    )


def check(uploaded: Any, *, max_bytes: int = MAX_BYTES) -> Checked:
    """The uploaded file (Django's UploadedFile), checked. Raises BadUpload with the reason."""
    limit = {"limit": max_bytes // MEGABYTE, "size": -(-(uploaded.size or 0) // MEGABYTE)}
    too_big = _("文件有 %(size)s MB，超过 %(limit)s MB 的上限。") % limit
    if uploaded.size and uploaded.size > max_bytes:
        raise BadUpload(too_big)
    name = clean_name(str(uploaded.name or ""))
    extension = name.rsplit(".", 1)[1].lower()
    kind = KINDS.get(_ALIASES.get(extension, extension))
    if kind is None:
        raise _refuse_kind(extension)
    uploaded.seek(0)
    data = uploaded.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise BadUpload(too_big)
    if not data:
        raise BadUpload(_("文件是空的。"))
    if kind.magic and not data.startswith(kind.magic):
        raise BadUpload(
            _("文件内容与扩展名 .%(extension)s 不符，请确认没有改过扩展名。")
            % {"extension": extension}
        )
    kind.parse(data)
    return Checked(name, kind.content_type, data)
