"""Making the files of an approved bulletin, as owed work."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bulletins import exporting
from bulletins.models import EXPORT_JOB
from jobs import registry


@registry.kind(
    EXPORT_JOB,
    word=_("生成通报文件"),
    soft_limit=30,
    lease=timedelta(seconds=75),
    queue=settings.ZHENGGAI_PRINT_QUEUE,
    retry_verb="bulletins.approve",
)
def export_bulletin(bulletin_id: str) -> Callable[[datetime], None] | None:
    return exporting.owed_export(bulletin_id)
