"""The machine-checked model of the procedure: random walks over its verbs.

A `Walker` leads a few cases at once. At each step it takes one of them, lets days pass, and calls a
verb with plausible or wrong input (`walk_acts`) in the real database. What was refused must have
written nothing; what was done must satisfy all of `walk_checks`. A case that is over, or old,
makes room for a new one; before that it must be possible to bring it to its end (`finish`).

Nothing here knows the procedure from inside: it reads rows, calls verbs, and asks `can_*`.
"""

from __future__ import annotations

import random
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

import penalties.urls  # noqa: F401 - the doors register what can be asked of a file
from audit.models import Event
from audit.trail import Refused
from penalties import acts, cases, gate
from penalties.casefile import File
from penalties.cases import deciding
from penalties.models import Case, CaseState, Step
from tests.factories import penalties as made
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.rectification import Desk, at
from tests.penalties import walk_checks as checks
from tests.penalties.walk_acts import ACTS, Nothing, People, Scene, opened, spot_given

FINAL = (CaseState.CLOSED, CaseState.DECLINED)
#: The calendars end with 2026; a case that is still open by then is brought to its end.
OLD = date(2026, 9, 1)
LAST = date(2026, 12, 20)
ENOUGH = 220  # acts on one case

#: What moves a case on from each step; half of the acts are drawn from here.
ONWARD: dict[str, tuple[str, ...]] = {
    Step.FILING: ("approve_filing", "approve_filing", "approve_filing", "decline_filing"),
    Step.INQUIRY: ("add_exhibit", "verify_exhibits", "report_findings", "add_officer"),
    Step.TELLING: ("set_item", "give_notice", "give_notice", "give_notice"),
    Step.HEARING: (
        "decide_request",
        "appoint_hearing",
        "notify_hearing",
        "serve_hearing_notice",
        "hold_hearing",
        "report_hearing",
        "withdraw_hearing",
    ),
    Step.DECIDING: (
        "answer_defence",
        "give_review",
        "approve_decision",
        "approve_decision",
        "issue_decision",
        "issue_decision",
        "verify_exhibits",
        "hold_discussion",
        "decide_recusal",
        "dispose_preservation",
    ),
    Step.SERVING: ("record_service", "record_service", "file_with_unit"),
    Step.PERFORMING: (
        "record_payment",
        "ask_plan",
        "decide_plan",
        "make_demand",
        "serve_demand",
        "apply_to_court",
        "record_court_result",
        "end_measure",
        "record_check",
        "record_remedy",
        "record_result",
        "hand_in",
        "bank_in",
    ),
    Step.CLOSING: (
        "ask_closing",
        "ask_closing",
        "approve_closing",
        "terminate",
        "record_answer",
        "record_remedy",
        "record_result",
    ),
    Step.DONE: ("record_remedy", "record_result", "withdraw_decision"),
}
#: What else may lead on, asked when nothing of ONWARD is possible.
ALSO = (
    "report_again",
    "record_answer",
    "return_closing",
    "end_stay",
    "record_result",
    "take_effect",
    "withdraw_decision",
    "let_go_officer",
)

#: The shortest way to a decision that is served.
ROUTE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("approve_filing", {}),
    ("add_exhibit", {}),
    ("verify_exhibits", {}),
    ("report_findings", {"proposal": "penalty"}),
    ("set_item", {}),
    ("give_notice", {"defence": "waived", "hearing": "waived"}),
    ("approve_decision", {"agreed": True}),
    ("issue_decision", {}),
    ("record_service", {}),
)
#: What mends a condition of the gate that is not met.
MENDS = {
    "evidence": ("add_exhibit", "verify_exhibits"),
    "report": ("report_findings",),
    "proposal": ("set_item", "edit_item"),
    "range": ("edit_item",),
    "no_items": ("remove_item",),
    "told": ("give_notice",),
    "defence_over": ("change_answer",),
    "defence_answered": ("answer_defence", "record_defence"),
    "hearing_offered": ("give_notice",),
    "hearing_over": ("change_answer", "request_hearing"),
    "hearing_held": ONWARD[Step.HEARING],
    "together": ONWARD[Step.HEARING],
    "reviewed": ("give_review", "follow_up_review"),
    "discussed": ("hold_discussion",),
    "approved": ("approve_decision",),
    "officers": ("add_officer",),
    "recusal": ("decide_recusal",),
    "preservation": ("dispose_preservation",),
    "not_heavier": ("remove_item", "edit_item"),
    "particulars": ("amend_party",),
}


