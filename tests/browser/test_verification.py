"""The page for whoever holds a paper, on a phone: chosen or dropped, genuine or altered."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from notices import demo_authority, printing, signing
from notices.models import Notice
from tests.browser.person import PHONE, Person
from tests.factories import notices as make
from tests.factories.legal import load_law
from vault import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DROP = """([name, data]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const given = new DataTransfer();
    given.items.add(new File([bytes], name, {type: "application/pdf"}));
    return given;
}"""


def signed_paper() -> Notice:
    load_law()
    unit = make.nanning()
    at = timezone.now()
    demo_authority.ensure(at=at)
    notice = make.issue(unit=unit)
    printed = printing.render(notice)
    signer = signing.signer_for(notice, at=at)
    with ThreadPoolExecutor(1) as aside:  # the browser's driver keeps a loop in this thread
        signed = aside.submit(printing.sign, printed, signer, at=at).result()
    with transaction.atomic():
        printing.keep(notice, printed, at, signed=signed)
    notice.refresh_from_db()
    return notice


def drop(me: Person, name: str, data: bytes) -> None:
    given = me.page.evaluate_handle(DROP, [name, base64.b64encode(data).decode()])
    with me.page.expect_navigation():
        me.page.dispatch_event("[data-drop]", "drop", {"dataTransfer": given})


def test_a_paper_is_verified_on_the_phone(person: Any) -> None:
    notice = signed_paper()
    assert notice.pdf is not None
    data = files.read(notice.pdf)
    altered = data[:-100] + bytes([data[-100] ^ 1]) + data[-99:]
    me = person(size=PHONE)
    page = f"/v/{notice.verify_code}/"

    me.go(page)
    me.fits()
    me.sees(
        "这份文书由本机关签发", notice.number, "已签名", "演示样例，没有法律效力。", within="body"
    )
    assert notice.addressee not in me.page.content()
    button = me.page.get_by_role("button", name="核对文件").bounding_box()
    assert button is not None
    assert button["height"] >= 44
    assert button["width"] >= 300

    me.attach("核对您手中的 PDF", "通知书.pdf", "application/pdf", data)
    me.press("核对文件")
    me.sees("与签发的原件一致")
    me.fits()
    me.follow("再核对一份")
    drop(me, "改动.pdf", altered)
    me.sees("与签发的原件不一致")
    me.fits()
    me.go(page)
    drop(me, "通知书.pdf", data)
    me.sees("与签发的原件一致")
