"""The six published cases, each with a course of its own.

What was published stands in data/cases.json and is not changed here. Days, persons and outcomes
are chosen, lie before the day of publication as far as the publication speaks of them, and are
marked so in the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from demo import casework
from demo.casework import LATER
from demo.ground import Ground, read
from demo.story import MARK, Found, Story
from demo.told import Telling

CAUSE = "不履行网络安全保护义务"
#: Why this rung and this kind of penalty; it stands in the record of each of the six.
WARNING_CHOSEN = (
    "演示设定：公开通报只写明“处以行政处罚”，未载明处罚种类、文号和日期。这里按所引条款的第一档"
    "选择警告。"
)
CASE_MARK = "演示设定：立案、调查、告知、决定、送达、结案的日期和内容均为演示选定，公开通报未载明。"
PII = {"姓名": "name", "身份证号码": "identity", "电话": "phone", "家庭住址": "address"}


def stories(ground: Ground) -> list[tuple[Story, Callable[[], Telling]]]:
    """(story, how to tell it) of all six."""
    published = {case["id"]: case for case in read("cases.json")["cases"]}
    tellers = {
        "S2-1": _on_the_spot,
        "S1-4": _not_met,
        "S1-3": _met_late,
        "S1-1": _met_on_time,
        "S1-2": _met_early,
        "S1-5": _extended,
    }
    found = []
    for key, tell in tellers.items():
        case = published[key]
        unit = "东兰县公安局" if key == "S2-1" else "南宁市公安局"
        story = Story(ground, key, ground.team(unit))
        found.append((story, _bound(tell, story, case)))
    return found


def _bound(
    tell: Callable[[Story, dict[str, Any]], Telling], story: Story, case: dict[str, Any]
) -> Callable[[], Telling]:
    return lambda: tell(story, case)


def _findings(case: dict[str, Any]) -> list[Found]:
    """As published: the words of the publication, and its articles for every finding."""
    duty, penalty = case["cited"][:1], case["cited"][1:]
    return [
        Found(code, case["phrases"][code], duty, penalty, published=True) for code in case["found"]
    ]


def _summary(case: dict[str, Any]) -> str:
    return "公开通报：" + "".join(case["quote"]) + "\n" + MARK


def _visit(story: Story, case: dict[str, Any], day: date, **heads: Any) -> None:
    heads = {"trigger_text": case["trigger"], "summary": _summary(case), "kind": "routine"} | heads
    story.visit(day, heads.pop("findings", None) or _findings(case), pictures=2, **heads)


def _open(story: Story, day: date, *, reason: str = "") -> Iterator[date]:
    yield day
    story.casework.open(day, story.visited, CAUSE, order=story.order, origin_note=reason)
    story.casework.approve_filing(day, note=CASE_MARK)


def _inquire(story: Story, day: date, said: str = "属实，正在改正。", facts: str = "") -> None:
    """Asked, proven, reported and proposed on one day."""
    work = story.casework
    work.ask(day, said)
    work.prove(day)
    work.report(day, facts, reasons=f"{casework.CERTAIN}。{CASE_MARK}")
    work.propose(day, casework.rung("CSL@2016:59(1)"), why=WARNING_CHOSEN)


def _decide(story: Story, day: date, served: date) -> Iterator[date]:
    yield day
    story.casework.approve(day)
    decision = story.casework.issue(day)
    yield served
    story.casework.serve(served, decision)


def _close(story: Story, asked: date, closed: date, **more: str) -> Iterator[date]:
    yield closed
    story.casework.close(asked, closed, f"警告已经送达，执行完毕。{CASE_MARK}", **more)


def _met_on_time(story: Story, case: dict[str, Any]) -> Telling:
    """S1-1: reported on the last day, seen a week later, on time all the same."""
    yield date(2024, 12, 3)
    _visit(story, case, date(2024, 12, 3))
    story.send_out(_december(4, 5, 6, 9), working_days=15)
    yield from _open(story, date(2024, 12, 6))
    _inquire(story, date(2024, 12, 12))
    yield date(2024, 12, 16)
    story.casework.tell(date(2024, 12, 16))
    story.report(date(2024, 12, 30), date(2024, 12, 30), "四项问题均已改正，附整改报告。")
    story.reinspect(date(2025, 1, 6), date(2024, 12, 30), note="现场核查，四项均已改正。")
    story.judge(date(2025, 1, 7))
    yield from _decide(story, date(2025, 1, 8), date(2025, 1, 9))
    yield from _close(story, date(2025, 1, 20), date(2025, 1, 21))


def _met_early(story: Story, case: dict[str, Any]) -> Telling:
    """S1-2: corrected, and seen to be so, before the day."""
    yield date(2024, 12, 5)
    _visit(story, case, date(2024, 12, 5))
    story.send_out(_december(6, 9, 10, 11), working_days=20)
    yield from _open(story, date(2024, 12, 10))
    _inquire(story, date(2024, 12, 16))
    yield date(2024, 12, 18)
    story.casework.tell(date(2024, 12, 18))
    story.report(date(2024, 12, 30), date(2024, 12, 27), "五项问题均已改正，附整改报告和扫描报告。")
    story.reinspect(date(2025, 1, 3), date(2024, 12, 27), note="现场核查，五项均已改正。")
    story.judge(date(2025, 1, 3))
    yield from _decide(story, date(2025, 1, 9), date(2025, 1, 10))
    yield from _close(story, date(2025, 1, 20), date(2025, 1, 21))


def _met_late(story: Story, case: dict[str, Any]) -> Telling:
    """S1-3: returned once as a draft, more time refused, two rounds, late. Nothing was said to the
    notice, so the time for a defence had to pass."""
    yield date(2024, 11, 20)
    _visit(story, case, date(2024, 11, 20))
    story.draft(date(2024, 11, 21), working_days=20)
    story.submit(date(2024, 11, 21))
    story.send_back(date(2024, 11, 22), "第 5 项的截图没有标明时间，补充后再报。")
    story.submit(date(2024, 11, 25))
    story.approve(date(2024, 11, 26))
    story.issue(date(2024, 11, 27))
    yield from _open(story, date(2024, 11, 27))
    story.serve(date(2024, 11, 28))
    story.prove(date(2024, 11, 28))
    _inquire(story, date(2024, 12, 4))
    yield date(2024, 12, 6)
    story.casework.tell(date(2024, 12, 6), defence=LATER)
    story.ask_for_more(date(2024, 12, 23), date(2025, 1, 24), "系统供应商年底排期紧，申请延期。")
    story.decide_more(date(2024, 12, 25), granted=False, note="未说明已经采取的措施。")
    story.report(date(2025, 1, 7), date(2025, 1, 6), "五项问题均已改正。")
    yield from _decide(story, date(2025, 1, 9), date(2025, 1, 10))
    story.reinspect(
        date(2025, 1, 10), date(2025, 1, 6), unmet=(5,), note="第 5 项仍未部署防护措施。"
    )
    story.tell_opinion(date(2025, 1, 10))
    story.report(date(2025, 1, 17), date(2025, 1, 16), "已部署入侵防范设备。", (5,))
    story.reinspect(date(2025, 1, 22), date(2025, 1, 16), only=(5,), note="第 5 项已改正。")
    story.judge(date(2025, 1, 22))
    yield from _close(story, date(2025, 1, 23), date(2025, 1, 24))


def _not_met(story: Story, case: dict[str, Any]) -> Telling:
    """S1-4: a named day, no report, nothing corrected; the case takes the order over. Refusal was
    suspected and not proven, so that the first rung stays (网络安全法 59(1))."""
    yield date(2024, 11, 12)
    _visit(story, case, date(2024, 11, 12))
    story.send_out(
        (date(2024, 11, 13), date(2024, 11, 15), date(2024, 11, 18), date(2024, 11, 20)),
        until=date(2024, 12, 20),
    )
    story.prove(date(2024, 11, 20))
    yield date(2024, 12, 24)
    story.reinspect(
        date(2024, 12, 24), None, unmet=(1, 2, 3, 4, 5, 6), note="企业未报告改正，六项均未改正。"
    )
    story.tell_opinion(date(2024, 12, 24))
    story.judge(date(2024, 12, 25))
    yield from _open(
        story, date(2024, 12, 26), reason="期限届满六项均未改正，且未说明理由，涉嫌拒不改正。"
    )
    said = "属实。经办人离职，没有交接，已于1月2日委托供应商改造，1月3日改正了六项。"
    _inquire(
        story,
        date(2025, 1, 6),
        said,
        "；".join(row.seen.rstrip("。") for row in story.visited.findings.order_by("ordinal"))
        + "；期限届满未改正，系经办人离职、没有交接所致，立案后已经改正，不认定拒不改正",
    )
    yield date(2025, 1, 7)
    story.casework.tell(date(2025, 1, 7))
    yield from _decide(story, date(2025, 1, 10), date(2025, 1, 13))
    yield from _close(story, date(2025, 1, 20), date(2025, 1, 22))


def _extended(story: Story, case: dict[str, Any]) -> Telling:
    """S1-5: more time granted for two of four, then on time; seen again on a Saturday that is a
    working day."""
    yield date(2024, 12, 10)
    _visit(story, case, date(2024, 12, 10))
    story.send_out(_december(11, 12, 13, 16), working_days=15)
    yield from _open(story, date(2024, 12, 13))
    _inquire(story, date(2024, 12, 20))
    yield date(2024, 12, 24)
    story.casework.tell(date(2024, 12, 24))
    story.report(
        date(2024, 12, 31), date(2024, 12, 30), "应急预案和数据安全管理制度已制定。", (3, 4)
    )
    story.ask_for_more(
        date(2025, 1, 3), date(2025, 1, 24), "信息登记系统须由总部统一改造，已提交改造计划。"
    )
    story.decide_more(date(2025, 1, 6), granted=True, note="已完成两项，其余两项有改造计划。")
    yield from _decide(story, date(2025, 1, 10), date(2025, 1, 13))
    story.report(date(2025, 1, 24), date(2025, 1, 23), "系统改造完成，其余两项已改正。", (1, 2))
    story.reinspect(
        date(2025, 2, 8),
        date(2025, 1, 23),
        earlier={3: date(2024, 12, 30), 4: date(2024, 12, 30)},
        note="现场核查，四项均已改正。",
    )
    story.judge(date(2025, 2, 10))
    yield from _close(story, date(2025, 2, 11), date(2025, 2, 12))


def _on_the_spot(story: Story, case: dict[str, Any]) -> Telling:
    """S2-1: found, ordered, put right and decided on 8 July 2024, as published. Four findings with
    an order are no matter for the penalty on the spot: the ordinary course in one day, with the
    party's rights waived on the record."""
    day, work = date.fromisoformat(case["decided"]), story.casework
    kinds = [PII[word] for word in case["data_categories"]]
    findings = [
        Found(
            code,
            case["phrases"][code],
            case["cited"][:1],
            published=True,
            pii_kinds=kinds,
            records_affected=case["records_affected"] if number == 1 else None,
            records_text=case["records_affected_text"] if number == 1 else "",
        )
        for number, code in enumerate(case["found"], start=1)
    ]
    yield day
    _visit(story, case, day, findings=findings, kind="complaint", hours=("09:00", "10:20"))
    story.draft(day, clock="10:30")
    story.submit(day, "10:35")
    story.approve(day, "10:50")
    story.issue(day, "11:00")
    work.open(day, story.visited, "不履行个人信息保护义务", order=story.order, clock="11:10")
    work.approve_filing(day, "11:20", note=CASE_MARK)
    story.serve(day, clock="11:30")
    work.ask(day, "属实，当场改正。", hours=("13:00", "13:40"))
    work.prove(day, "13:50")
    work.report(day, reasons=f"{casework.CERTAIN}。{CASE_MARK}", clock="14:00")
    work.propose(day, casework.rung("PIPL@2021:66(1)"), why=WARNING_CHOSEN, clock="14:10")
    story.correct_on_the_spot(day, case["outcome"] + "。")
    work.tell(day, clock="15:30")
    story.judge(day, "16:30")
    work.approve(day, "16:45")
    decision = work.issue(day, clock="17:00")
    work.serve(day, decision, "17:20")
    yield from _close(story, date(2024, 7, 15), date(2024, 7, 16))


def _december(drafted: int, approved: int, issued: int, served: int) -> Any:
    return tuple(date(2024, 12, day) for day in (drafted, approved, issued, served))
