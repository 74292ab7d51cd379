"""Papers through the real queue, beside a bare loop of the renderer: `./run bench pipeline`.

One-page papers are issued through the verb and printed by a real worker with two processes: broker,
ledger, print, reading back, sealing, file, database. Then two processes print the same words with
WeasyPrint alone, as PDF/A-3b, with one set of fonts and one style sheet. Both are counted in
processor time, since the clock of a busy machine says little; the clock is given beside it.

The unit signs nothing here; `papers` says what a signature adds.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib import import_module
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.models import User
from bench import Row
from bench.faults import issuer
from jobs.models import Job
from notices import kinds, papers, press
from notices.extension_decision import DecidedItem, ExtensionDecision
from notices.models import Notice
from tests.notices.worker import Worker, wait_for

PAPERS, WARM, PATIENCE = 400, 40, 600
PROCESSES = 2
CSS_FILE = Path(press.__file__).parent / "paper.css"
_TICKS = os.sysconf("SC_CLK_TCK")


def issue(count: int) -> None:
    """That many one-page papers, each with a job in the ledger and a ring in the broker."""
    by, unit = issuer()
    for no in range(1, count + 1):
        facts = ExtensionDecision(
            granted=True,
            order_number=f"演练（网安）责通字〔2025〕{no}号",
            ordered_on=date(2025, 1, 8),
            items=(DecidedItem(1, "存储个人信息未加密"),),
            whole=False,
            old_due_on=date(2025, 2, 12),
            new_due_on=date(2025, 3, 12),
            derivation="2月12日（周三）原期限届满，次日起算20个工作日，至2025年3月12日（周三）",
            asked_on=date(2025, 2, 10),
            requested_until=date(2025, 3, 12),
            reason="历史数据加密改造须停机两次，供应商的加密组件于2月下旬到货",
            basis=("《中华人民共和国行政处罚法》第二十八条第一款",),
            officers=(("演练员", "000001"), ("演练员乙", "000002")),
            contact=("演练员", "0771-0000000"),
        )
        papers.issue_notice(
            kinds.EXTENSION_DECISION,
            unit=unit,
            addressee="演练企业",
            context=facts.context(),
            snapshot={"no": no},
            subject=by,
            by=by,
            at=timezone.now(),
            demonstration=True,
        )


def bare(count: int) -> float:
    """Processor seconds for one paper when WeasyPrint prints the newest words and does no more."""
    press.parts()  # tells fontconfig where the faces are, and no more
    weasyprint = import_module("weasyprint")
    fonts = import_module("weasyprint.text.fonts").FontConfiguration()
    sheet = weasyprint.CSS(filename=str(CSS_FILE), font_config=fonts)
    how = {"pdf_variant": "pdf/a-3b", "pdf_tags": True, "font_config": fonts}
    words = _newest(count)
    for no, each in enumerate(words):
        if no == WARM:
            began = time.process_time()
        weasyprint.HTML(string=each).write_pdf(stylesheets=[sheet], **how)
    return (time.process_time() - began) / (len(words) - WARM)


def _newest(count: int) -> list[str]:
    found = Notice.objects.filter(kind=kinds.EXTENSION_DECISION, **_ours())
    return list(found.order_by("-issued_at").values_list("words", flat=True)[:count])


def _ours() -> dict[str, object]:
    return {"subject_type": ContentType.objects.get_for_model(User)}


def _run(code: str, env: dict[str, str] | None = None) -> "subprocess.Popen[str]":
    start = f"import django; django.setup(); from bench import pipeline; {code}"
    return subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-W", "ignore", "-c", start],
        env=env or dict(os.environ),
        stdout=subprocess.PIPE,
        text=True,
    )


def _family(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text(encoding="ascii").split():
            found += _family(int(child))
    return found


def _cpu(pids: list[int]) -> float:
    """Seconds of processor time of these processes."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def _resident_mb(pids: list[int]) -> float:
    page = os.sysconf("SC_PAGE_SIZE") / 2**20
    sizes = (Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1] for pid in pids)
    return max(int(size) * page for size in sizes)


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(Path(folder), lease=120, processes=PROCESSES)
        before = Job.objects.filter(state="done").count()
        began = time.monotonic()
        issuing = _run(f"pipeline.issue({PAPERS})", worker.env)
        if issuing.wait():
            raise RuntimeError("the papers could not be issued")
        issued = (time.monotonic() - began) / PAPERS

        def done() -> int:
            return Job.objects.filter(state="done").count() - before

        try:
            worker.start()
            wait_for(lambda: done() >= WARM, PATIENCE, every=0.05)
            family = _family(worker.process.pid if worker.process else 0)
            first, cpu, clock = done(), _cpu(family), time.monotonic()
            wait_for(lambda: done() >= PAPERS, PATIENCE, every=0.05)
            printed = done() - first
            cpu, clock = _cpu(family) - cpu, time.monotonic() - clock
            resident = _resident_mb(family)
        finally:
            worker.kill()
        if done() < PAPERS:
            raise RuntimeError(worker.said()[-2000:])
    loops = [_run(f"print(pipeline.bare({PAPERS}))") for _ in range(PROCESSES)]
    alone = sum(float(loop.communicate()[0].split()[-1]) for loop in loops) / PROCESSES
    each = cpu / printed
    return [
        Row("to issue one paper, by the clock", issued * 1000, "ms"),
        Row("bare loop, one page, CPU", alone * 1000, "ms"),
        Row("through the queue, one page, CPU of all processes", each * 1000, "ms"),
        Row("what the pipeline adds", (each / alone - 1) * 100, "%", 25),
        Row("minutes' papers short of 900, by CPU", max(0, 900 - 60 * PROCESSES / each), "", 0),
        Row("papers a minute with two processes, by CPU", 60 * PROCESSES / each, ""),
        Row("papers a minute with two processes, by the clock", printed / clock * 60, ""),
        Row("load of the machine meanwhile", os.getloadavg()[0], ""),
        Row("largest process of the worker", resident, "MB", 220),
    ]
