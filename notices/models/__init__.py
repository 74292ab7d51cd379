"""What is on paper: numbers, notices, service, scans, standing texts, certificates, batches."""

from notices.models.batch import BATCH_JOB, Batch
from notices.models.certificate import EXPIRES_SOON, Certificate
from notices.models.notice import (
    PRINT_JOB,
    Notice,
    NoticeQuerySet,
    PrintState,
    new_verify_code,
)
from notices.models.numbers import NumberPattern, Series, validate_pattern
from notices.models.preview import PREVIEW_JOB, Preview, PreviewPicture
from notices.models.scan import Scan
from notices.models.service import Service
from notices.models.text import TextBlock
from notices.models.waiver import Waiver

__all__ = [
    "BATCH_JOB",
    "EXPIRES_SOON",
    "PREVIEW_JOB",
    "PRINT_JOB",
    "Batch",
    "Certificate",
    "Notice",
    "NoticeQuerySet",
    "NumberPattern",
    "Preview",
    "PreviewPicture",
    "PrintState",
    "Scan",
    "Series",
    "Service",
    "TextBlock",
    "Waiver",
    "new_verify_code",
    "validate_pattern",
]
