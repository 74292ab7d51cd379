"""Genuine and hostile files, made on the spot."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
import pikepdf
from PIL import Image

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.{kind}+xml"/></Types>'
)
RELATION = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://x/{kind}" Target="http://evil.test/t" '
    'TargetMode="External"/></Relationships>'
)


def picture(kind: str, size: tuple[int, int] = (64, 48), exif: bool = False) -> bytes:
    image = Image.effect_noise(size, 40).convert("RGB")
    out = io.BytesIO()
    extra = {}
    if exif:
        tags = Image.Exif()
        tags[0x010F] = "Phone"
        tags.get_ifd(0x8825)[1] = "N"
        extra["exif"] = tags
    image.save(out, kind, **extra)
    return out.getvalue()


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **save: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def archive(
    members: dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]],
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as file:
        for name, content in members.items() if isinstance(members, dict) else members:
            file.writestr(name, content)
    return out.getvalue()


def docx(extra: dict[str, bytes] | None = None, kind: str = "document.main") -> bytes:
    parts = {
        "[Content_Types].xml": CONTENT_TYPES.format(kind=kind).encode(),
        "word/document.xml": "<w:document xmlns:w='w'>检查记录</w:document>".encode(),
    }
    return archive(parts | (extra or {}))


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "端口"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pixel_bomb(side: int = 13_000) -> bytes:
    """A PNG of 20 KB that unfolds to 169 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def gbk_zip() -> bytes:
    """A zip as Chinese systems write it: names in GBK, without the flag for UTF-8."""
    data = archive({"PLACEHOLDER.txt": b"x"})
    name = "现场照片说明".encode("gb18030")[:11] + b".txt"
    return data.replace(b"PLACEHOLDER.txt", name)


def symlink_zip() -> bytes:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return archive([(link, b"/etc/passwd")])


def encrypted_zip() -> bytes:
    data = bytearray(archive({"a.txt": b"secret"}, zipfile.ZIP_STORED))
    data[6] |= 1  # the flag in the local header,
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # and in the directory
    return bytes(data)


def lying_zip() -> bytes:
    """The directory says 10 bytes, the stream holds 50 million."""
    data = bytearray(archive({"a.bin": bytes(50_000_000)}))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(data)


def with_action(kind: str) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"))
        if kind == "JavaScript":
            action["/JS"] = pikepdf.String("app.alert(1)")
        else:
            action["/F"] = pikepdf.String("cmd.exe")
        document.Root.OpenAction = action

    return change


def deep_script(document: pikepdf.Pdf) -> None:
    """JavaScript behind a click, in an object of its own."""
    script = document.make_indirect(
        pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    )
    annotation = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Screen,
        Rect=[0, 0, 1, 1],
        AA=pikepdf.Dictionary(D=script),
    )
    document.pages[0].Annots = pikepdf.Array([annotation])


