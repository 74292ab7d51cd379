"""The signing service outside, by a real server on this machine; and what it may do wrong."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from django.utils import timezone

from audit.trail import Refused
from jobs import ledger
from notices import pades, signing
from tests.factories import notices as make
from tests.factories import signing as sign
from tests.factories.accounts import UnitFactory
from vault import files

pytestmark = [pytest.mark.sockets, pytest.mark.django_db]


class Service(ThreadingHTTPServer):
    """Holds the key. `manner` is how it answers: well, or in one of the ways that are refused."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.held = sign.held()
        self.manner, self.asked = "well", []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/sign"


class Answer(BaseHTTPRequestHandler):
    def log_message(self, *_args):
        """Quiet."""

    def do_POST(self):
        service = self.server
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        service.asked.append((self.path, self.headers.get("Authorization"), asked))
        if service.manner == "silent":
            threading.Event().wait(1)
            return
        if service.manner == "moved":
            self.send_response(302)
            self.send_header("Location", service.address)
            self.end_headers()
            return
        if service.manner == "busy":
            self.send_error(503)
            return
        key = sign.held().key if service.manner == "foreign" else service.held.key
        given = key.sign(base64.b64decode(asked["digest"]), ec.ECDSA(Prehashed(hashes.SHA256())))
        answer = json.dumps({"signature": base64.b64encode(given).decode()}).encode()
        if service.manner == "nonsense":
            answer = b"<html>"
        if service.manner == "endless":
            answer = b" " * (2 * signing.LARGEST_ANSWER)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)


@pytest.fixture
def service():
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def unit(service):
    unit = UnitFactory(name="南宁市公安局", abbreviation="南公（网安）")
    sign.certificate(unit, service.held, address=service.address, token="令牌-1".encode().hex())
    return unit


def test_the_service_signs_and_the_key_stays_there(service, unit, print_now):
    notice = print_now(make.issue(unit=unit))

    data = files.read(notice.pdf)
    assert pades.status(data, notice.certificate.chain, at=timezone.now()).bottom_line
    ((path, token, asked),) = service.asked
    assert (path, token) == ("/sign", "Bearer " + "令牌-1".encode().hex())
    assert asked["algorithm"] == "ecdsa-sha256"
    assert asked["certificate"] == service.held.own.fingerprint(hashes.SHA256()).hex()
    assert len(base64.b64decode(asked["digest"])) == 32
    assert set(asked) == {"algorithm", "certificate", "digest"}


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        ("silent", "没有应答"),
        ("busy", "拒绝签名（503）"),
        ("moved", "拒绝签名（302）"),
        ("foreign", "与证书不符"),
        ("nonsense", "与证书不符"),
        ("endless", "与证书不符"),
    ],
)
def test_a_service_that_fails_makes_the_paper_wait(service, unit, manner, reason, monkeypatch):
    monkeypatch.setattr(signing, "SECONDS", 0.3)
    service.manner = manner
    signer = signing.OutsideService(unit.certificates.get())

    with pytest.raises(signing.CannotSign, match=reason):
        signer.sign(b"x")

    assert len(service.asked) == 1  # a redirect is not followed


def test_the_paper_waits_until_the_service_is_back(service, unit, print_now):
    notice = make.issue(unit=unit)
    service.manner = "busy"
    job = notice.print_job()

    assert not ledger.work(str(job.pk), clock=timezone.now)
    assert "签名服务拒绝签名" in notice.print_state().reason

    service.manner = "well"
    type(job).objects.filter(pk=job.pk).update(due_at=timezone.now())
    assert print_now(notice).certificate is not None


def test_nobody_listens():
    gone = sign.certificate(UnitFactory(), sign.held(), address="http://127.0.0.1:9/sign")

    with pytest.raises(signing.CannotSign, match="没有应答"):
        signing.OutsideService(gone).sign(b"x")


@pytest.mark.parametrize(
    "address",
    [
        "http://sign.example/",
        "http://127.0.0.1.example/",
        "http://10.0.0.1/",
        "ftp://127.0.0.1/",
        "https://name:password@sign.example/",
        "https://",
        "http://[::1",
        "file:///etc/passwd",
    ],
)
def test_only_https_leaves_this_machine(address):
    assert not signing.allowed(address)
    with pytest.raises(Refused, match="https"):
        sign.certificate(UnitFactory(), sign.held(), address=address)


def test_https_and_the_loopback_are_allowed():
    for address in ("https://sign.example/a?b=1", "http://127.0.0.1:8800/", "http://[::1]:1/"):
        assert signing.allowed(address)
