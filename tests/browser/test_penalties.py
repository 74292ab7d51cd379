"""Three penalty cases as the people of the procedure carry them at their browsers: the ordinary
route with a hearing from filing to closing, a warning on the spot on a phone, and no penalty.

The days lie around Spring Festival of 2025, so the periods in working days that the pages tell
(hearing within five, notice seven ahead) are met only by who counts the holidays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from penalties import cases
from penalties.casefile import File
from tests.browser.person import PHONE, Person
from tests.factories import penalties as made
from tests.factories.accounts import PASSWORD
from tests.factories.rectification import Desk, at
from tests.notices.worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOUND, FILED, TOLD, ASKED, ACCEPTED = (
    date(2025, 1, 6),
    date(2025, 1, 10),
    date(2025, 1, 20),
    date(2025, 1, 26),
    date(2025, 1, 27),
)
HEARD, DECIDED, SERVED, PAID = (
    date(2025, 2, 12),
    date(2025, 2, 17),
    date(2025, 2, 19),
    date(2025, 2, 26),
)
CAUSE = "不履行网络安全保护义务"


PARTY = "南宁某客货服务有限责任公司"
FINE = 50_000
NUMBER = "南公（网安）行罚决字〔2025〕1号"


@dataclass
class Office:
    """Who takes part, by the name that each logs in with."""

    desk: Desk
    reviewer: str

    @property
    def inspector(self) -> str:
        return self.desk.inspector.username

    @property
    def supervisor(self) -> str:
        return self.desk.supervisor.username


@pytest.fixture
def office(db: Any) -> Office:
    desk = Desk()
    return Office(desk, made.reviewer(desk).username)


@pytest.fixture
def worker(office: Office, tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(tmp_path / "var", lease=60, processes=1)
    yield worker
    worker.kill()


def words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def tab(me: Person, case: str, code: str) -> None:
    me.go(f"{case}?tab={code}")


# --- The ordinary route ---------------------------------------------------------------------------


@pytest.mark.worker
def test_the_ordinary_route_with_a_hearing(
    office: Office, worker: Worker, person: Any, clock: Any
) -> None:
    visit = office.desk.visit(1)
    clock(at(FILED, 10))
    inspector = person(office.inspector, PASSWORD)
    case = open_case(inspector, f"/cases/open/?inspection={visit.pk}")
    supervisor = person(office.supervisor, PASSWORD)
    approve_filing(supervisor, case)

    clock(at(FILED, 15))
    inspector.log_in(office.inspector, PASSWORD)
    question(inspector, case)
    verify_evidence(inspector)
    report(inspector, "给予行政处罚")
    propose(inspector, case)

    clock(at(TOLD, 10))
    inspector.log_in(office.inspector, PASSWORD)
    tell(inspector, case)
    clock(at(ASKED, 11))
    inspector.log_in(office.inspector, PASSWORD)
    ask_for_a_hearing(inspector, case)

    clock(at(ACCEPTED, 9))
    reviewer = person(office.reviewer, PASSWORD)
    accept_and_notify(reviewer, case)
    inspector.log_in(office.inspector, PASSWORD)
    serve(inspector, case, "hearing", "去送达", ACCEPTED)
    clock(at(HEARD, 16))
    reviewer.log_in(office.reviewer, PASSWORD)
    hear(reviewer, case)
    clock(at(DECIDED, 9))
    reviewer.log_in(office.reviewer, PASSWORD)
    review(reviewer, case)

    supervisor.log_in(office.supervisor, PASSWORD)
    approve(supervisor, case)
    decide(supervisor, case)
    fetch_paper(supervisor, case, worker)

    clock(at(SERVED, 11))
    inspector.log_in(office.inspector, PASSWORD)
    serve(inspector, case, "decision", "记录送达", SERVED)
    clock(at(PAID, 10))
    inspector.log_in(office.inspector, PASSWORD)
    pay(inspector, case)
    ask_to_close(inspector, case, "作出行政处罚等处理决定且已执行")
    supervisor.log_in(office.supervisor, PASSWORD)
    close(supervisor, case)


def open_case(me: Person, address: str) -> str:
    me.go(address)
    me.press("提请立案")
    assert set(me.told()) == {"#id_cause"}
    me.type(cause=CAUSE)
    me.press("提请立案")
    me.sees("已提请立案，等待审批", "待审批")
    me.fits()
    return me.page.url.split("?")[0]


def approve_filing(me: Person, case: str) -> None:
    me.go(case)
    me.follow("批准立案")
    me.press("批准立案")
    me.sees(f"已立案，应在{words(FILED + timedelta(90))}", "已立案")


def question(me: Person, case: str) -> None:
    tab(me, case, "inquiry")
    me.follow("登记询问笔录")
    day = f"{FILED}T"
    me.type(person="覃某某", standing="法定代表人", place="南宁市公安局", begun_at=f"{day}10:00")
    me.type(ended_at=f"{day}11:00")
    me.choose("respondent", PARTY)
    me.tick("询问前已出示执法证件，告知权利义务")
    me.field("answers-q").first.fill("会员信息怎样存放？")
    me.field("answers-a").first.fill("没有加密，直接存放在数据库里。")
    me.press("登记询问笔录")
    assert set(me.told()) == {"#id_signature_0"}, me.told()
    assert me.field("answers-a").first.input_value().startswith("没有加密")
    me.tick("已签名")
    me.press("登记询问笔录")
    me.sees("覃某某", "法定代表人")


def verify_evidence(me: Person) -> None:
    me.follow("登记证据")
    me.type(title="会员库截图", proves="姓名和住址以明文存放", source="从服务器提取")
    me.type(collected_on=str(FOUND))
    me.choose("kind", "电子数据")
    me.press("登记证据")
    me.sees("会员库截图", "待查证")
    me.follow("查证属实")
    me.tick("1. 覃某某的询问笔录")
    me.tick("2. 会员库截图")
    me.press("查证属实")
    me.sees("已查证2件")
    me.fits()


def report(me: Person, proposal: str, ground: str = "") -> None:
    me.follow("提交调查终结报告")
    me.type(facts="该公司以明文存储会员信息。", reasons="违法事实清楚，证据确凿。")
    me.tick(proposal)
    if ground:
        me.choose("ground", ground)
    me.press("提交调查终结报告")
    me.sees("以此为准", "该公司以明文存储会员信息。")


def propose(me: Person, case: str) -> None:
    """The range appears as soon as the rung is chosen; a fen above it is refused."""
    tab(me, case, "proposal")
    for measure in ("警告", "罚款"):
        me.follow("拟处罚一项")
        me.choose("tier", "《网络安全法》（2016）第五十九条第一款 · 加重")
        me.page.locator("#range").get_by_text("10,000 至 100,000 元").wait_for()
        me.choose("measure", measure)
        me.tick("认定符合该档次的适用情形")
        me.type(condition_reason="会员信息已经外泄，有询问笔录和截图。")
        if measure == "罚款":
            me.type(amount="100000.01")
            beside(me, "填写的金额在法定幅度之外")
            me.press("拟处罚一项")
            assert set(me.told()) == {"#id_amount"}, me.told()
            me.type(amount=f"{FINE}")
            beside(me, "填写的金额在法定幅度之内")
        else:
            beside(me, "10,000 至 100,000 元")
        me.press("拟处罚一项")
    me.sees("50,000.00元", "当事人有权要求听证")
    me.fits()


def beside(me: Person, word: str) -> None:
    """The range as the form stands now; a form sent before the answer came would cut it off."""
    me.page.evaluate("document.activeElement.blur()")
    me.page.locator("#range").get_by_text(word).wait_for()
    me.page.wait_for_timeout(300)  # the form is asked 150 ms after it changed
    me.page.wait_for_load_state("networkidle")


def tell(me: Person, case: str) -> None:
    tab(me, case, "telling")
    me.follow(f"处罚前告知 {PARTY}")
    me.type(informed="覃某某（法定代表人）")
    me.press("处罚前告知")
    me.sees(f"要求听证到{words(ASKED)}", "第 1 次告知")


def ask_for_a_hearing(me: Person, case: str) -> None:
    """The fifth working day is in time: 26 January, a Sunday, is worked for the festival."""
    tab(me, case, "telling")
    me.follow(f"登记听证要求 {PARTY}")
    me.press("登记听证要求")
    me.sees("听证要求已登记")
    me.fits()


def accept_and_notify(me: Person, case: str) -> None:
    tab(me, case, "hearing")
    me.follow("决定是否受理听证")
    me.tick("受理")
    me.press("决定是否受理听证")
    me.sees("已决定受理")
    me.follow("指定听证人员")
    me.type(recorder="书记员甲")
    me.press("指定听证人员")
    me.follow("签发举行听证通知书")
    me.type(planned_at=f"{HEARD - timedelta(1)}T09:30", place="南宁市公安局一楼会议室")
    me.press("签发举行听证通知书")
    assert "#id_planned_at" in me.told(), me.told()
    me.type(planned_at=f"{HEARD}T09:30")
    me.press("签发举行听证通知书")
    me.sees("举行听证通知书已签发")


def hear(me: Person, case: str) -> None:
    tab(me, case, "hearing")
    me.follow("登记听证笔录")
    me.type(begun_at=f"{HEARD}T09:30", ended_at=f"{HEARD}T11:00")
    me.type(attendees="当事人代表覃某某，办案民警韦志远、黄莉")
    me.type(record="主持人核对到场人员，双方陈述、质证、辩论。")
    me.tick("已核对签名")
    me.press("登记听证笔录")
    me.follow("提交听证报告")
    me.type(report="当事人认为罚款过重，没有提出新的证据。", opinion="建议维持拟作出的处罚。")
    me.press("提交听证报告")
    me.sees("建议维持拟作出的处罚")
    me.fits()


def review(me: Person, case: str) -> None:
    tab(me, case, "decision")
    me.follow("法制审核")
    me.tick("同意")
    me.type(text="事实清楚，证据确凿，程序合法。")
    me.press("法制审核")
    me.sees("审核意见已登记")


def approve(me: Person, case: str) -> None:
    tab(me, case, "decision")
    me.follow("审批决定")
    me.tick("同意")
    me.type(opinion="同意。")
    me.press("审批决定")
    me.sees("审批意见已登记")


def decide(me: Person, case: str) -> None:
    """What the paper must say is asked for by the gate; what was typed stays."""
    me.follow("作出决定")
    me.press("作出决定")
    assert "#id_pay_to" in me.told(), me.told()
    me.type(pay_to="中国农业银行南宁分行，账号20-000001")
    me.type(correction="在2025年3月14日前对存储的会员信息采取加密措施")
    me.press("作出决定")
    me.sees("已作出决定：" + NUMBER)


def fetch_paper(me: Person, case: str, worker: Worker) -> None:
    """Printed by a worker of its own while the page waits for it."""
    tab(me, case, "papers")
    worker.start()
    paper = me.page.locator("main").get_by_role("listitem").filter(has_text=NUMBER)
    paper.get_by_role("link", name="下载 PDF").wait_for(timeout=60_000)
    with me.page.expect_download() as waiting:
        paper.get_by_role("link", name="下载 PDF").click()
    with closing(pypdfium2.PdfDocument(Path(waiting.value.path()))) as pdf:
        said = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    said = re.sub(r"\s+", "", said)
    for each in (NUMBER, PARTY, "罚款", "50000元", "第五十九条第一款", words(DECIDED)):
        assert each in said, f"{each!r} is not printed:\n{said}"


def serve(me: Person, case: str, code: str, word: str, day: date) -> None:
    tab(me, case, code)
    me.follow(word)
    me.type(place="江南区星光大道1号", recipient="覃某某", attempted_on=str(day))
    me.choose("relation", "法定代表人")
    me.choose("server_2", "黄莉")
    me.press("记录送达")


def pay(me: Person, case: str) -> None:
    """Fifteen days after service; more than is owed is refused unless it is said to be so."""
    tab(me, case, "money")
    me.sees(f"合计应缴{FINE:,}元", f"缴纳期限{words(SERVED + timedelta(15))}")
    me.follow("登记缴款")
    me.type(amount="５００００．０１", receipt_number="桂财20250226001")
    me.press("登记缴款")
    assert set(me.told()) == {"#id_amount"}, me.told()
    assert me.field("amount").input_value() == "５００００．０１"
    me.type(amount="５００００元")
    me.press("登记缴款")
    me.sees("桂财20250226001", "已缴清")
    me.fits()


def ask_to_close(me: Person, case: str, ground: str) -> None:
    tab(me, case, "closing")
    me.follow("申请结案")
    me.tick(ground)
    me.type(note="决定已经送达并执行完毕。")
    me.press("申请结案")
    me.sees(ground)


def close(me: Person, case: str) -> None:
    tab(me, case, "closing")
    me.follow("批准结案")
    me.press("批准结案")
    me.sees("已结案")
    me.fits()


# --- On the spot, on a phone ----------------------------------------------------------------------


def test_a_warning_on_the_spot_on_a_phone(office: Office, person: Any, clock: Any) -> None:
    visit = office.desk.visit(1)
    clock(at(FOUND, 15))
    me = person(office.inspector, PASSWORD, PHONE)
    me.go(visit.get_absolute_url())
    me.follow("当场处罚")
    me.fits()
    me.choose("tier", "《网络安全法》（2016）第五十九条第一款 · ")
    me.type(cause=CAUSE)
    me.tick("警告")
    me.press("决定并当场送达")
    assert len(me.told()) > 3, me.told()
    assert me.field("cause").input_value() == CAUSE
    assert me.page.evaluate("document.activeElement.classList.contains('zg-errors')")
    me.fits()
    for said in (
        "违法事实确凿并有法定依据",
        "已出示执法证件",
        "已口头告知拟处罚的内容、事实、理由、依据和陈述申辩的权利",
    ):
        me.tick(said)
    me.type(defence="无", correction="对存储的会员信息采取加密措施", recipient="李某某")
    me.choose("relation", "法定代表人")
    me.press("决定并当场送达")
    me.sees("已当场处罚并送达", "请在 24 小时内备案")
    me.fits()
    me.follow("当场处罚备案", within="#file")
    me.type(filed_at=f"{FOUND}T16:00")
    clock(at(FOUND, 16, 10))
    me.press("当场处罚备案")
    me.sees("已备案")
    me.fits()


# --- No penalty -----------------------------------------------------------------------------------


def test_no_penalty(office: Office, person: Any, clock: Any) -> None:
    """First, minor and corrected in time: the paper needs proof and education, and no notice."""
    desk = office.desk
    row = made.case_alone(desk)
    by = {"by": desk.inspector, "at": at(FILED, 16)}
    cases.add_exhibit(
        row,
        kind="scene",
        title="复查照片",
        proves="检查次日已经加密",
        source="检查",
        collected_on=FOUND,
        officers=desk.pair,
        **by,
    )
    cases.verify_exhibits(row, exhibits=File(row).exhibits, **by)
    case = row.get_absolute_url()

    clock(at(FILED, 17))
    inspector = person(office.inspector, PASSWORD)
    tab(inspector, case, "inquiry")
    report(inspector, "不予行政处罚", "初次违法且危害后果轻微并及时改正")
    supervisor = person(office.supervisor, PASSWORD)
    approve(supervisor, case)
    supervisor.follow("作出决定")
    supervisor.press("作出决定")
    assert {"#id_ground_proof", "#id_education"} <= set(supervisor.told()), supervisor.told()
    supervisor.type(ground_proof="复查照片证明检查次日已经加密。")
    supervisor.type(education="已向负责人讲明法律规定和危害。", correction="保持已经采取的加密措施")
    supervisor.press("作出决定")
    supervisor.sees("已作出决定", "不予行政处罚")

    clock(at(TOLD, 10))
    inspector.log_in(office.inspector, PASSWORD)
    serve(inspector, case, "decision", "记录送达", TOLD)
    ask_to_close(inspector, case, "作出不予行政处罚决定")
    supervisor.log_in(office.supervisor, PASSWORD)
    close(supervisor, case)