def attachment(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = b"MZ..."


GENUINE: list[tuple[str, bytes, str]] = [
    ("现场照片.jpg", picture("JPEG"), "image/jpeg"),
    ("IMG_0001.JPEG", picture("JPEG", exif=True), "image/jpeg"),
    ("截图.png", picture("PNG"), "image/png"),
    ("截图.webp", picture("WEBP"), "image/webp"),
    ("大照片.jpg", picture("JPEG", (4000, 3000)), "image/jpeg"),
    ("笔录.pdf", pdf(), "application/pdf"),
    (
        "笔录.压缩对象.pdf",
        pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "application/pdf",
    ),
    (
        "制度.docx",
        docx({"word/_rels/document.xml.rels": RELATION.format(kind="hyperlink").encode()}),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "带图表.docx",
        docx({"word/embeddings/Microsoft_Excel_Sheet.xlsx": xlsx()}),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "资产.xlsx",
        xlsx(),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("日志.txt", "2025-02-12 登录失败\n".encode(), "text/plain"),
    ("日志GBK.txt", "登录失败\r\n".encode("gb18030"), "text/plain"),
    ("证据.zip", archive({"日志/1.txt": b"a", "2.jpg": picture("JPEG")}), "application/zip"),
    ("国标编码.zip", gbk_zip(), "application/zip"),
    ("一层.zip", archive({"里.zip": archive({"a.txt": b"a"})}), "application/zip"),
    ("空.zip", archive({}), "application/zip"),
]

NESTED = archive({"b.zip": archive({"c.zip": archive({"d.txt": b"d"})})})
HOSTILE: list[tuple[str, bytes, str]] = [
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
    ("a.html", b"<script>alert(1)</script>", "网页"),
    ("a.txt", b"<!DOCTYPE html><script>alert(1)</script>", "网页"),
    ("a.txt", b"\n <svg onload=alert(1)>", "SVG"),
    ("a.txt", b"MZ\x00\x01", "不是文本"),
    ("a.txt", b"\xff\xfe\xff\x81\x30", "编码"),
    ("a.exe", b"MZ", ".exe"),
    ("a.jpg.exe", b"MZ", ".exe"),
    ("a.doc", b"\xd0\xcf\x11\xe0", "旧版"),
    ("a.docm", b"PK\x03\x04", "宏"),
    ("a.heic", b"....ftypheic", "HEIC"),
    ("a.gif", b"GIF89a/*", ".gif"),
    ("a.jpg", b"", "空"),
    ("a.jpg", picture("PNG"), "不符"),
    ("a.png", b"<svg/>", "不符"),
    ("a.png", picture("PNG")[:200], "损坏"),
    ("a.jpg", picture("JPEG")[:400], "损坏"),
    ("a.png", picture("PNG") + b"<script>alert(1)</script>", "网页代码"),
    ("a.png", picture("PNG") + archive({"a.js": b"1"}), "压缩包"),
    ("a.jpg", picture("JPEG") + archive({"a.js": b"1"}), "压缩包"),
    ("a.png", pixel_bomb(), "像素"),
    ("a.webp", b"RIFF\x10\x00\x00\x00AVI LIST", "损坏"),
    ("a.pdf", b"%PDF-1.4\nnonsense", "损坏"),
    ("a.pdf", b"GIF89a" + pdf(), "不符"),
    ("a.pdf", pdf() + b"<script>" * 1000, "结尾之后"),
    ("a.pdf", pdf() + archive({"a.js": b"1"}), "压缩包"),
    ("a.pdf", pdf(with_action("JavaScript")), "JavaScript"),
    ("a.pdf", pdf(with_action("Launch")), "Launch"),
    ("a.pdf", pdf(with_action("SubmitForm")), "SubmitForm"),
    ("a.pdf", pdf(deep_script), "JavaScript"),
    (
        "a.pdf",
        pdf(deep_script, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "JavaScript",
    ),
    ("a.pdf", pdf(attachment), "EmbeddedFile"),
    ("a.pdf", pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "密码"),
    ("a.pdf", pdf(encryption=pikepdf.Encryption(owner="o", user="")), "加密"),
    ("a.docx", archive({"a.txt": b"a"}), "docx"),
    ("a.docx", docx({"word/vbaProject.bin": b"macro"}), "宏"),
    ("a.docx", docx(kind="document.macroEnabled.main"), "宏"),
    ("a.docx", docx({"word/embeddings/oleObject1.bin": b"MZ"}), "嵌有"),
    (
        "a.docx",
        docx({"word/embeddings/a.xlsx": archive({"xl/vbaProject.bin": b"m"})}),
        "xlsx",
    ),
    (
        "a.docx",
        docx({"word/_rels/settings.xml.rels": RELATION.format(kind="attachedTemplate").encode()}),
        "外部",
    ),
    (
        "a.docx",
        docx({"word/x.xml": b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a/>"}),
        "损坏",
    ),
    (
        "a.docx",
        docx({"word/x.xml": "<!DOCTYPE a []><a/>".encode("utf-16")}),
        "损坏",
    ),
    ("a.xlsx", docx(), "xlsx"),
    ("a.zip", b"PK\x03\x04 and no more", "损坏"),
    ("a.zip", archive({"../../etc/passwd": b"x"}), "越出目录"),
    ("a.zip", archive({"a/../../x": b"x"}), "越出目录"),
    ("a.zip", archive({"/etc/passwd": b"x"}), "越出目录"),
    ("a.zip", archive({"C:\\x": b"x"}), "越出目录"),
    ("a.zip", archive({"a\\..\\..\\x": b"x"}), "越出目录"),
    ("a.zip", symlink_zip(), "链接"),
    ("a.zip", encrypted_zip(), "密码"),
    ("a.zip", archive({"bomb": bytes(60_000_000)}), "过大"),
    ("a.zip", lying_zip(), "损坏"),
    ("a.zip", NESTED, "多层"),
    ("a.zip", archive({"in.bin": archive({"bomb": bytes(30_000_000)})}), "过大"),
    ("a.zip", archive({f"{n}": b"" for n in range(1001)}), "1000"),
]

NAMES: list[tuple[str, str]] = [
    ("现场照片.jpg", "现场照片.jpg"),
    ("𬭸䶮.jpg", "𬭸䶮.jpg"),
    ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie_ x=1.jpg"),
    ("evil\u202egpj.exe.jpg", "evilgpj.exe.jpg"),
    ("a\x00.jpg", "a.jpg"),
    ("../../etc/passwd.jpg", "passwd.jpg"),
    ("C:\\Users\\a\\照片.jpg", "照片.jpg"),
    ("CON.jpg", "_CON.jpg"),
    ("  a  b .jpg", "a b.jpg"),
    ("长" * 300 + ".jpg", "长" * 116 + ".jpg"),
    ('a"b.jpg', "a_b.jpg"),
]
BAD_NAMES = ["", "jpg", ".jpg", "...", "\u202e.jpg", "a.", "/", "\x00"]
