"""A real Celery worker of ours on the test's own database, killed as hard as it goes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """`lease`: seconds after which a killed worker's job is given away."""

    def __init__(self, var: Path, *, lease: int = 3, processes: int = 2) -> None:
        self.var, self.processes = var, processes
        self.process: subprocess.Popen[bytes] | None = None
        for folder in ("broker", "broker-control", "run"):
            (var / folder).mkdir(parents=True, exist_ok=True)
        self.log = var / "worker.log"
        database = connection.settings_dict
        self.env = {
            **os.environ,
            "DATABASE_URL": (
                f"postgres://{database['USER']}@/{database['NAME']}?host={quote(database['HOST'])}"
            ),
            "ZHENGGAI_ENV": "development",
            "ZHENGGAI_VAR": str(var),
            "ZHENGGAI_MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "ZHENGGAI_KEYS": settings.ZHENGGAI_KEYS,
            "ZHENGGAI_INDEX_KEY": settings.ZHENGGAI_INDEX_KEY,
            "SECRET_KEY": settings.SECRET_KEY,
            "CELERY_BROKER_URL": "filesystem://",
            "JOBS_LEASE_SECONDS": str(lease),
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"),
        }

    def start(self) -> None:
        argv = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "prefork"]
        argv += ["--concurrency", str(self.processes), "--without-gossip", "--without-mingle"]
        argv += ["--without-heartbeat", "-O", "fair", "--loglevel", "INFO"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                argv, env=self.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL to the worker and all its children at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""


def wait_for(truth: Callable[[], Any], seconds: float = 40, every: float = 0.002) -> Any:
    """What `truth` answers once it is true; the last answer when time is up."""
    end = time.monotonic() + seconds
    while not (answer := truth()) and time.monotonic() < end:
        time.sleep(every)
    return answer
