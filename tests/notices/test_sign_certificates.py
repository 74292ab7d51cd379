"""Certificates from the files of an authority, and their page in the back room."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from notices import certificates
from notices.models import Certificate
from tests.factories import signing as sign
from tests.factories.accounts import UnitFactory, UserFactory

PASSWORD = "开-锁 12"


@pytest.mark.parametrize("form", ["one pem", "two files", "locked key", "p12", "shuffled"])
def test_each_usual_file_is_read(form):
    held = sign.held()
    chain, key = held.pem.encode(), sign.pem_key(held)
    files, password = {
        "one pem": ((chain + key,), ""),
        "two files": ((chain, key), ""),
        "locked key": ((chain, sign.pem_key(held, PASSWORD)), PASSWORD),
        "p12": ((sign.p12(held, PASSWORD),), PASSWORD),
        "shuffled": (("".join(reversed(held.pem.partition("-----END CERTIFICATE-----\n"))),), ""),
    }[form]
    if form == "shuffled":
        own, root = (each.public_bytes(serialization.Encoding.PEM) for each in held.chain)
        files = (root + key + own,)

    read = certificates.read(*files, password=password)

    assert read.chain == held.chain
    assert read.key_pem == key.decode()


def _pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (lambda held: (b"%PDF-1.7",), "密码不对，或者不是"),
        (lambda held: (sign.p12(held, "另一个"),), "密码不对"),
        (lambda held: (held.pem.encode(), sign.pem_key(held, "另一个")), "密码不对"),
        (lambda held: (sign.pem_key(held),), "没有证书"),
        (lambda held: (held.pem.encode(), sign.pem_key(sign.held())), "私钥与证书不符"),
        (lambda held: (held.pem.encode(), _pem(ed25519.Ed25519PrivateKey.generate())), "不支持"),
        (lambda held: (held.pem.encode() + sign.held(issuer="另一根证书").pem.encode(),), "混入"),
        (lambda held: (held.pem.encode()[:300],), "不完整"),
        (lambda held: (sign.held(ca=True).pem.encode(),), "颁发机构的证书"),
        (
            lambda held: (sign.held(key=ec.generate_private_key(ec.SECP521R1())).pem.encode(),),
            "SM2",
        ),
        (lambda held: (sign.held(key=rsa.generate_private_key(65537, 1024)).pem.encode(),), "2048"),
    ],
)
def test_what_cannot_sign_is_refused_in_words(files, reason):
    with pytest.raises(certificates.BadFile, match=reason):
        certificates.read(*files(sign.held()), password=PASSWORD)


def test_a_locked_key_asks_for_its_password():
    held = sign.held()

    with pytest.raises(certificates.BadFile, match="请填写密码"):
        certificates.read(held.pem.encode(), sign.pem_key(held, PASSWORD))


# --- The page -------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db
ADD, LIST = "admin:notices_certificate_add", "admin:notices_certificate_changelist"


@pytest.fixture
def admin(client):
    user = UserFactory(unit=UnitFactory(name="南宁市公安局"), system_admin=True)
    client.force_login(user)
    return user


def upload(data, name="a.pem"):
    return SimpleUploadedFile(name, data, "application/octet-stream")


def errors(answer):
    return " ".join(str(each) for each in answer.context["adminform"].form.errors.values())


def test_a_certificate_is_registered_and_its_key_shown_to_nobody(client, admin):
    held = sign.held()

    answer = client.post(
        reverse(ADD),
        {
            "unit": admin.unit_id,
            "source": "local",
            "file": upload(sign.p12(held, PASSWORD), "a.p12"),
            "password": PASSWORD,
        },
    )

    assert answer.status_code == 302, errors(answer)
    certificate = Certificate.objects.get()
    assert certificate.key == held.key_pem
    assert certificate.added_by == admin
    assert certificate.not_after == held.own.not_valid_after_utc
    page = client.get(reverse("admin:notices_certificate_change", args=[certificate.pk]))
    assert "PRIVATE KEY" not in page.content.decode()
    assert "BEGIN CERTIFICATE" in page.content.decode()
    event = Event.objects.get(verb="certificates.register")
    assert event.data["serial"] == certificate.serial
    told = " ".join(str(each) for each in Event.objects.values_list("data", flat=True))
    assert PASSWORD not in told
    assert "PRIVATE" not in told


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"source": "outside"}, "不要上传私钥"),
        ({"source": "outside", "address": "http://sign.example/"}, "https://"),
        ({"password": "不对"}, "密码不对"),
        ({"file": None}, "这个字段是必填项"),
        ({"file": b"x" * 300_000}, "256 KB"),
    ],
)
def test_a_mistake_comes_back_with_the_field(client, admin, change, reason):
    given = {"unit": admin.unit_id, "source": "local", "password": PASSWORD}
    data = change.pop("file", sign.p12(sign.held(), PASSWORD))
    if data is not None:
        given["file"] = upload(data)

    answer = client.post(reverse(ADD), {**given, **change})

    assert reason in errors(answer)
    assert not Certificate.objects.exists()


def test_what_the_unit_cannot_have_is_refused(client, admin):
    current = sign.certificate(admin.unit)
    old = sign.held(first=sign.NOW - 9 * sign.DAY, last=sign.NOW - sign.DAY)
    demo = sign.held("某局（演示）", issuer="演示根证书")

    def said(held):
        file = upload(held.pem.encode() + sign.pem_key(held))
        given = {"unit": admin.unit_id, "source": "local", "file": file}
        return errors(client.post(reverse(ADD), given))

    assert "请先停用" in said(sign.held())
    certificates.retire(current, by=admin, at=timezone.now())
    assert "已经过期" in said(old)
    assert "只能给演示单位" in said(demo)
    again = certificates.Held(
        tuple(sign.x509.load_pem_x509_certificates(current.chain.encode())), old.key
    )
    assert certificates.can_register(admin.unit, again, source="local", at=sign.NOW)


def test_an_outside_service_needs_its_address_alone(client, admin):
    answer = client.post(
        reverse(ADD),
        {
            "unit": admin.unit_id,
            "source": "outside",
            "file": upload(sign.held().pem.encode()),
            "address": "https://sign.example/v1",
            "token": "abc",
        },
    )

    assert answer.status_code == 302, errors(answer)
    certificate = Certificate.objects.get()
    assert (certificate.address, certificate.key) == ("https://sign.example/v1", "abc")


def test_retiring_is_for_good(client, admin):
    certificate = sign.certificate(admin.unit)
    page = reverse("admin:notices_certificate_change", args=[certificate.pk])

    client.post(page, {})
    certificate.refresh_from_db()
    assert certificate.retired_on is None
    client.post(page, {"retire": "on"})

    certificate = Certificate.objects.get()
    assert certificate.retired_on == timezone.localdate()
    assert certificate.key == ""
    assert Event.objects.filter(verb="certificates.retire").count() == 1
    assert "停用这张证书" not in client.get(page).content.decode()
    assert client.post(page, {"retire": "on"}).status_code == 403


def test_the_end_of_a_certificate_is_said_before_it_comes(client, admin):
    def health():
        return client.get(reverse("health")).json()["certificates"]

    assert health() == "none"
    first = sign.certificate(admin.unit)
    assert health() == "up"
    certificates.retire(first, by=admin, at=timezone.now())
    soon = sign.certificate(admin.unit, last=sign.NOW + 9 * sign.DAY)
    assert health() == "expiring"
    page = client.get(reverse(LIST)).content.decode()
    assert "请准备新证书" in page
    assert "天到期" in page
    certificates.retire(soon, by=admin, at=timezone.now())
    sign.certificate(admin.unit, first=sign.NOW - 9 * sign.DAY, last=sign.NOW - sign.DAY)
    assert health() == "expired"
    assert "正在等待签名" in client.get(reverse(LIST)).content.decode()
