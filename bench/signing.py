"""What a signature costs on top of a print: CPU time with opening the key, and size."""

import statistics
import time
from datetime import UTC, datetime

from accounts.models import Unit
from bench import Row, papers
from notices import demo_authority, press, signing
from notices.models import Certificate

SIGNATURES = 40


def rows() -> list[Row]:
    """Median CPU milliseconds of a warm signature with an EC key, and the KB that it adds."""
    pades = signing.parts()
    at = datetime.now(UTC).replace(microsecond=0)
    printed = press.print_words(papers.words(1)).data
    held = demo_authority.made_for(Unit(name="南宁市公安局"), at=at)
    certificate = Certificate(source="local", chain=held.pem, key=held.key_pem)
    took, signed = [], b""
    for _ in range(SIGNATURES):
        began = time.process_time()
        signed = pades.embed(printed, signing.LocalKey(certificate), at=at)
        took.append(1000 * (time.process_time() - began))
    if pades.faults(signed, held.pem, at=at):
        raise AssertionError("the signature is not valid")
    return [
        Row("sign one page, EC P-256, CPU", statistics.median(took), "ms", 60),
        Row("the signature adds", (len(signed) - len(printed)) / 1024, "KB", 10),
    ]
