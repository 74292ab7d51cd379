"""What the papers of a visit say, from the visit, its findings and its particulars.

For each paper a mapping of facts by the codes of its elements (`notices.kinds.inspections`), the
context of its template, and the snapshot that is kept beside the words. What the signed visit says
comes first; the particulars speak where it is silent. Everything is worded in Chinese, whatever
language the officer reads the portal in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import translation

from inspections.basis import ORDER_176_FROM
from inspections.models import Evidence, Finding, Inspection, Matter, Particulars, RemoteTest
from legal import citations
from legal.models import Article
from notices import elements, kinds, leaf, writing
from notices.correction_order import join_citations
from notices.kinds.inspections import ADVISORY, INSPECTION_NOTICE, INSPECTION_RECORD

SCHEMA = 1
ENTERPRISE, SECTOR = "enterprise", "sector"

#: What a visit rests on: its heads and its form, and the duty to cooperate with it.
_BASIS_176 = ("CSL@2025:51(2)", "MPS176@2026:7", "MPS176@2026:11")
_BASIS_151 = ("CSL@2016:49(2)", "MPS151@2018:10", "MPS151@2018:14")
_BASIS_REMOTE = ("CSL@2025:51(2)", "MPS176@2026:4(2)", "MPS176@2026:11")
_USUAL_MATTERS = (
    Matter.POLICIES,
    Matter.REGISTRATION,
    Matter.MLPS,
    Matter.DEFENCE,
    Matter.VULNERABILITY,
    Matter.DATA,
)
#: What a test over the network can see (Order 176 art. 4(2)).
REMOTE_MATTERS = [Matter.DEFENCE.value, Matter.VULNERABILITY.value]
_MODES = {Inspection.Mode.ON_SITE: "现场检查", Inspection.Mode.REMOTE: "远程检测"}


@dataclass(frozen=True)
class Worded:
    """One paper before its number: `facts` by element, `context` for its template."""

    kind: str
    addressee: str
    facts: dict[str, Any]
    context: dict[str, Any]
    snapshot: dict[str, Any]


@dataclass(frozen=True)
class Risk:
    """A finding that a letter of advice speaks of, and what is recommended about it."""

    finding: Finding
    measure: str


# --- What is usual -------------------------------------------------------------------------------


def usual_basis(day: date, *, remote: bool = False) -> str:
    """The articles that a visit on that day rests on, as papers cite them."""
    refs = _BASIS_151 if day < ORDER_176_FROM else _BASIS_REMOTE if remote else _BASIS_176
    return join_citations(article.cite_zh() for article in _known(refs))


def usual_matters(critical: bool) -> list[str]:
    """The heads that most visits look at, and that of critical infrastructure where it is one."""
    found = [*_USUAL_MATTERS, *([Matter.CRITICAL] if critical else [])]
    return [matter.value for matter in Matter if matter in found]


def usual_shown(inspection: Inspection) -> str:
    """That certificate and notice were shown; of a test over the network, that it was told."""
    if inspection.mode == Inspection.Mode.REMOTE:
        test = RemoteTest.objects.filter(inspection=inspection).first()
        if test is None or test.notified_on is None:
            return ""
        return f"检测前已于{writing.date(test.notified_on)}告知被检测单位检测的时间和范围"
    number = f"（{inspection.notice_number}）" if inspection.notice_number else ""
    return (
        f"检查民警向被检查对象出示了人民警察证和监督检查通知书{number}，"
        "告知了检查的依据、事项和被检查对象的权利义务"
    )


def usual(inspection: Inspection, *, has_findings: bool) -> dict[str, Any]:
    """What the form of the particulars starts with; the officer reads it and changes it."""
    system = inspection.system
    on_site = inspection.mode == Inspection.Mode.ON_SITE
    name = system.name if system else "网络和信息系统"
    return {
        "basis": usual_basis(inspection.day, remote=not on_site),
        "scope": f"{name}的运行、管理和安全保护情况",
        "matters": usual_matters(bool(system and system.critical)) if on_site else REMOTE_MATTERS,
        "shown": usual_shown(inspection),
        "measures": (
            "对发现的问题，当场督促指导被检查对象采取措施消除；依法责令改正的，"
            "另行制作责令限期改正通知书"
            if has_findings
            else ""
        ),
        "reading": "以上记录已经核对，与实际情况相符" if on_site else "",
    }


# --- The papers ----------------------------------------------------------------------------------


def notice(inspection: Inspection) -> Worded:
    """The 监督检查通知书 of a visit (Order 176 art. 11, before it Order 151 art. 14)."""
    with translation.override("zh-hans"):
        said = _particulars(inspection)
        officers = list(inspection.officers.all())
        facts = {
            "basis": said.basis,
            "when": f"{writing.moment(inspection.started_at)}起",
            "scope": said.scope,
            "matters": said.matter_words,
            "officers": [_person(row.name, row.police_number) for row in officers],
            "support_organ": said.support_organ,
            "support_people": said.supporters,
            "contact_phone": inspection.unit.phone,
        }
        more = {"mode": _MODES[Inspection.Mode(inspection.mode)], "remote": False}
        snapshot = _of_visit(inspection) | {"facts": facts}
        return _notice(inspection.enterprise.name, facts, more, snapshot)


def remote_notice(
    test: RemoteTest, officers: Sequence[Any], *, basis: str, matters: Sequence[str]
) -> Worded:
    """The 监督检查通知书 of a planned test over the network (Order 176 art. 4(2))."""
    with translation.override("zh-hans"):
        said = Particulars(matters=list(matters))
        facts = {
            "basis": basis,
            "when": f"{writing.date(test.starts_on)}起",
            "scope": f"{test.system.name}：{test.scope}",
            "matters": said.matter_words,
            "officers": [_person(who.name, who.police_number or "") for who in officers],
            "support_organ": "",
            "support_people": [],
            "contact_phone": test.unit.phone,
        }
        more = {"mode": _MODES[Inspection.Mode.REMOTE], "remote": True}
        snapshot = _parties(test) | {
            "test": {"id": str(test.pk), "starts_on": test.starts_on.isoformat()},
            "facts": facts,
        }
        return _notice(test.enterprise.name, facts, more, snapshot)


def _notice(
    addressee: str, facts: dict[str, Any], more: dict[str, Any], snapshot: dict[str, Any]
) -> Worded:
    context = elements.context(kinds.get(INSPECTION_NOTICE).elements, facts) | more
    context["officer_words"] = "、".join(
        f"{row['name']}（警号{row['number']}）" for row in context["officers"]
    )
    context["support_words"] = _support(context)
    context["contact_name"] = context["officers"][0]["name"] if context["officers"] else ""
    context["fit"] = _fit_notice(context)
    return Worded(INSPECTION_NOTICE, addressee, facts, context, snapshot)


def record(inspection: Inspection) -> Worded:
    """The 监督检查记录 (Order 176 art. 15, before it Order 151 art. 18; MPSP 86).

    The number of a document of identity and the telephone are not printed: whoever signs writes
    them by hand, so that no frozen text holds them.
    """
    with translation.override("zh-hans"):
        said = _particulars(inspection)
        company = inspection.enterprise
        refused = inspection.signature == Inspection.Signature.REFUSED
        facts: dict[str, Any] = {
            "started": inspection.started_at,
            "ended": inspection.ended_at,
            "place": inspection.place or said.place,
            "party_name": company.name,
            "party_code": company.uscc,
            "party_address": company.address,
            "met_name": inspection.met_name,
            "met_title": inspection.met_title or said.met_title,
            "officers": [
                _person(row.name, row.police_number)
                | {"unit": row.officer.unit.name if row.officer.unit else inspection.unit.name}
                for row in inspection.officers.all()
            ],
            "support_organ": said.support_organ,
            "support_people": said.supporters,
            "shown": said.shown,
            "mode": _MODES[Inspection.Mode(inspection.mode)],
            "matters": said.matter_words,
            "process": inspection.summary or said.process,
            "findings": _found(inspection),
            "measures": said.measures,
            "evidence": _evidence(inspection),
            "recording": said.recording,
            "objections": inspection.objections or said.objections,
            "reading": "" if refused else said.reading,
            "refusal": inspection.refusal_note if refused else "",
            "witness": inspection.witness if refused else "",
            "recorder": inspection.created_by.name,
        }
        flags = {
            "remote": inspection.mode == Inspection.Mode.REMOTE,
            "refused": refused,
            "file_number": inspection.number,
            "recorder_is_officer": facts["recorder"] in [row["name"] for row in facts["officers"]],
        }
        context = elements.context(kinds.get(INSPECTION_RECORD).elements, facts | flags) | flags
        context["fit"] = "form-leaf"
        snapshot = _of_visit(inspection) | {"facts": _plain(facts)}
        return Worded(INSPECTION_RECORD, company.name, facts | flags, context, snapshot)


def advisory(
    inspection: Inspection, risks: Sequence[Risk], *, to: str, sector: str, request: str
) -> Worded:
    """The 公安提示函 (Order 176 art. 17): to the enterprise, or to the authority of its sector."""
    with translation.override("zh-hans"):
        books = citations.register()
        facts: dict[str, Any] = {
            "party_name": inspection.enterprise.name,
            "found_on": inspection.day,
            "risks": [
                {
                    "what": f"{books.types[risk.finding.violation_type_id].zh}："
                    f"{writing.open_end(risk.finding.seen)}",
                    "measure": writing.open_end(risk.measure),
                }
                for risk in risks
            ],
            "request": request,
            "contact_phone": inspection.unit.phone,
        }
        context = elements.context(kinds.get(ADVISORY).elements, facts)
        officers = list(inspection.officers.all())
        context |= {
            "to_sector": to == SECTOR,
            "many": len(risks) > 1,
            "contact_name": officers[0].name if officers else "",
        }
        context["fit"] = _fit_advisory(context)
        snapshot = _of_visit(inspection) | {
            "to": to,
            "advised": [str(risk.finding.pk) for risk in risks],
            "facts": _plain(facts),
        }
        addressee = sector.strip() if to == SECTOR else inspection.enterprise.name
        return Worded(ADVISORY, addressee, facts, context, snapshot)


# --- Rows ----------------------------------------------------------------------------------------


def particulars_of(inspection: Inspection) -> Particulars | None:
    """The row, if there is one; one query at most."""
    return Particulars.objects.filter(inspection=inspection).first()


def _particulars(inspection: Inspection) -> Particulars:
    return particulars_of(inspection) or Particulars()


def _person(name: str, number: str) -> dict[str, str]:
    return {"name": name, "number": number}


def _support(context: dict[str, Any]) -> str:
    people = "、".join(context["support_people"])
    return "：".join(part for part in (context["support_organ"], people) if part)


def _found(inspection: Inspection) -> list[dict[str, str]]:
    books = citations.register()
    rows = []
    for finding in inspection.findings.with_citations():
        duty = [books.article(row.article_id) for row in finding.cited() if row.role == "duty"]
        rows.append(
            {
                "what": f"{books.types[finding.violation_type_id].zh}："
                f"{writing.open_end(finding.seen)}",
                "articles": join_citations(article.cite_zh(short=True) for article in duty),
            }
        )
    return rows


def _evidence(inspection: Inspection) -> list[dict[str, Any]]:
    """What was there when the visit was signed; what came later is not of the record."""
    rows: Iterable[Evidence] = inspection.evidence.select_related("finding").order_by(
        F("finding__ordinal").asc(nulls_last=True), "captured_at", "received_at", "id"
    )
    until = inspection.recorded_at
    return [
        {
            "title": item.title,
            "sort": item.get_kind_display(),
            "taken": writing.moment(item.captured_at or item.received_at),
            "finding": f"第{item.finding.ordinal}项" if item.finding else "",
        }
        for item in rows
        if until is None or item.received_at <= until
    ]


def _known(refs: Iterable[str]) -> list[Article]:
    books = citations.register()
    return [books.by_ref[ref] for ref in refs if ref in books.by_ref]


# --- The snapshot --------------------------------------------------------------------------------


def _parties(row: Inspection | RemoteTest) -> dict[str, Any]:
    company, system = row.enterprise, row.system
    return {
        "schema": SCHEMA,
        "unit": {"name": row.unit.name, "short_name": row.unit.short_name},
        "enterprise": {
            "id": str(company.pk),
            "name": company.name,
            "uscc": company.uscc,
            "address": company.address,
        },
        "system": (
            {
                "name": system.name,
                "mlps_level": system.mlps_level,
                "mlps_number": system.mlps_number,
            }
            if system
            else None
        ),
    }


def _of_visit(inspection: Inspection) -> dict[str, Any]:
    """Party, officers and findings with the articles cited and their versions, as JSON."""
    books = citations.register()
    return _parties(inspection) | {
        "inspection": {
            "id": str(inspection.pk),
            "number": inspection.number,
            "kind": inspection.kind,
            "mode": inspection.mode,
            "day": inspection.day.isoformat(),
            "notice_number": inspection.notice_number,
        },
        "officers": [
            {
                "name": row.name,
                "police_number": row.police_number,
                "certificate_number": row.certificate_number,
            }
            for row in inspection.officers.all()
        ],
        "findings": [
            {
                "ordinal": finding.ordinal,
                "finding": str(finding.pk),
                "violation_type": finding.violation_type_id,
                "name_zh": books.types[finding.violation_type_id].zh,
                "seen": finding.seen,
                "severity": finding.severity,
                "act_on": finding.act_on.isoformat(),
                "cited": [
                    {
                        "role": row.role,
                        "ref": books.article(row.article_id).ref,
                        "zh": books.article(row.article_id).cite_zh(version=True),
                        "override": row.override_reason,
                    }
                    for row in finding.cited()
                ],
            }
            for finding in _with_visit(inspection)
        ],
        "evidence": [
            {"id": str(item.pk), "title": item.title, "sha256": item.file.sha256}
            for item in inspection.evidence.select_related("file")
        ],
    }


def _with_visit(inspection: Inspection) -> Iterable[Finding]:
    for finding in inspection.findings.with_citations():
        finding.inspection = inspection
        yield finding


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key != "evidence"}


# --- One leaf ------------------------------------------------------------------------------------

_CELL = 28.8  # characters of a cell beside its label, at 12 points
_ROW, _LINE = 5.0, 17.5  # points of a row, and of each line in it
_RIGHTS = 112  # characters of the standing paragraph on rights and duties


def _fit_notice(context: dict[str, Any]) -> str:
    cells = [
        context["when"],
        f"{context['mode']}。{context['scope']}",
        "；".join(context["matters"]),
        context["officer_words"],
        *([context["support_words"]] if context["support_words"] else []),
        "　" * _RIGHTS,
        "　",  # whom to call
    ]
    table = 5 + sum(_ROW + _LINE * leaf.lines(cell, _CELL) for cell in cells)
    return leaf.fit(leaf.lines(f"　　根据{context['basis']}{'　' * 35}"), table)


def _fit_advisory(context: dict[str, Any]) -> str:
    texts = ["　" * (60 + len(context["party_name"]) if context["to_sector"] else 54), "　", "　"]
    table = 0.0
    if context["many"]:
        table = 13 + 24
        for risk in context["risks"]:
            most = max(leaf.lines(risk["what"], 17.0), leaf.lines(risk["measure"], 13.5))
            table += 7.2 + _LINE * most
    else:
        for risk in context["risks"]:
            texts += [f"　　风险隐患：{risk['what']}。", f"　　建议措施：{risk['measure']}。"]
    if context["request"]:
        texts.append(f"　　{context['request']}。")
    return leaf.fit(sum(leaf.lines(text) for text in texts), table)
