"""A thousand papers, fifty dead workers, two restarts of the database: `./run bench faults`.

Issues the papers through the verb on the bench's own database, starts a real worker, sends
SIGKILL to all its processes at random moments, empties the broker's folder half of the times,
and starts it again. Twice the database server is restarted while the worker prints: once in good
order, once as if its machine had lost power. In the end every paper has its one PDF with its own
number in it, and the numbers have no gap.
"""

import hashlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import pypdf
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Region, Unit, User
from bench import Row
from jobs.models import Job
from launch.postgres import Cluster, process_name
from notices import kinds, papers, reading
from notices.correction_order import CorrectionOrder, Finding, Term
from notices.models import Notice
from tests.notices.worker import Worker, wait_for
from vault import files
from vault.models import StoredFile

PAPERS, KILLS, LEASE, PATIENCE = 1000, 50, 4, 1200
RESTARTS = (signal.SIGINT, signal.SIGQUIT)  # fast, and as after a loss of power
CLUSTER = "postgres-bench"  # of `./run bench`; a server that is not ours is left alone
BEAT = 10  # seconds that a rung job may stay unheard here; two minutes usually
SEED = 20250108
LAW = "《中华人民共和国网络安全法》"


def issuer() -> tuple[User, Unit]:
    """The officer and a made-up unit; the same at each run."""
    region, _ = Region.objects.get_or_create(code="450100", defaults={"name": "南宁市"})
    unit = Unit.objects.filter(name="故障演练单位").first() or Unit.objects.create(
        name="故障演练单位",
        short_name="故障演练",
        abbreviation="演练",
        level=Unit.Level.CITY,
        region=region,
        reconsideration_body="演练市人民政府",
        is_demonstration=True,
    )
    user, _ = User.objects.get_or_create(
        username="fault-run", defaults={"name": "演练员", "unit": unit, "is_active": False}
    )
    return user, unit


def issue(by: User, unit: Unit, no: int) -> Notice:
    now = timezone.now()
    facts = CorrectionOrder(
        inspected_on=timezone.localdate(),
        officers=(("演练员", "000001"), ("演练员乙", "000002")),
        findings=(
            Finding("存储个人信息未加密", articles=("《中华人民共和国网络安全法》第二十三条",)),
        ),
        basis=("《中华人民共和国网络安全法》第六十一条第一款",),
        term=Term.within(15),
        object_name=f"第{no}个系统",
    )
    return papers.issue_notice(
        kinds.CORRECTION_ORDER,
        unit=unit,
        addressee="演练企业",
        context=facts.context(),
        snapshot={"no": no},
        subject=by,
        by=by,
        at=now,
        demonstration=True,
    )


def at_work(worker: Worker) -> None:
    """Start the worker and wait until it prints. What a dead one left behind still counts as
    running until its lease ends, so the beginning is asked for."""
    since = timezone.now()
    worker.start()
    wait_for(lambda: Job.objects.filter(state="running", started_at__gte=since).exists(), 60)


def rows() -> list[Row]:
    chance = random.Random(SEED)  # noqa: S311 - moments, not secrets
    by, unit = issuer()
    issued = [issue(by, unit, no).pk for no in range(1, PAPERS + 1)]
    jobs = Job.objects.filter(kind="print_notice", key__in=[str(pk) for pk in issued])
    began = time.monotonic()
    kills = interrupted = restarts = 0
    due = {KILLS * (no + 1) // (len(RESTARTS) + 1): how for no, how in enumerate(RESTARTS)}
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(Path(folder), lease=LEASE)
        try:
            while kills < KILLS:
                at_work(worker)
                time.sleep(chance.uniform(0, 0.6))
                worker.kill()
                kills += 1
                if kills in due:
                    at_work(worker)
                    restarts += restart(due[kills], Path(folder) / "postgres.log")
                    worker.kill()
                interrupted += jobs.filter(state="running", lease_until__gt=timezone.now()).count()
                if chance.random() < 0.5:
                    shutil.rmtree(worker.var / "broker")
                    (worker.var / "broker").mkdir()
            time.sleep(LEASE)
            worker.start()
            wait_for(lambda: _all_done(jobs, worker), PATIENCE)
        finally:
            worker.kill()
    seconds = time.monotonic() - began
    return _verdict(issued, kills, interrupted, restarts, seconds)


def _all_done(jobs: QuerySet[Job], worker: Worker) -> bool:
    """Whether nothing is owed any more; until then, what beat does every minute: ring again for
    what the emptied folder lost. In a process of its own, since the folder is the worker's."""
    code = (
        "import django; django.setup(); from datetime import timedelta; from django.utils import "
        "timezone; from jobs import ledger; "
        f"ledger.sweep(at=timezone.now(), patience=timedelta(seconds={BEAT}))"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], env=worker.env, check=True)  # noqa: S603
    return wait_for(lambda: not jobs.exclude(state="done").exists(), BEAT, every=0.2)


def restart(how: signal.Signals, log: Path) -> int:
    """End the bench's own server and start it again; 0 where the server is not the bench's.

    From then on it is a child of this process and ends with it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    cluster = Cluster(CLUSTER)
    if folder.resolve() != cluster.data.resolve():
        return 0
    pid = int((folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
    os.kill(pid, how)
    wait_for(lambda: not process_name(pid), 60, every=0.05)
    cluster.start(log)
    _servers.append(cluster)
    connection.close()
    wait_for(_answers, 60, every=0.1)
    return 1


_servers: list[Cluster] = []  # kept: a server ends with its parent, and so with its last owner


def _answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        connection.close()
        return False
    return True


def _verdict(
    issued: list, kills: int, interrupted: int, restarts: int, seconds: float
) -> list[Row]:
    notices = list(Notice.objects.filter(pk__in=issued).select_related("pdf").order_by("serial"))
    serials = [notice.serial for notice in notices]
    gaps = sum(after - before != 1 for before, after in pairwise(serials))
    names = [notice.file_name for notice in notices]
    stored = StoredFile.objects.filter(name__in=names).count()
    wrong = sum(not _right(notice) for notice in notices)
    rows = {file.path for file in StoredFile.objects.all()}
    media = Path(settings.MEDIA_ROOT)
    on_disk = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    return [
        Row("papers issued", len(notices), ""),
        Row("workers killed with SIGKILL", kills, ""),
        Row("prints that a kill interrupted", interrupted, ""),
        Row("restarts of the database during a print", restarts, ""),
        Row("papers without a right PDF", wrong, "", 0),
        Row("PDFs too many", stored - len(notices), "", 0),
        Row("gaps in the numbers", gaps, "", 0),
        Row("encrypted files without a row, for sweep_files", len(on_disk - rows), ""),
        Row("from the first start to the last PDF", seconds, "s"),
    ]


def _right(notice: Notice) -> bool:
    """Its stored bytes are those that were printed, and its own number is in them."""
    if notice.pdf is None:
        return False
    data = files.read(notice.pdf)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    same = hashlib.sha256(data).hexdigest() == notice.pdf_sha256
    return same and reading.squeeze(notice.number) in reading.squeeze(text)
