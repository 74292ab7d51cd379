"""What a paper costs a warm worker: CPU time, size, memory. The renderer alone, in one process.

`rows` starts a fresh process, so that what other benches have left in memory does not count.
"""

import gc
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.template.loader import get_template

from bench import Row
from notices import kinds, marks, press
from notices.correction_order import CorrectionOrder, Finding, Term
from notices.papers import Paper

RENDERS, LONG = 20, 500
CSL = "《中华人民共和国网络安全法》"
FOUND = (
    ("存储个人信息未加密", "对存储的个人信息采取加密措施", "第二十一条第四项"),
    ("未经用户同意收集用户信息", "停止未经同意的收集，删除违规收集的信息", "第四十一条第一款"),
    ("未限制个人信息访问权限", "按岗位最小必要原则设定访问权限", "第二十一条第四项"),
    ("未定期开展漏洞扫描监测", "开展全面的漏洞扫描和隐患排查", "第二十五条"),
)


def words(findings: int, *, stub: bool = False) -> str:
    """A whole order as it would be frozen, without a database; with its stub it has a leaf more."""
    facts = CorrectionOrder(
        inspected_on=date(2025, 1, 6),
        officers=(("韦志强", "450137"), ("王㛃", "450268")),
        findings=tuple(
            Finding(what, "", measure if findings > 1 else "", (f"{CSL}{article}",))
            for what, measure, article in (FOUND[i % 4] for i in range(findings))
        ),
        basis=(f"{CSL}第五十九条第一款", "《中华人民共和国行政处罚法》第二十八条第一款"),
        term=Term.by_date(date(2025, 2, 12)),
        object_name="货运管理系统",
        interim_measures=("采取措施防止个人信息泄露",),
    )
    paper = Paper(
        kind=replace(kinds.get(kinds.CORRECTION_ORDER), has_stub=stub),
        title="责令限期改正通知书",
        number="南公（网安）责通字〔2025〕12号",
        organ="南宁市公安局",
        addressee="南宁某客货服务有限责任公司",
        issued_on="2025年1月8日",
        stamp="2025-01-08T09:00:00+08:00",
        demonstration=True,
        preview=False,
        qr=marks.qr("https://portal.example/v/Aq0dXk3n5mUu4m2C0nZx8w/"),
        drawn_seal=marks.seal("南宁市公安局"),
        has_seal_picture=False,
        reconsideration_body="南宁市人民政府",
        court="人民法院",
        copies="两",
    )
    template = get_template("rectification/notices/correction_order.html")
    remedies = (
        "如不服本决定，可以自收到本通知书之日起六十日内向南宁市人民政府申请行政复议，"
        "或者自收到本通知书之日起六个月内依法向人民法院提起行政诉讼。"
    )
    return template.render({**facts.context(), "paper": paper, "blocks": {"remedies": remedies}})


def memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure() -> dict[str, float]:
    """Median CPU milliseconds of warm prints with their reading back, KB, pages, resident MB."""
    began = time.process_time()
    pdf = press.load()
    found: dict[str, float] = {"cold_ms": (time.process_time() - began) * 1000}
    for name, findings, stub in (("one", 1, False), ("stub", 1, True), ("several", 20, False)):
        html = words(findings, stub=stub)
        times, read = [], []
        for i in range(RENDERS):
            fresh = html.replace("〕12号", f"〕{i + 100}号")
            start = time.process_time()
            printed = pdf.printer().print(fresh)
            times.append(time.process_time() - start)
            start = time.process_time()
            lost = pdf.lost_words(fresh, printed.data)
            read.append(time.process_time() - start)
            if lost:
                raise RuntimeError(f"lost words: {lost}")
        found[f"{name}_ms"] = statistics.median(times) * 1000
        found[f"{name}_read_ms"] = statistics.median(read) * 1000
        found[f"{name}_kb"] = len(printed.data) / 1024
        found[f"{name}_pages"] = printed.pages
    html = words(1)
    for _ in range(LONG):
        pdf.printer().print(html)
    gc.collect()
    found["rss_mb"] = memory_mb()
    return found


def rows() -> list[Row]:
    code = "import json, django; django.setup(); from bench import papers; " + (
        "print(json.dumps(papers.measure()))"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return [
        Row("one page, PDF/A-3b with seal and QR, warm, CPU", found["one_ms"], "ms", 120),
        Row("its words read back", found["one_read_ms"], "ms"),
        Row("its size", found["one_kb"], "KB", 100),
        Row("its pages", found["one_pages"], "", 1),
        Row(
            f"{found['several_pages']:.0f} pages with a table, CPU", found["several_ms"], "ms", 200
        ),
        Row("their words read back", found["several_read_ms"], "ms"),
        Row("their size", found["several_kb"], "KB", 180),
        Row("the one page with its stub behind it, CPU", found["stub_ms"], "ms"),
        Row("its size", found["stub_kb"], "KB"),
        Row("from nothing to a warm printer, CPU", found["cold_ms"], "ms"),
        Row(f"memory after {LONG} prints", found["rss_mb"], "MB", 220),
    ]