@dataclass
class Story:
    """A case that is being led, and its own day."""

    pk: Any
    now: datetime
    acts: int = 0


@dataclass
class Violation:
    """What must not be, where it was found, and how to come there again."""

    seed: int
    step: int
    verb: str
    what: str

    def __str__(self) -> str:
        return f"seed {self.seed}, step {self.step}, {self.verb}: {self.what}"


@dataclass
class Walker:
    """A unit with its people, and the cases that they lead. Runs inside a transaction."""

    seed: int
    pool: int = 3
    oddness: float = 0.25
    desk: Desk = field(init=False)
    people: People = field(init=False)
    stories: list[Story] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    cases: int = 0
    decisions: int = 0
    violations: list[Violation] = field(default_factory=list)
    why: str = ""  # the last refusal

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.desk = desk = Desk(UnitFactory())
        third = UserFactory(unit=desk.unit, inspector=True, name="莫建国")
        deputy = UserFactory(unit=desk.unit, supervisor=True, name="卢凤英")
        self.people = People(
            desk.inspector, desk.colleague, third, desk.supervisor, deputy, made.reviewer(desk)
        )

    # --- Steps ------------------------------------------------------------------------------------

    def walk(self, steps: int) -> None:
        """So many calls of verbs; then every case that is left is brought to its end."""
        goal = self.steps + steps
        while self.steps < goal:
            self._fill()
            story = self.dice.choice(self.stories)
            self._pass_time(story)
            self._one(story)
            self._retire(story)
        for story in list(self.stories):
            self.finish(story)
        self.stories.clear()

    def _fill(self) -> None:
        while len(self.stories) < self.pool:
            story = self.open() if self.dice.random() < 0.85 else self.open_on_the_spot()
            if story is not None:
                self.stories.append(story)
                self._hasten(story)

    def _hasten(self, story: Story) -> None:
        """Some cases are led straight on for a while, so that what comes late is walked as well."""
        if Case.objects.values_list("state", flat=True).get(pk=story.pk) != CaseState.OPENED:
            return
        for name, wants in ROUTE[: max(0, self.dice.randrange(-6, 2 * len(ROUTE)))]:
            if not self._do(story, name, {"finish": True, **wants}):
                return

    def _pass_time(self, story: Story) -> None:
        chance = self.dice.random()
        if chance < 0.05:
            self.wait(story)
        elif chance < 0.35:
            story.now += timedelta(days=self.dice.choice([1, 1, 2, 3, 8]))

    def wait(self, story: Story, step: int = 0) -> None:
        """To the day after the nearest one that something waits for."""
        file = self.scene(story).file
        today = story.now.date()
        days = [row.due_on for row in checks.open_deadlines(file.case)]
        for told in file.tolds:
            days += [day for day in (told.defence_until, told.hearing_until) if day]
        days += [
            row.planned_at.date() - timedelta(days=1) for row in file.hearings if row.planned_at
        ]
        days += [row.ends_on for row in file.stop_measures if row.ends_on]
        ahead = [day for day in days if day >= today]
        gone = (min(ahead) - today).days + 1 if ahead else 5
        story.now += timedelta(days=step or min(gone, 200))

    def _one(self, story: Story) -> None:
        names = list(ACTS)
        rare = [1 / (1 + self.done[name]) for name in names]
        scene = self.scene(story)
        onward = self._onward(scene)
        for _draw in range(40):
            if self.dice.random() < 0.6:
                name = self.dice.choice(onward)
            else:
                name = self.dice.choices(names, rare)[0]
            if self.perform(story, name, scene) is not None:
                return

    def _onward(self, scene: Scene) -> Sequence[str]:
        """What leads on from here; while a decision is prepared, often what the gate asks for."""
        file = scene.file
        left = [row for row in file.standing_respondents if file.decision(row) is None]
        if file.case.step != Step.DECIDING or not left or self.dice.random() < 0.5:
            return ONWARD[file.case.step]
        party = self.dice.choice(left)
        kind = deciding.outcome_of(file, party)
        asked = gate.unmet(gate.of(file, party, kind, scene.today, scene.typed()))
        found = [name for each in asked for name in MENDS.get(each.code, ())]
        return found or ("issue_decision",)

    def _retire(self, story: Story) -> None:
        state = Case.objects.values_list("state", flat=True).get(pk=story.pk)
        over = state in FINAL and self.dice.random() < 0.4
        if over or story.now.date() > OLD or story.acts > ENOUGH:
            self.finish(story)
            self.stories.remove(story)

    # --- One act ----------------------------------------------------------------------------------

    def scene(self, story: Story, **wants: Any) -> Scene:
        """The case as it is now; input is wrong in places if no step of it is wanted."""
        case = Case.objects.select_related("enterprise", "unit", "order").get(pk=story.pk)
        odd = 0.3 if not wants and self.dice.random() < self.oddness else 0.0
        return Scene(self.people, case, File(case), story.now, self.dice, odd, wants)

    def perform(self, story: Story, name: str, scene: Scene) -> bool | None:
        """Call the verb. Whether it was done; None where there was nothing to do it on."""
        try:
            call = ACTS[name](scene)
        except Nothing:
            return None
        except Refused:  # a day for which there is no calendar, asked while input was made
            return None
        story.acts += 1
        return self._call(name, scene.case, scene.today, call)

    def _call(self, name: str, case: Case | None, today: date, call: Any) -> bool:
        self.steps += 1
        before = checks.fingerprint(self.desk.unit.pk, case)
        last = before[-1]
        try:
            with transaction.atomic():
                result = call()
        except Refused as refused:
            self.refused[name] += 1
            self.why = str(refused)
            if not refused.reasons:
                self.violate(name, "refused without a reason")
            if checks.fingerprint(self.desk.unit.pk, case) != before:
                self.violate(name, "refused, and something was written")
            return False
        except Exception:  # noqa: BLE001 - whatever it is, it must not be
            self.violate(name, traceback.format_exc(limit=-4))
            return False
        lines = list(
            Event.objects.filter(pk__gt=last, verb__startswith="cases.")
            .order_by("pk")
            .values_list("verb", flat=True)
        )
        if not lines and name.startswith("amend_"):  # saved without a change
            self.refused[name] += 1
            return False
        self.done[name] += 1
        if not checks.is_one_act(name, lines, result):
            self.violate(name, f"lines in the record: {lines}")
        self._look(name, case if case is not None else result.case, today, result)
        return True

    def _look(self, name: str, case: Case, today: date, result: Any) -> None:
        """Everything that must hold after an act."""
        case = Case.objects.select_related("enterprise", "unit", "order").get(pk=case.pk)
        file = File(case)
        found = list(checks.of_case(file, name))
        if name in ("issue_decision", "issue_spot_decision"):
            self.decisions += 1
            made = next(row for row in file.decisions if row.pk == result.pk)
            found += checks.of_decision(file, made)
        if case.state not in FINAL and not any(self.exits(file, today)):
            found.append(f"no way on from {case.state}/{case.step}")
        for what in found:
            self.violate(name, what)

    def violate(self, verb: str, what: str) -> None:
        self.violations.append(Violation(self.seed, self.steps, verb, what))

    # --- Ways on ----------------------------------------------------------------------------------

    def exits(self, file: File, today: date) -> Iterator[str]:
        """Acts that lead on from here and that somebody may do now."""
        who = [self.people.inspector, self.people.supervisor, self.people.deputy]
        who.append(self.people.reviewer)
        for name in dict.fromkeys((*ONWARD[file.case.step], *ALSO)):
            if name == "serve_hearing_notice":
                continue
            act = acts.get(name)
            for row in checks.rows_on(file, act.on):
                for user in who:
                    if not act.ask(file, row, user, today):
                        yield name
                        break

    # --- New cases --------------------------------------------------------------------------------

    def _morning(self) -> datetime:
        day = self.dice.choice([date(2025, 1, 6), date(2025, 3, 3), date(2025, 6, 9)])
        return at(day + timedelta(days=self.dice.randrange(4)), 10)

    def _arrival(self) -> Scene:
        return Scene(self.people, Case(), File(Case()), self._morning(), self.dice, 0.0)

    def open(self, findings: int = 0, *, beside: bool = False) -> Story | None:
        """Upon a visit, beside an order, or upon a complaint; `findings`: a visit with so many,
        of which the case takes one."""
        day = self._morning().date()
        facts: dict[str, Any] = {}
        if beside or (not findings and self.dice.random() < 0.2):
            order = self.desk.served()
            visit, day = order.inspection, date(2025, 1, 6)
            facts["order"] = order
        else:
            visit = self.desk.visit(findings or self.dice.choice([1, 2]), day=day)
        if self.dice.random() < 0.2:
            facts |= {"origin": "complaint", "informant": "匿名"}
        scene = self._arrival()
        scene.at = at(day + timedelta(days=4), 15)
        rows = visit.findings.select_related("inspection__unit", "violation_type")
        chosen = list(rows.order_by("ordinal"))[: 1 if findings else 2]
        return self._begun(
            "open_case", scene, lambda: opened(scene, chosen, visit.enterprise, **facts)
        )

    def open_on_the_spot(self, **wants: Any) -> Story | None:
        """Decided at once, from a visit of the same day."""
        scene = self._arrival()
        scene.wants = wants
        visit = self.desk.visit(1, day=scene.today)
        scene.at, scene.oddness = at(scene.today, 14), 0.0 if wants else 0.03
        try:
            given = spot_given(scene, visit)
        except Nothing:
            return None
        return self._begun(
            "issue_spot_decision",
            scene,
            lambda: cases.issue_spot_decision(visit, given, by=self.people.inspector, at=scene.at),
        )

    def _begun(self, name: str, scene: Scene, call: Any) -> Story | None:
        kept: list[Any] = []

        def keep() -> Any:
            kept.append(call())
            return Held(kept[0])

        if not self._call(name, None, scene.today, keep):
            return None
        self.cases += 1
        return Story(Held(kept[0]).case.pk, scene.at)

    # --- The end ----------------------------------------------------------------------------------

    def finish(self, story: Story, most: int = 90) -> None:
        """Bring the case to its end by the shortest way; that none is found is a violation."""
        for tried in range(most):
            state = Case.objects.values_list("state", flat=True).get(pk=story.pk)
            if state in FINAL:
                self.ended[state] += 1
                return
            if not any(self._do(story, name, wants) for name, wants in self._ways(story)):
                if story.now.date() > LAST:
                    break
                self.wait(story, step=1 if tried % 3 else 20)
        scene = self.scene(story)
        why = [
            str(r)
            for r in cases.can_ask_closing(scene.file, None, self.people.inspector, scene.today)
        ]
        self.violate("finish", f"no end from {scene.case.state}/{scene.case.step}: {why}")

    def lead(self, story: Story, name: str, **wants: Any) -> None:
        """A directed step with plausible input; "wait" lets days pass. Raises AssertionError."""
        if name == "wait":
            story.now += timedelta(days=wants["days"])
            return
        for _tried in range(4):
            if self._do(story, name, wants):
                return
        raise AssertionError(f"{name}: {self.why}")

    def _do(self, story: Story, name: str, wants: dict[str, Any]) -> bool | None:
        return self.perform(story, name, self.scene(story, **{"finish": True, **wants}))

    def _ways(self, story: Story) -> list[tuple[str, dict[str, Any]]]:
        file, people = self.scene(story).file, self.people
        state = file.case.state
        leaders = [
            who
            for who in (people.supervisor, people.deputy, people.reviewer)
            if who.pk not in file.investigator_ids
        ]
        leader = leaders[0] if leaders else UserFactory(unit=self.desk.unit, supervisor=True)
        found: list[tuple[str, dict[str, Any]]] = []
        if state == CaseState.OPENED:
            return [("decline_filing", {"by": leader})]
        if any(row.approved is None for row in file.closings):
            closer = next(
                w
                for w in (people.deputy, people.supervisor)
                if all(r.entered_by_id != w.pk for r in file.closings if r.approved is None)
            )
            return [("approve_closing", {"by": closer}), ("return_closing", {"by": closer})]
        if any(not row.disposal for row in file.preservations):
            found.append(("dispose_preservation", {}))
        if state == CaseState.FILED:
            return found + self._ways_before(file, leader)
        return found + self._ways_after(file, leader)

    def _ways_before(self, file: File, leader: Any) -> list[tuple[str, dict[str, Any]]]:
        if len(file.officers) < 2:
            free = UserFactory(unit=self.desk.unit, inspector=True)
            return [("add_officer", {"officer": free})]
        if not file.valid_decisions:
            if file.report is None or file.report.proposal != "termination":
                return [("report_findings", {"proposal": "termination", "ground": ""})]
            return [("terminate", {"by": leader})]
        left = [row for row in file.standing_respondents if file.decision(row) is None]
        found: list[tuple[str, dict[str, Any]]] = [("answer_defence", {})]
        if any(row.granted is None for row in file.recusals):
            row = next(row for row in file.recusals if row.granted is None)
            who = next(
                w for w in (self.people.deputy, self.people.supervisor) if w.pk != row.person_id
            )
            found.append(("decide_recusal", {"granted": False, "by": who}))
        if file.report is None or file.report.proposal != "no_penalty":
            found.append(("verify_exhibits", {}))
            found.append(("add_exhibit", {}))
            found.insert(0, ("report_findings", {"proposal": "no_penalty", "ground": "no_fault"}))
            return found
        found.append(("verify_exhibits", {}))
        found += [("remove_item", {"row": item}) for row in left for item in file.items_of(row)]
        found += [("issue_decision", {"row": row, "by": leader}) for row in left]
        found.append(("approve_decision", {"agreed": True, "by": leader}))
        found.append(("hold_discussion", {"agreed": True}))
        found.append(("give_review", {"opinion": "agree"}))
        return found

    def _ways_after(self, file: File, leader: Any) -> list[tuple[str, dict[str, Any]]]:
        found: list[tuple[str, dict[str, Any]]] = []
        if any(not row.result for row in file.remedies):
            found.append(("record_result", {"result": "upheld", "effective": True}))
        if any(row.result and row.effective_on is None for row in file.remedies):
            found.append(("take_effect", {}))
        if any(row.until_on is None for row in file.stays):
            found.append(("end_stay", {}))
        for row in file.valid_decisions:
            if row.served_on is None:
                found.append(("record_service", {}))
            elif row.fine is not None:
                found.append(("record_payment", {"row": row}))
        if any(row.lifted_on is None for row in file.stop_measures):
            found += [("end_measure", {}), ("lift_measure", {})]
        for ground in ("performed", "unpunished", "impossible", "crime"):
            found.append(("ask_closing", {"ground": ground}))
        return found


class Held:
    """What opened a case, with the case and the id of what was made."""

    def __init__(self, row: Any) -> None:
        self.row = row
        self.pk = row.pk
        self.case = row if isinstance(row, Case) else row.case
