"""What a unit puts on its papers: its name at their head, and its own seal."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts import seals
from accounts.models import Unit
from audit.models import Event
from tests.factories.accounts import UserFactory
from vault import files

pytestmark = pytest.mark.django_db


def picture(width: int = 600, height: int = 600, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, kind)
    return out.getvalue()


def save(client: Client, unit: Unit, name: str, data: bytes, **changes: str) -> str:
    fields = {
        "name": unit.name,
        "short_name": unit.short_name,
        "abbreviation": unit.abbreviation,
        "level": unit.level,
        "region": unit.region_id,
        "letterhead": "",
        "address": unit.address,
        "phone": unit.phone,
        "postcode": unit.postcode,
        "reconsideration_body": unit.reconsideration_body,
        "court": unit.court,
        "seal_picture": SimpleUploadedFile(name, data),
        **changes,
    }
    response = client.post(f"/admin/accounts/unit/{unit.pk}/change/", fields, follow=True)
    unit.refresh_from_db()
    return response.content.decode()


@pytest.fixture
def unit(client: Client) -> Unit:
    administrator = UserFactory(system_admin=True)
    client.force_login(administrator)
    return administrator.unit


def test_the_administrator_sets_the_seal_and_the_head(client: Client, unit: Unit) -> None:
    seal = picture()
    save(client, unit, "seal.png", seal, letterhead="青山市公安局")
    assert unit.organ == "青山市公安局"
    assert unit.seal is not None
    assert files.read(unit.seal) == seals.prepare(seal)
    told = Event.objects.latest("id").payload
    assert "seal_picture" in told
    assert "PNG" not in told  # the name of the field, not its bytes


def test_without_a_head_the_unit_s_name_is_printed(unit: Unit) -> None:
    assert unit.organ == unit.name


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("seal.jpg", picture(kind="JPEG"), "印章须是 PNG 图片"),
        ("seal.png", picture(600, 400), "图片是 600 × 400 像素"),
        ("seal.png", picture(100, 100), "图片是 100 × 100 像素"),
        ("seal.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
    ],
)
def test_a_picture_that_cannot_be_a_seal_is_refused(
    client: Client, unit: Unit, name: str, data: bytes, words: str
) -> None:
    assert words in save(client, unit, name, data)
    assert unit.seal is None
