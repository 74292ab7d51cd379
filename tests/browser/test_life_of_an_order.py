"""One order from the inspection to its verdict, as three people do it at their browsers, while a
real worker prints its paper; then the passer-by who holds the paper and reads its QR code.

The days are those of the example of the design, with Spring Festival and its make-up days in the
term. The due day is counted here a second time, from the holidays as the State Council published
them and nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from accounts.models import User
from tests.browser.person import PHONE, Person
from tests.factories.accounts import PASSWORD, RegionFactory, UnitFactory, UserFactory
from tests.factories.enterprises import uscc
from tests.factories.legal import load_law
from tests.factories.rectification import at
from tests.factories.vault import png
from tests.notices.worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]

FOUND, ISSUED, SERVED = date(2025, 1, 6), date(2025, 1, 8), date(2025, 1, 9)
REPORTED, LOOKED = date(2025, 2, 11), date(2025, 2, 13)
# 国办发明电〔2024〕12号
OFF = {date(2025, 1, 28) + timedelta(days) for days in range(8)}
MADE_UP = {date(2025, 1, 26), date(2025, 2, 8)}
TERM = 20

PARTY, CODE = "南宁市邕江云仓供应链有限公司", uscc(4711)
CONSENT = "小程序首次打开即收集手机号码和位置，没有征得用户同意。"
PLAIN = "会员库以明文存储姓名、身份证件号码和住址，共约一万二千条。"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def counted(start: date, days: int) -> date:
    """The nth working day after `start`."""
    day = start
    while days:
        day += timedelta(1)
        weekend = day.weekday() >= 5
        days -= day in MADE_UP or (not weekend and day not in OFF)
    return day


def words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass
class Office:
    inspector: User
    colleague: User
    supervisor: User


@pytest.fixture
def office(db: Any) -> Office:
    load_law()
    region = RegionFactory(code="450100", name="南宁市")
    unit = UnitFactory(
        name="南宁市公安局",
        short_name="网安支队",
        abbreviation="南公（网安）",
        region=region,
    )
    return Office(
        inspector=UserFactory(unit=unit, inspector=True, username="wei", name="韦志远"),
        colleague=UserFactory(unit=unit, inspector=True, username="huang", name="黄莉"),
        supervisor=UserFactory(unit=unit, supervisor=True, username="qin", name="覃海波"),
    )


@pytest.fixture
def worker(office: Office, tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(tmp_path / "var", lease=60, processes=1)
    yield worker
    worker.kill()


def test_an_order_from_the_inspection_to_its_verdict(
    office: Office, worker: Worker, person: Any, clock: Any
) -> None:
    clock(at(FOUND, 14))
    inspector = person("wei", PASSWORD)
    register_the_enterprise(inspector)
    inspect(inspector)
    log_findings(inspector)
    sign(inspector)
    order = draft(inspector)

    clock(at(ISSUED, 10))
    supervisor = person("qin", PASSWORD)
    number = approve_and_issue(supervisor, order, worker)
    pdf, sha256 = fetch_paper(supervisor)

    clock(at(SERVED, 11))
    inspector.log_in("wei", PASSWORD)
    due = serve(inspector, order)

    clock(at(REPORTED, 11))
    inspector.log_in("wei", PASSWORD)
    report(inspector, order)
    clock(at(LOOKED, 11))
    inspector.log_in("wei", PASSWORD)
    look_again(inspector, order)

    clock(at(LOOKED, 15))
    supervisor.log_in("qin", PASSWORD)
    judge(supervisor, order, due)

    verify(person(), pdf, sha256, number)
    speak_english(supervisor, order)


# --- The inspector on site ------------------------------------------------------------------------


def register_the_enterprise(me: Person) -> None:
    me.go("/enterprises/")
    me.follow("登记企业")
    wrong = CODE[:-1] + next(c for c in "0123456789" if c != CODE[-1])
    me.type(name=PARTY, uscc=wrong, address="南宁市江南区星光大道1号", security_lead="周敏")
    me.type(security_lead_phone="13877101234")
    me.press("登记")
    told = me.told()
    assert f"“{CODE[-1]}”" in told["#id_uscc"], told
    assert me.field("name").input_value() == PARTY
    assert me.field("uscc").input_value() == wrong
    assert me.page.evaluate("document.activeElement.classList.contains('zg-errors')")

    me.type(uscc=CODE)
    me.press("登记")
    me.sees(PARTY, CODE, "138****1234")


def inspect(me: Person) -> None:
    me.go("/inspections/")
    me.follow("登记检查")
    me.type(q="云仓")
    me.press("查找")
    me.follow(PARTY)
    me.type(started_at=f"{FOUND}T09:30", ended_at=f"{FOUND}T11:40", met_name="李强")
    me.type(met_title="运维主管", notice_number="南公（网安）检通字〔2025〕3号")
    me.press("保存，登记发现")
    told = me.told()
    assert "再选一名检查民警" in told.get("#id_officers_0", ""), told
    me.page.get_by_label(re.compile("^黄莉")).check()
    me.press("保存，登记发现")


def log_findings(me: Person) -> None:
    inspection = me.page.url
    me.follow("登记发现")
    me.follow("未经用户同意收集信息")
    me.sees("《网络安全法》（2016）第四十一条第一款", "2025年1月6日施行的文本")
    me.type(seen=CONSENT, required_correction="停止未经同意的收集，取得用户同意。")
    me.press("保存")
    me.sees(CONSENT)

    me.go(f"{inspection}findings/new/?type=PII_UNENCRYPTED")
    me.type(seen=PLAIN, required_correction="对存储的个人信息采取加密措施。")
    me.tick("严重")
    me.attach("照片、截图、文件", "现场照片.svg", "image/svg+xml", SVG)
    me.press("保存")
    assert any(told.startswith("现场照片.svg：") for told in me.told().values())
    assert me.field("seen").input_value() == PLAIN
    me.attach("照片、截图、文件", "现场照片.png", "image/png", png((640, 480)))
    me.press("保存")
    me.sees("发现 2 项", "证据 1 个", CONSENT, PLAIN, "《网络安全法》（2016）第二十一条")


def sign(me: Person) -> None:
    me.follow("核对与签名")
    me.tick("已签名")
    me.type(objections="无")
    me.press("完成检查")
    me.sees("已完成", "此后不能修改")


def draft(me: Person) -> str:
    me.follow("责令改正")
    me.tick("自送达之日起若干个工作日")
    me.type(term_days=str(TERM))
    preview = me.page.locator("#due-preview")
    preview.get_by_text(words(counted(FOUND, TERM))).first.wait_for()
    assert "春节" in preview.inner_text()
    me.press("保存草稿")
    me.sees(PARTY, "起草中", "第四十一条第一款")
    order = me.page.url
    me.follow("提交审批")
    me.press("提交审批")
    me.sees("待审批")
    return order


# --- The supervisor, and the paper ----------------------------------------------------------------


def approve_and_issue(me: Person, order: str, worker: Worker) -> str:
    me.sees(PARTY)  # on the desk
    me.go(order)
    me.follow("审批同意")
    me.press("审批同意")
    me.follow("签发")
    me.press("签发")
    number = "南公（网安）责通字〔2025〕1号"
    me.sees(number, "排队")
    worker.start()
    ready = me.page.get_by_role("link", name="下载 PDF")
    ready.wait_for(timeout=60_000)  # the page looks after itself
    return number


def fetch_paper(me: Person) -> tuple[bytes, str]:
    pdf = me.download("下载 PDF")
    assert pdf.startswith(b"%PDF")
    sha256 = hashlib.sha256(pdf).hexdigest()
    me.sees(f"{sha256[:4]} {sha256[4:8]}")
    return pdf, sha256


# --- The term -------------------------------------------------------------------------------------


def serve(me: Person, order: str) -> date:
    me.go(order)
    me.follow("记录送达")
    me.type(attempted_on=str(ISSUED - timedelta(1)), place="江南区星光大道1号", recipient="陈立新")
    me.choose("relation", "法定代表人")
    me.choose("server_1", "韦志远")
    me.press("记录送达")
    told = me.told()
    assert set(told) == {"#id_attempted_on", "#id_server_2"}, told
    assert me.field("recipient").input_value() == "陈立新"
    assert me.field("attempted_on").input_value() == str(ISSUED - timedelta(1))
    me.page.locator(".zg-errors a[href='#id_server_2']").click()
    assert me.page.evaluate("document.activeElement.name") == "server_2"

    me.choose("server_2", "黄莉")
    me.type(attempted_on=str(SERVED))
    due = counted(SERVED, TERM)
    me.page.locator("#due-preview").get_by_text(words(due)).first.wait_for()
    me.press("记录送达")
    me.sees(words(due), within=".zg-due")
    me.page.locator("main summary").get_by_text("为什么是这一天").click()
    me.sees("春节", "1月26日", "2月8日")
    return due


def report(me: Person, order: str) -> None:
    me.go(order)
    me.follow("记录改正报告")
    me.type(
        completed_on=str(REPORTED), received_on=str(REPORTED), note="已弹窗征得同意，库表加密。"
    )
    me.attach("附件", "改正报告.png", "image/png", png(colour="blue"))
    me.press("记录改正报告")
    me.sees("待复查", "改正报告.png")


def look_again(me: Person, order: str) -> None:
    me.go(order)
    me.follow("登记复查")
    me.choose("officer_2", "黄莉")
    for section in me.page.locator("section.zg-finding").all():
        section.get_by_label("已改正", exact=True).check()
    me.press("登记复查")
    me.sees("待作出结论")


def judge(me: Person, order: str, due: date) -> None:
    me.go(order)
    me.follow("作出结论")
    me.press("作出结论")
    # Looked at the day after the term, and on time all the same: the enterprise had corrected.
    me.sees("按期改正", f"期限 {words(due)}；最后一项 {words(REPORTED)}完成")
    me.sees("南公（网安）责通字〔2025〕1号", "韦志远", "覃海波")


# --- Whoever holds the paper ----------------------------------------------------------------------


def verify(me: Person, pdf: bytes, sha256: str, number: str) -> None:
    with closing(pypdfium2.PdfDocument(pdf)) as paper:
        pictures = [page.render(scale=4).to_pil() for page in paper]
    (code,) = [code for picture in pictures for code in zxingcpp.read_barcodes(picture)]
    address = code.text
    assert address.startswith(f"{me.url}/v/")

    me.go(address)
    me.sees("这份文书由本机关签发", number, words(ISSUED), sha256, within="body")
    shown = me.page.content()
    for secret in ("邕江云仓", CODE, "韦志远", "同意", "加密"):
        assert secret not in shown
    me.attach("核对您手中的 PDF", "通知书.pdf", "application/pdf", pdf)
    me.press("核对文件")
    me.sees("与签发的原件一致")
    me.follow("再核对一份")
    me.attach("核对您手中的 PDF", "通知书.pdf", "application/pdf", pdf + b"\n%")
    me.press("核对文件")
    me.sees("与签发的原件不一致")


def speak_english(me: Person, order: str) -> None:
    me.go(order)
    me.press("English", within="header")
    me.sees("Inspections", within="nav")
    assert me.page.locator("html").get_attribute("lang") == "en"
    me.press("中文", within="header")


# --- On the phone ---------------------------------------------------------------------------------


def test_a_finding_is_logged_on_the_phone(office: Office, person: Any, clock: Any) -> None:
    clock(at(FOUND, 14))
    inspector = person("wei", PASSWORD, PHONE)
    for path in ("/", "/inspections/", "/orders/", "/enterprises/", "/notices/", "/law/"):
        inspector.go(path)
        inspector.fits()
    register_the_enterprise(inspector)
    inspector.fits()
    inspect(inspector)
    inspector.fits()
    log_findings(inspector)
    inspector.fits()
    sign(inspector)
    inspector.fits()
    draft(inspector)
    inspector.fits()
