"""The six published cases: for every finding, what is said of the articles that were published."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from legal import citations
from tests.factories.legal import load_law

CASES = Path(__file__).parents[2] / "demo" / "data" / "cases.json"

#: code, its role, and the first article of each law that is offered instead
TABLE = """
S1-1 NO_CONSENT             better_fit duty     CSL@2016:22(3) CSL@2016:41(1) PIPL@2021:13(1)[1]
S1-1 NO_CONSENT             better_fit penalty  CSL@2016:64(1) PIPL@2021:66(1)
S1-2 NO_CONSENT             better_fit duty     CSL@2016:22(3) CSL@2016:41(1) PIPL@2021:13(1)[1]
S1-2 NO_CONSENT             better_fit penalty  CSL@2016:64(1) PIPL@2021:66(1)
S1-3 NO_CONSENT             better_fit duty     CSL@2016:22(3) CSL@2016:41(1) PIPL@2021:13(1)[1]
S1-3 NO_CONSENT             better_fit penalty  CSL@2016:64(1) PIPL@2021:66(1)
S1-3 OVER_COLLECTION        better_fit duty     CSL@2016:41(2) PIPL@2021:6(2)
S1-3 OVER_COLLECTION        better_fit penalty  CSL@2016:64(1) PIPL@2021:66(1)
S1-3 NO_PUBLISHED_RULES     better_fit duty     CSL@2016:41(1) PIPL@2021:7
S1-3 NO_PUBLISHED_RULES     better_fit penalty  CSL@2016:64(1) PIPL@2021:66(1)
S1-4 NO_CONSENT             better_fit duty     CSL@2016:22(3) CSL@2016:41(1) PIPL@2021:13(1)[1]
S1-4 NO_CONSENT             better_fit penalty  CSL@2016:64(1) PIPL@2021:66(1)
S1-4 NO_INCIDENT_PLAN       better_fit duty     CSL@2016:25 PIPL@2021:51(1)[5]
S1-5 NO_CONSENT             better_fit duty     CSL@2016:22(3) CSL@2016:41(1) PIPL@2021:13(1)[1]
S1-5 NO_CONSENT             better_fit penalty  CSL@2016:64(1) PIPL@2021:66(1)
S1-5 NO_INCIDENT_PLAN       better_fit duty     CSL@2016:25 PIPL@2021:51(1)[5]
S1-5 NO_DATA_SECURITY_REGIME better_fit duty    DSL@2021:27(1)
S1-5 NO_DATA_SECURITY_REGIME better_fit penalty DSL@2021:45(1)
S2-1 PII_COMPUTER_UNMANAGED article_missing duty PIPL@2021:9 PIPL@2021:51(1)[3]
S2-1 NO_PII_INTERNAL_RULES  article_missing duty PIPL@2021:51(1)[1]
S2-1 PRINTED_PII_UNATTENDED article_missing duty PIPL@2021:9 PIPL@2021:51
S2-1 NO_DEDICATED_CUSTODY   article_missing duty PIPL@2021:51(1)[1] PIPL@2021:51(1)[4]
"""


def published() -> list[dict[str, Any]]:
    return list(json.loads(CASES.read_text(encoding="utf-8"))["cases"])


@pytest.mark.django_db
def test_what_is_said_of_each_finding() -> None:
    """The acts lie before the regulation of 2025 and before the new text of 2026. A finding that
    the table does not name has no note."""
    load_law()
    books = citations.register()
    expected: dict[tuple[str, str], dict[tuple[str, str], list[str]]] = {}
    for line in TABLE.split("\n"):
        if line:
            case, kind, code, role, *offered = line.split()
            expected.setdefault((case, kind), {})[code, role] = offered
    seen = set()
    for case in published():
        day = date.fromisoformat(case.get("decided") or "2024-12-03")
        cited = list(zip(("duty", "penalty"), case["cited"], strict=False))
        for kind in case["found"]:
            found = citations.notes(kind, cited, day, authority="city", register=books)
            told = {(note.code, note.role): [a.ref for a in note.articles] for note in found}
            wanted = expected.get((case["id"], kind), {})
            assert set(told) == set(wanted), (case["id"], kind)
            for key, offered in wanted.items():
                assert [ref for ref in told[key] if ref in offered] == offered, (kind, key)
            seen.add((case["id"], kind))
    assert set(expected) <= seen
    assert len(seen) == 28
