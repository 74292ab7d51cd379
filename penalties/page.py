"""What the page of one case shows, as the components of the look want it. Decides nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from audit import trail
from deadlines.words import left_text, tone
from legal import periods
from notices import sheets
from notices.models import Notice
from notices.shown import Articles
from penalties import acts, steps, tabs
from penalties.casefile import File
from penalties.models import Case, CaseState, Outcome, Report, Route, Step
from rectification.reasons import day_words
from rectification.telling import listed, short_day

#: The tab that opens by itself while the procedure stands there.
TAB_OF_STEP = {
    Step.FILING: "case",
    Step.INQUIRY: "inquiry",
    Step.TELLING: "telling",
    Step.HEARING: "hearing",
    Step.DECIDING: "decision",
    Step.SERVING: "decision",
    Step.PERFORMING: "money",
    Step.CLOSING: "closing",
    Step.DONE: "case",
}
EVENTS = 200


# --- The head ------------------------------------------------------------------------------------


def facts(case: Case) -> list[dict[str, Any]]:
    """components/desc.html: where the case comes from, and what was decided."""
    found: list[dict[str, Any]] = [
        {"label": _("案由"), "value": case.cause, "full": True},
        {"label": _("案件来源"), "value": case.get_origin_display()},
        {"label": _("办理程序"), "value": case.get_route_display()},
    ]
    if case.inspection is not None:
        visit = _("%(kind)s，%(day)s") % {
            "kind": case.inspection.get_kind_display(),
            "day": day_words(case.inspection.day),
        }
        url = case.inspection.get_absolute_url()
        found.append({"label": pgettext("表头", "检查"), "value": visit, "url": url})
    if case.order is not None:
        found.append(
            {
                "label": _("责令改正"),
                "value": str(case.order),
                "url": case.order.get_absolute_url(),
                "note": case.order.get_verdict_display() if case.order.verdict else "",
            }
        )
    found += [
        {"label": _("承办"), "value": f"{case.filed_by.name} · {case.unit.short_name}"},
        {"label": pgettext("表头", "立案"), "value": day_words(case.filed_on)},
    ]
    if case.decided_on is not None:
        found += _decided(case)
    if case.closed_on is not None:
        found.append({"label": pgettext("表头", "结案"), "value": day_words(case.closed_on)})
        found.append({"label": _("结案理由"), "value": case.closing_reason, "full": True})
    return found


def _decided(case: Case) -> list[dict[str, Any]]:
    assert case.decided_on is not None
    found: list[dict[str, Any]] = [
        {"label": _("决定日期"), "value": day_words(case.decided_on)},
        {"label": _("决定书文号"), "value": case.document_number or _("未登记"), "number": True},
        {"label": _("处理结果"), "value": listed(case.measure_words) or case.get_outcome_display()},
    ]
    if case.fine is not None:
        found.append({"label": _("罚款"), "value": yuan(case.fine)})
    return found


def yuan(amount: Decimal) -> str:
    """30,000 元; fen only where there are some."""
    written = f"{amount:,.0f}" if amount == amount.to_integral() else f"{amount:,.2f}"
    return _("%(n)s 元") % {"n": written}


def due(case: Case, today: date) -> dict[str, Any]:
    """components/due.html for the time limit of the decision; calendar days, called days."""
    if case.state != CaseState.FILED or case.decision_due_on is None:
        if case.state == CaseState.OPENED:
            return {"left": _("立案后起算"), "tone": "", "day": None}
        word = _("已决定") if case.decided_on else str(case.get_state_display())
        last = case.decision_due_on
        in_time = case.decided_on is not None and last is not None and case.decided_on <= last
        return {"left": word, "tone": "met" if in_time else "", "day": last}
    days = (case.decision_due_on - today).days
    kind = "today" if days == 0 else "left" if days > 0 else "over"
    left = periods.Left(kind, abs(days), "day")
    return {"left": left_text(left), "tone": tone(left), "day": case.decision_due_on}


def excluded(file: File, today: date) -> str:
    """How many days do not count in the ninety, in words; empty where there are none."""
    days: set[int] = set()
    for row in file.exclusions:
        last = row.to_on or today
        days.update(range(row.from_on.toordinal(), last.toordinal() + 1))
    if not days:
        return ""
    number = len(days)
    return ngettext("%(n)d 天不计入", "%(n)d 天不计入", number) % {"n": number}


# --- The step bar --------------------------------------------------------------------------------


def path(file: File) -> tuple[Step, ...]:
    """The steps that this case goes through, as far as the file says."""
    case = file.case
    if case.route == Route.SPOT:
        return steps.SPOT
    report = file.report
    ends = (Report.Proposal.REFERRAL, Report.Proposal.TERMINATION)
    if case.decided_on is None and report is not None and report.proposal in ends:
        return (Step.FILING, Step.INQUIRY, Step.CLOSING)
    left_out = set()
    if not file.hearings and case.step != Step.HEARING:
        left_out.add(Step.HEARING)
    if _unpunished(file):
        left_out.add(Step.PERFORMING)
        if not file.tolds:
            left_out.add(Step.TELLING)
    return tuple(step for step in steps.ORDINARY if step not in left_out)


def _unpunished(file: File) -> bool:
    case = file.case
    if case.decided_on is not None:
        return case.outcome == Outcome.NO_PENALTY
    return file.report is not None and file.report.proposal == Report.Proposal.NO_PENALTY


def step_bar(file: File, tone: str) -> list[dict[str, Any]]:
    """components/steps.html. `tone` is that of the nearest thing owed."""
    case, line = file.case, path(file)
    done = case.step == Step.DONE
    here = line.index(Step(case.step)) if case.step in line else len(line)
    if case.state == CaseState.DECLINED:
        return [{"name": Step.FILING.label, "state": "bad", "note": str(case.get_state_display())}]
    days = _days(file)
    found = []
    for place, step in enumerate(line):
        state = ""
        if done or place < here:
            # a case that ended without it never went through this step
            state = "done" if days.get(step) or step in (Step.FILING, Step.CLOSING) else ""
        elif place == here:
            state = "soon" if tone in ("soon", "over") else "now"
        day = days.get(step) if state == "done" else None
        found.append({"name": step.label, "state": state, "note": short_day(day) if day else ""})
    return found


def _days(file: File) -> dict[Step, date]:
    """The day on which each step was done, where it was."""
    case = file.case
    served = [row.served_on for row in file.decisions if row.served_on]
    days: dict[Step, Any] = {
        Step.FILING: case.filed_on if case.state != CaseState.OPENED else None,
        Step.INQUIRY: file.report.reported_on if file.report else case.decided_on,
        Step.TELLING: _local(file.tolds[-1].given_at) if file.tolds else case.decided_on,
        Step.HEARING: _heard(file),
        Step.DECIDING: case.decided_on,
        Step.SERVING: max(served) if served else None,
        Step.PERFORMING: _paid(file),
        Step.CLOSING: case.closed_on,
    }
    return {step: day for step, day in days.items() if day is not None}


def _local(at: Any) -> date:
    return timezone.localtime(at).date()


def _heard(file: File) -> date | None:
    for row in reversed(file.hearings):
        if row.ended_at is not None:
            return _local(row.ended_at)
        if row.withdrawn_on or row.accepted_on:
            return row.withdrawn_on or row.accepted_on
    return None


def _paid(file: File) -> date | None:
    """The last day of performance: of the last payment, else of service where nothing was owed."""
    if file.case.step not in (Step.CLOSING, Step.DONE):
        return None
    paid = [row.paid_on for row in file.payments if row.void_on is None]
    served = [row.served_on for row in file.decisions if row.served_on]
    return max(paid, default=None) or max(served, default=None)


# --- Tabs, acts, papers --------------------------------------------------------------------------


def tab_of(file: File, asked: str) -> tuple[list[tabs.Tab], tabs.Tab | None]:
    """The tabs of this case, and the one in sight: the one asked for, else that of the step."""
    found = tabs.of(file)
    by_code = {each.code: each for each in found}
    usual = TAB_OF_STEP[Step(file.case.step)]
    if usual == "telling" and not file.items:
        usual = "proposal"
    for code in (asked, usual, "decision" if file.case.decided_on else "case"):
        if code in by_code:
            return found, by_code[code]
    return found, found[0] if found else None


def next_acts(file: File, user: User, today: date) -> list[dict[str, Any]]:
    """components/acts.html: what moves the case on, also on single records of it."""
    found = acts.offered(file, user, today)
    on = {act.on for act in acts.every() if act.main and act.on}
    for kind, rows in (("respondent", file.respondents), ("decision", file.decisions)):
        if kind not in on:
            continue
        for row in rows:
            for entry in acts.offered(file, user, today, row=row):
                words = {"act": entry["name"], "which": row}
                found.append(entry | {"name": _("%(act)s：%(which)s") % words})
    free = [entry for entry in found if not entry["reasons"] and not entry["danger"]]
    if free and not any(entry["primary"] for entry in free):
        free[0]["primary"] = True
    if file.case.state == CaseState.FILED:  # what ends a case is no next step while it runs
        found = [entry for entry in found if not (entry["reasons"] and entry["tab"] == "closing")]
    return sorted(found, key=lambda entry: bool(entry["reasons"]))


def papers(file: File, user: User) -> list[dict[str, Any]]:
    """components/papers.html: every paper issued on the case and its records, in their order."""
    ids: dict[Any, list[Any]] = {}
    for subject in file.paper_subjects():
        ids.setdefault(type(subject), []).append(subject.pk)
    about = Q()
    for model, pks in ids.items():
        of_type = ContentType.objects.get_for_model(model)
        about |= Q(subject_type=of_type, subject_id__in=pks)
    rows = Notice.objects.visible_to(user).filter(about)
    found = rows.defer("words", "snapshot", "fingerprint").order_by("issued_at", "id")
    return sheets.entries(list(found), user=user)


def events(case: Case) -> list[dict[str, Any]]:
    """components/timeline.html."""
    return [
        {
            "at": event.happened_at,
            "title": trail.word(event.verb),
            "text": _("%(who)s · “%(why)s”") % {"who": event.actor_name, "why": event.reason}
            if event.reason
            else event.actor_name,
            "tone": "key" if event.data.get("to") in ("filed", "decided", "closed") else "",
        }
        for event in trail.timeline(case)[:EVENTS]
    ]


def why_basis(case: Case, articles: Articles) -> list[dict[str, str]]:
    """The articles by which the ninety days were counted."""
    return articles.links(list(case.decision_derivation.get("basis", ())))
