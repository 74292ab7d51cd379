"""More time, at the browser: asked and refused, asked again with a contract and granted for two of
four findings; each decision on a paper that a real worker prints, and whose text is read back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from rectification.models import Order
from tests.browser.person import PHONE, Person
from tests.factories.accounts import PASSWORD
from tests.factories.rectification import DUE_ON, Desk, at
from tests.factories.vault import png
from tests.notices.worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]

ASKED, AGAIN, DECIDED = date(2025, 2, 5), date(2025, 2, 7), date(2025, 2, 10)
WEI, QIN = "wei", "qin"


@pytest.fixture
def order(db: Any) -> Order:
    """Served, four findings, due on 12 February; the people of the desk can log in."""
    desk = Desk()
    for somebody, name in ((desk.inspector, WEI), (desk.supervisor, QIN)):
        somebody.username = name
        somebody.save(update_fields=["username"])
    return desk.served(4)


@pytest.fixture
def worker(order: Order, tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(tmp_path / "var", lease=60, processes=1)
    yield worker
    worker.kill()


def test_refused_once_then_granted_for_two_of_four(
    order: Order, worker: Worker, person: Any, clock: Any
) -> None:
    page = order.get_absolute_url()

    clock(at(ASKED, 10))
    inspector = person(WEI, PASSWORD)
    ask_in_vain(inspector, page)
    supervisor = person(QIN, PASSWORD)
    refuse(supervisor, page)

    clock(at(AGAIN, 10))
    inspector.log_in(WEI, PASSWORD)
    ask_again(inspector, page)
    clock(at(DECIDED, 16))
    supervisor.log_in(QIN, PASSWORD)
    grant_two(supervisor, page)
    # Tests ring no bell that a process of its own could hear: the worker finds both papers owed.
    worker.start()
    read_papers(supervisor)
    supervisor.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    supervisor.fits()


def ask_in_vain(me: Person, page: str) -> None:
    me.go(page)
    me.follow("申请延期")
    me.type(reason="事情多")
    me.press("申请延期")
    assert set(me.told()) == {"#id_until"}
    assert me.field("reason").input_value() == "事情多"
    me.type(until="2025-03-10")
    me.press("申请延期")
    me.sees("有延期申请待审批。", "延期待审批", "申请第 1、2、3、4 项延至 2025年3月10日")


def refuse(me: Person, page: str) -> None:
    me.go(page)
    me.follow("去审批")
    me.tick("不予延期")
    me.press("审批延期")
    assert "不予延期的，写明理由。" in me.told()["#id_note"]
    me.type(note="没有说明需要多久，也没有材料。")
    me.press("审批延期")
    me.sees("不予延期", "没有说明需要多久", "南公（网安）延决字〔2025〕1号")


def ask_again(me: Person, page: str) -> None:
    me.go(page)
    me.follow("申请延期")
    me.type(until="2025-03-28", reason="加密设备 2月28日到货，合同附后。")
    me.attach("附件", "采购合同.png", "image/png", png())
    me.press("申请延期")
    me.sees("有延期申请待审批。", "采购合同.png", "不予延期")


def grant_two(me: Person, page: str) -> None:
    me.go(page)
    me.follow("去审批")
    me.sees("采购合同.png", "加密设备 2月28日到货")
    me.tick("准予延期")
    for box in me.page.locator("[name=items]").all()[:2]:
        box.uncheck()
    me.type(until="2025-03-10", note="合同属实，第3、4项须等设备。")
    me.press("审批延期")
    me.sees(
        "准予第 3、4 项延至 2025年3月10日",
        "第 1、2 项期限",
        "第 3、4 项期限",
        "期限由 2025年2月12日改为 2025年3月10日",
    )


def read_papers(me: Person) -> None:
    """The order page shows both decisions; each PDF says what was decided."""
    papers = me.page.locator(".zg-papers > li").filter(has_text="延期决定书")
    said = []
    for paper in papers.all():
        link = paper.get_by_role("link", name="下载 PDF")
        link.wait_for(timeout=60_000)  # the page looks after itself
        with me.page.expect_download() as waiting:
            link.click()
        said.append(_text(Path(waiting.value.path()).read_bytes()))
    refused, granted = said
    assert "决定不予延期" in refused
    assert "没有说明需要多久，也没有材料" in refused
    assert "决定准予延期" in granted
    assert (
        f"由2025年{DUE_ON.month}月{DUE_ON.day}日（星期三）延长至2025年3月10日（星期一）" in granted
    )
    assert "其余各项的改正期限" in granted


def _text(pdf: bytes) -> str:
    with closing(pypdfium2.PdfDocument(pdf)) as paper:
        pages = [page.get_textpage().get_text_bounded() for page in paper]
    return "".join("".join(pages).split())
