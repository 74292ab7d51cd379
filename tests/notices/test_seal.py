"""The picture of a seal: what is taken, what is made of it, and how it stands on a paper."""

import io
import random
import resource
import struct
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, PngImagePlugin

from accounts import seals
from notices import press, printing, reading
from tests.factories import notices as make
from tests.factories.accounts import UnitFactory, UserFactory
from tests.notices import structure
from vault import files
from vault.uploads import BadUpload

RED = (230, 0, 18)


def drawn(side=600, ground=(0, 0, 0, 0)):
    """A ring, a star's worth of red, and the strokes of eight characters."""
    picture = Image.new("RGBA", (side, side), ground)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((20, 20, side - 20, side - 20), outline=(*RED, 255), width=side // 40)
    pen.polygon([(side // 2, side // 3), (side // 3, side * 2 // 3), (side * 2 // 3, side // 2)],
                fill=(*RED, 255))  # fmt: skip
    for x in range(8):
        pen.text((side // 9 * (x + 1), side // 5), "章", fill=(*RED, 255), font_size=side // 12)
    return picture


def png(picture, **options):
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


def noisy(picture):
    """As scanned: no two pixels alike."""
    chance = random.Random(7)
    bands = picture.split()
    channels = [band.load() for band in bands]
    for y in range(picture.height):
        for x in range(picture.width):
            for channel in channels[:3]:
                channel[x, y] = min(255, max(0, channel[x, y] + chance.randint(-40, 40)))
    return Image.merge("RGBA", bands)


@pytest.mark.parametrize("ground", [(0, 0, 0, 0), (255, 255, 255, 255)], ids=["clear", "white"])
def test_a_scan_becomes_one_ink_on_nothing(ground):
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "<script>alert(1)</script>")
    kept = seals.prepare(png(noisy(drawn(ground=ground)), pnginfo=note))

    assert b"script" not in kept
    with Image.open(io.BytesIO(kept)) as seal:
        assert seal.mode == "RGBA"
        assert max(seal.size) <= seals.SIZES[0]
        assert len(seal.convert("RGB").getcolors()) == 1
        assert all(abs(a - b) < 45 for a, b in zip(seal.getpixel((0, 0))[:3], RED, strict=True))
        alpha = seal.getchannel("A")
        assert alpha.getpixel((2, 2)) == 0
        assert alpha.getpixel((seal.width // 2, seal.height // 2)) == 255
    assert seals.prepare(kept)  # and once more, as when it is uploaded again


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (Image.effect_noise((900, 900), 80).convert("RGBA"), "过于复杂"),
        (Image.new("RGBA", (600, 600), (0, 0, 0, 0)), "没有看得见"),
        (Image.new("RGB", (600, 600), "white"), "没有看得见"),
    ],
    ids=["photograph", "clear", "white"],
)
def test_what_is_no_seal_is_refused_in_words(picture, said):
    with pytest.raises(BadUpload, match=said):
        seals.prepare(png(picture))


def bomb(side):
    """A PNG of `side` times `side` pixels in a few kilobytes; only its head is true."""

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bomb(6400), "6400×6400 像素，超过 4000 万"),
        (bomb(20_000), "4000 万"),
        (b"GIF89a" + bytes(100), "与扩展名 .png 不符"),
        (png(drawn())[:3000], "打不开"),
        (b"\x89PNG\r\n\x1a\n<script>", "打不开"),
    ],
    ids=["40-megapixel", "400-megapixel", "gif", "cut", "html"],
)
def test_a_hostile_picture_is_refused_before_it_is_decoded(client, data, said):
    administrator = UserFactory(system_admin=True)
    unit = administrator.unit
    client.force_login(administrator)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    answer = client.post(
        f"/admin/accounts/unit/{unit.pk}/change/",
        {"name": unit.name, "seal_picture": SimpleUploadedFile("seal.png", data)},
    )

    assert said in answer.content.decode()
    unit.refresh_from_db()
    assert unit.seal is None
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024  # KiB


@pytest.mark.django_db
def test_a_paper_with_a_scanned_seal_is_light_and_sound():
    seal = files.store(seals.prepare(png(noisy(drawn()))), "seal.png", "image/png", None)
    unit = UnitFactory(name="河池市公安局", abbreviation="河公（网安）", seal=seal)
    printed = printing.render(make.issue_decision(unit=unit))

    assert printed.pages == 1
    assert len(printed.data) <= 100 * 1024
    assert structure.faults(printed.data) == []
    with pikepdf.open(io.BytesIO(printed.data)) as pdf:
        (picture,) = (
            each for each in pdf.pages[0].Resources.XObject.values() if each.Subtype == "/Image"
        )
        assert "/SMask" in picture
    text = reading.squeeze(press.parts().pages_of(printed.data)[0])
    assert "演示" not in text  # a drawn seal and the mark belong to demonstrations alone


@pytest.mark.django_db
def test_a_unit_without_a_picture_has_a_blank_place():
    notice = make.issue_decision(unit=UnitFactory(name="河池市公安局", abbreviation="河公"))

    assert "（印章）" in notice.words
    assert "<img" not in notice.words
    assert "演示专用" not in notice.words
