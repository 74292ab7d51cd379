"""docs/cases.md: the six published cases as the demonstration decided them, each with what the
portal warns of.

Written from the records, so that the page cannot say what they do not.
"""

from __future__ import annotations

from typing import Any

from django.utils import translation

from demo.ground import read, token
from inspections import noted
from legal import citations
from legal.citations import Register
from penalties import gate
from penalties.casefile import File
from penalties.models import Case

HEAD = """\
# The six published cases, decided

The demonstration carries each of the six published cases through the \
procedure by the same verbs as any other case: opened and approved, \
investigated, told, decided, served, closed, each paper issued. Findings and \
citations are those of the publication and are not touched. The publications \
say 行政处罚 and name no kind: the first rung of each cited clause is a warning, \
so a warning (警告) was chosen. Days, persons and kind are chosen (演示设定) and \
marked so in the records.

Each publication cites one place for everything that was found. The portal \
does not forbid that, since what is cited was in force: the decision is \
issued, and the gate counts the citations that it warns of. What it warns of \
stands below, each with the number of its finding, as the page of the case \
says it; notes that only inform are left out. `tests/demo/test_cases.py` \
compares this page with the records; `./run manage print_cases docs/cases.md` \
writes it anew.

"""


def document() -> str:
    """The page. Raises Case.DoesNotExist without the demonstration."""
    books = citations.register()
    with translation.override("zh-hans"):
        return HEAD + "\n".join(
            _told(published, File(case_of(published["id"])), books)
            for published in read("cases.json")["cases"]
        )


def case_of(key: str) -> Case:
    """The case of one of the six published matters."""
    return Case.objects.select_related("enterprise").get(form_token=token(f"{key}/case"))


def warnings(file: File, books: Register) -> list[tuple[int, str]]:
    """(number of the finding, what the portal warns of) on the day of the decision."""
    return [
        (finding.ordinal, str(note.text))
        for finding in file.findings
        for note in noted.notes(finding, books, decided_on=file.case.decided_on)
        if note.level == citations.WARN
    ]


def at_the_gate(file: File) -> str:
    """What the gate said of the citations on the day of the decision."""
    case, party = file.case, file.respondents[0]
    assert case.decided_on is not None
    found = gate.of(file, party, gate.PENALTY, case.decided_on)
    return next(each.text for each in found if each.code == "citations")


def _told(published: dict[str, Any], file: File, books: Register) -> str:
    case, decision = file.case, file.decisions[0]
    closing = file.closings[-1]
    days = [case.filed_on, case.decided_on, decision.served_on, case.closed_on]
    filed, decided, served, closed = (f"{day:%Y-%m-%d}" for day in days if day)
    kinds = "、".join(str(row.get_measure_display()) for row in file.items)
    item = file.items[0]
    lines = [
        f"## {published['id']} {case.enterprise.name}",
        "",
        f"Published {published['published']}: {published['measure']}. Cited: "
        f"{', '.join(published['cited'])}.",
        "",
        f"Filed {filed}, decided {decided}, served {served}, closed {closed}: "
        f"{decision.number}, {kinds}, {item.clause['cite']}. Self-review at closing: "
        f"{closing.score} of 100.",
        "",
    ]
    found = warnings(file, books)
    said = at_the_gate(file)
    lines += [f"The gate: {said}", ""] if said else []
    lines += [f"- Finding {number}: {text}" for number, text in found]
    return "\n".join([*lines, ""])
