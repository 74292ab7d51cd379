"""A whole file of a case, put together row by row; each name in `plants` spoils one thing in it.

The unit (A) is fined and waives its hearing; the person in charge (B) defends itself and is heard;
a second one (D) is fined less. Found on 6 January 2025, filed on the 10th, told on the 20th,
heard on 14 February, decided on the 21st.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from inspections import fieldwork
from inspections.models import Inspection
from legal.models import Article, ViolationType
from notices.models import Notice, Scan
from penalties import models as rows
from penalties import owing, proposal, ranges
from penalties.casefile import File
from penalties.models import Case, Decision, Respondent, Told
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.inspections import finding, visit
from tests.factories.penalties import tier
from tests.factories.rectification import PARTY, Desk, at
from tests.factories.vault import png, stored_file

VISIT = date(2025, 1, 6)
FILED, REPORTED, TOLD = date(2025, 1, 10), date(2025, 1, 17), date(2025, 1, 20)
HEARD, DECIDED, SERVED = date(2025, 2, 14), date(2025, 2, 21), date(2025, 2, 24)
LOOKED = date(2025, 10, 10)


class Planted:
    """`Planted(desk, {"ninety", …}).file` has these defects and no others."""

    def __init__(self, desk: Desk, plants: Iterable[str] = ()) -> None:
        self.desk, self.plants = desk, set(plants)
        self.case = self._case()
        self._people()
        self._inquiry()
        self._proposal()
        self._told()
        self._hearing()
        self._words()
        self._decided()
        self._money()

    @property
    def file(self) -> File:
        return File(Case.objects.for_list().get(pk=self.case.pk))

    def _if(self, plant: str, spoiled: Any, sound: Any) -> Any:
        return spoiled if plant in self.plants else sound

    def _add(self, model: Any, at_: Any = None, **facts: Any) -> Any:
        entered = {"entered_at": at_ or at(FILED), "entered_by": self.desk.inspector}
        return model.objects.create(case=self.case, **(entered | facts))

    # --- The parts ----------------------------------------------------------------------------

    def _case(self) -> Case:
        desk = self.desk
        seen = self._visit() if "limitation" in self.plants else desk.visit(1, day=VISIT)
        self.finding = seen.findings.get()
        case = Case.objects.create(
            unit=desk.unit,
            enterprise=seen.enterprise,
            inspection=seen,
            origin="inspection",
            cause="不履行网络安全保护义务",
            filed_on=self._if("order_visit", VISIT - timedelta(days=1), FILED),
            filed_by=desk.inspector,
            approved_at=self._if("unfiled", None, at(FILED)),
            approved_by=self._if("unfiled", None, desk.supervisor),
            state=Case.State.FILED,
            decision_due_on=self._if("ninety", date(2025, 2, 17), date(2025, 4, 10)),
            is_grave=True,
        )
        rows.CaseFinding.objects.create(case=case, finding=self.finding)
        return case

    def _visit(self) -> Inspection:
        """What was found on that day was over three years before."""
        desk, over = self.desk, date(2022, 3, 1)
        enterprise = EnterpriseFactory(unit=desk.unit, name=PARTY)
        seen = visit(
            desk.inspector,
            started_at=at(VISIT, 10),
            ended_at=at(VISIT, 12),
            officers=list(desk.pair),
            enterprise=enterprise,
        )
        finding(
            seen,
            desk.inspector,
            at=at(VISIT, 12),
            violation_type=ViolationType.objects.get(pk="PII_UNENCRYPTED"),
            duty=[Article.objects.by_ref("CSL@2016:21")],
            penalty=[Article.objects.by_ref("CSL@2016:59(1)")],
            act_from=over,
            act_to=over,
        )
        return fieldwork.record_inspection(seen, by=desk.inspector, at=at(VISIT, 13))

    def _people(self) -> None:
        desk, case = self.desk, self.case
        self.third = UserFactory(unit=desk.unit, inspector=True, name="农国强")
        self.host = UserFactory(unit=desk.unit, legal_reviewer=True, name="梁主持")
        self.reviewer = UserFactory(unit=desk.unit, legal_reviewer=True, name="陆文静")
        for who, until, expires in (
            (desk.inspector, None, date(2027, 1, 1)),
            (
                desk.colleague,
                self._if("two_officers", date(2025, 2, 18), None),
                date(2027, 1, 1),
            ),
            (
                self.third,
                date(2025, 1, 15),
                self._if("certificate", date(2025, 1, 10), date(2027, 1, 1)),
            ),
        ):
            self._add(
                rows.CaseOfficer,
                officer=who,
                name=who.name,
                certificate_number="桂001",
                certificate_expires_on=expires,
                from_on=FILED,
                until_on=until,
            )
        self.a = self._add(
            Respondent,
            kind="unit",
            enterprise=case.enterprise,
            name=case.enterprise.name,
            credit_code="91450100MA5990000X",
            representative="覃某某",
            address="南宁市青秀区演示路1号",
        )
        self.b = self._person("陈某某", "450100198406090033", position=2)
        self.d = self._person("李某某", "450100199001010018", position=3)
        self._add(
            rows.Recusal,
            person=desk.colleague,
            motion="requested",
            ground="当事人认为有利害关系",
            requested_on=date(2025, 1, 13),
            due_on=date(2025, 1, 15),
            granted=False,
            decided_on=self._if("recusal_late", date(2025, 1, 16), date(2025, 1, 15)),
            decided_by=desk.supervisor,
        )

    def _person(self, name: str, identity: str, position: int) -> Respondent:
        spoiled = name == "陈某某" and "particulars" in self.plants
        return self._add(  # type: ignore[no-any-return]
            Respondent,
            kind="person",
            role="in_charge",
            position=position,
            name=name,
            sex="男",
            identity_kind="居民身份证",
            identity="" if spoiled else identity,
            born_on="1984-06-09",
            residence="南宁市兴宁区",
            address="南宁市青秀区演示路22号",
            workplace="该公司总经理",
        )

    def _inquiry(self) -> None:
        desk = self.desk
        pair = {"officer_1": desk.inspector, "officer_2": desk.colleague}
        begun = self._if("order_statement", date(2025, 1, 9), date(2025, 1, 13))
        self._add(
            rows.Statement,
            respondent=self.b,
            person=self.b.name,
            begun_at=at(begun, 9),
            ended_at=at(begun, 10),
            place="办案区",
            officer_1=self.third,
            officer_2=desk.colleague,
            rights_told="statement_rights" not in self.plants,
            signature=self._if("statement_unsigned", "none", "signed"),
        )
        if "statement_twice" in self.plants:
            self._add(
                rows.Statement,
                person="王某",
                begun_at=at(begun, 9, 30),
                ended_at=at(begun, 11),
                place="办案区",
                rights_told=True,
                signature="signed",
                **pair,
            )
        for number, title in ((1, "检查记录"), (2, "数据库截图")):
            if "evidence_none" in self.plants:
                break
            second = number == 2
            self._add(
                rows.Exhibit,
                number=number,
                kind="document",
                title=title,
                proves="明文存储个人信息",
                source="现场提取",
                collected_on=date(2025, 1, 20)
                if second and "order_evidence" in self.plants
                else VISIT,
                verified=not (second and "evidence_unverified" in self.plants),
                **(
                    pair | {"officer_2": None}
                    if second and "evidence_officers" in self.plants
                    else pair
                ),
            )
        self._add(
            rows.Preservation,
            taken_at=at(date(2025, 1, 13)),
            approved_by=desk.supervisor,
            holder="该公司",
            place="机房",
            due_on=date(2025, 1, 22),
            disposal="returned",
            disposed_on=self._if("preservation", date(2025, 1, 23), date(2025, 1, 22)),
            **pair,
        )
        self._add(
            rows.Appraisal,
            subject="日志完整性",
            appraiser="某鉴定中心",
            sent_on=date(2025, 1, 13),
            received_on=self._if("appraisal_open", date(2025, 2, 24), date(2025, 1, 15)),
            opinion="日志不完整",
            copy_due_on=self._if("appraisal_open", date(2025, 3, 1), date(2025, 1, 20)),
            copy_served_on=self._if("appraisal_copy", date(2025, 1, 24), date(2025, 1, 20)),
        )
        self._add(
            rows.Exclusion,
            ground="appraisal",
            from_on=date(2025, 1, 13),
            to_on=self._if("exclusion_open", None, date(2025, 1, 15)),
        )
        if "report_missing" not in self.plants:
            self._add(
                rows.Report,
                facts="以明文存储个人信息",
                reasons="违法事实清楚",
                proposal="penalty",
                reported_on=self._if("order_report", date(2025, 1, 9), REPORTED),
            )

    def _proposal(self) -> None:
        fined = tier("CSL@2016:59(1)", 1)
        future = tier("CSL@2025:61(1)", 0)
        warned = self._if("version", future, tier("CSL@2016:59(1)", 0))
        self._item(self.a, "warning", warned)
        override = {
            "override_organ": "某省公安厅",
            "override_number": "桂公发〔2025〕3号",
            "override_on": date(2025, 3, 1),
            "override_reason": "情节特别恶劣",
        }
        self._item(
            self.a,
            "fine",
            fined,
            Decimal(20_000),
            **self._if("override", override, {}),
            **self._if("deviation", {"suggestion": {"low": "30000", "high": "40000"}}, {}),
            condition_reason=self._if("tier_reason", " ", "拒不改正"),
        )
        self._item(self.b, "fine", fined, Decimal(self._if("range", 60_000, 6_000)))
        self._item(self.d, "fine", fined, Decimal(5_000))
        if "kind" in self.plants:
            self._item(self.d, "suspension", fined, detail="停业整顿")

    def _item(
        self, whom: Respondent, measure: str, rung: Any, amount: Decimal | None = None, **more: Any
    ) -> None:
        facts = {"condition_reason": "拒不改正"} | more
        self._add(
            rows.Item,
            respondent=whom,
            measure=measure,
            tier=rung,
            clause={"ref": rung.article.ref, "cite": rung.article.cite_zh()},
            condition_met=True,
            amount=amount,
            position=rows.Item.objects.filter(case=self.case).count() + 1,
            **facts,
        )

    def _told(self) -> None:
        file, desk = self.file, self.desk
        self.tolds = {}
        for party in (self.a, self.b, self.d):
            if party == self.d and "told_missing" in self.plants:
                continue
            told = proposal.of(file, party)
            if party == self.a and "told_other" in self.plants:
                told["items"] = told["items"][:1]
            ground = ranges.hearing_ground(file.items_of(party), party.is_person)
            if party == self.d and "hearing_unoffered" in self.plants:
                ground = ""
            early = party == self.d and "order_told" in self.plants
            late = party == self.d and "order_decided_told" in self.plants
            day = date(2025, 1, 16) if early else date(2025, 2, 25) if late else TOLD
            waived = party != self.b
            window = party == self.d and "defence_window" in self.plants
            heard = party == self.d and "hearing_window" in self.plants
            self.tolds[party.pk] = self._add(
                Told,
                at(day),
                respondent=party,
                given_at=at(day),
                officer_1=desk.inspector,
                officer_2=desk.colleague,
                informed=party.name,
                proposal=told,
                digest=proposal.digest(told),
                defence="later" if window else "waived" if waived else "claimed",
                defence_until=date(2025, 2, 21) if window else date(2025, 1, 23),
                hearing="later" if heard else "waived" if waived else "claimed",
                hearing_ground=ground,
                hearing_until=(date(2025, 2, 21) if heard else date(2025, 1, 27))
                if ground
                else None,
                notice=self._notice("penalty_notice", party, TOLD) if party == self.a else None,
            )
        answer: dict[str, Any] = {
            "finding": "rejected",
            "answer": "理由不成立",
            "answered_on": date(2025, 1, 24),
            "answered_by": desk.inspector,
        }
        self._add(
            rows.Defence,
            told=self.tolds[self.b.pk],
            received_on=date(2025, 1, 22),
            text="已经整改",
            **self._if("defence_unanswered", {}, answer),
        )

    def _notice(self, kind: str, party: Respondent, day: date) -> Notice:
        number = Notice.objects.count() + 1
        void = kind == "penalty_notice" and "paper_void" in self.plants
        return Notice.objects.create(
            unit=self.case.unit,
            kind=kind,
            year=2025,
            serial=number,
            number=f"评查演练〔2025〕{number}号",
            addressee=party.name,
            words="演练",
            words_sha256="0" * 64,
            template="演练",
            template_version="1",
            is_demonstration=True,
            subject_type=ContentType.objects.get_for_model(Case),
            subject_id=self.case.pk,
            issued_at=at(day),
            issued_on=day,
            issued_by=self.desk.supervisor,
            state="withdrawn" if void else "valid",
            ended_on=day if void else None,
        )

    def _hearing(self) -> None:
        reported = self._if("order_hearing_report", date(2025, 2, 13), date(2025, 2, 17))
        if "hearing_unreported" in self.plants:
            reported = None
        held = {
            "begun_at": at(HEARD, 9),
            "ended_at": at(HEARD, 11),
            "record": "双方陈述、质证",
        }
        self._add(
            rows.Hearing,
            told=self.tolds[self.b.pk],
            requested_on=date(2025, 1, 22),
            accept_due_on=date(2025, 1, 24),
            accepted=True,
            accepted_on=self._if("hearing_accept_late", date(2025, 1, 26), date(2025, 1, 23)),
            presider=self._if("hearing_host", self.desk.inspector, self.host),
            noticed_on=self._if("hearing_notice_late", date(2025, 2, 8), date(2025, 1, 24)),
            planned_at=at(HEARD, 9),
            record_signed="hearing_unsigned" not in self.plants,
            report="听证情况如下" if reported else "",
            reported_on=reported,
            **held,
        )

    def _words(self) -> None:
        digest = proposal.whole_digest(self.file)
        who: User = self._if("reviewer_investigated", self.third, self.reviewer)
        day = date(2025, 2, 18)
        if "order_review_hearing" in self.plants:
            day = date(2025, 2, 12)
        if "order_review" in self.plants:
            day = date(2025, 2, 24)
        rows.Reviewer.objects.create(
            user=who,
            qualification_number=self._if("reviewer_unqualified", "", "A2018"),
            reviewing_since=date(2019, 1, 1),
        )
        if "review_missing" not in self.plants:
            self._add(
                rows.LegalReview,
                at(day),
                asked_on=HEARD,
                reviewer=who,
                opinion=self._if("review_ignored", "amend", "agree"),
                text="事实清楚",
                given_on=day,
                digest=digest,
            )
        talked = self._if("order_discussion", date(2025, 2, 22), date(2025, 2, 19))
        if "discussion_missing" not in self.plants:
            self._add(
                rows.Discussion,
                at(talked),
                held_at=at(talked),
                presider="覃局长",
                attendees=["覃局长", "韦副局长"],
                minutes=self._if("discussion_minutes", " ", "逐人发表意见，一致同意。"),
                agreed=True,
                conclusion="同意",
                digest=digest,
            )
        if "approval_missing" not in self.plants:
            day = self._if("order_approval", date(2025, 2, 22), date(2025, 2, 20))
            by = self._if("approver_investigated", self.desk.inspector, self.desk.supervisor)
            self._add(
                rows.Approval, at(day), entered_by=by, agreed=True, opinion="同意", digest=digest
            )

    def _decided(self) -> None:
        file = self.file
        self.decisions = {}
        for number, party in enumerate((self.a, self.b, self.d), start=1):
            frozen = [proposal.item(each) for each in file.items_of(party)]
            sums = [Decimal(each["amount"]) for each in frozen if each["amount"]]
            late = party == self.b and "served_late" in self.plants
            never = party == self.d and "unserved" in self.plants
            on_paper = party == self.a
            self.decisions[party.pk] = self._add(
                Decision,
                at(DECIDED),
                respondent=party,
                kind="penalty",
                number=""
                if party == self.d and "unnumbered" in self.plants
                else f"评查演练罚〔2025〕{number}号",
                notice=self._notice("penalty_decision", party, DECIDED) if on_paper else None,
                decided_on=DECIDED,
                decided_by=self.desk.supervisor,
                measures=sorted({each["measure"] for each in frozen}),
                items=frozen,
                fine=sum(sums),
                service_due_on=date(2025, 2, 28),
                served_on=None if never else date(2025, 3, 3) if late else SERVED,
                payment_due_on=None if never else date(2025, 3, 18) if late else date(2025, 3, 11),
            )
        paper = self.decisions[self.a.pk].notice
        if "receipt" not in self.plants:
            Scan.objects.create(
                notice=paper,
                kind="receipt",
                file=stored_file(png()),
                filed_by=self.desk.inspector,
                filed_at=at(SERVED),
            )
        Case.objects.filter(pk=self.case.pk).update(
            state="decided",
            outcome="penalty",
            decided_on=DECIDED,
            measures=["warning", "fine"],
            fine=Decimal(20_000),
            decision_entered_by=self.desk.supervisor,
        )

    def _money(self) -> None:
        """B pays in cash; A does not pay: demand, then the court."""
        paid = self._add(
            rows.Payment,
            at(SERVED),
            decision=self.decisions[self.b.pk],
            paid_on=self._if("order_payment", date(2025, 2, 20), SERVED),
            amount=self.decisions[self.b.pk].fine,
            way="cash",
            receipt_number=self._if("receipt_number", "", "桂财票001"),
        )
        self._add(
            rows.Cash,
            payment=paid,
            officer=self.desk.inspector,
            due_on=date(2025, 2, 26),
            handed_in_on=self._if("cash_late", date(2025, 2, 27), date(2025, 2, 26)),
            banked_on=date(2025, 2, 27),
        )
        owed = self.decisions[self.a.pk]
        made = self._if("order_demand", date(2025, 3, 10), date(2025, 3, 20))
        asked = date(2025, 9, 1)
        if "demand_missing" not in self.plants:
            self._add(
                rows.Demand,
                decision=owed,
                made_on=made,
                principal=owed.fine,
                surcharge=self._surcharge(owed, made)
                + self._if("surcharge", Decimal("600.00"), Decimal(0)),
                served_on=made,
                ready_on=made + timedelta(days=10),
            )
        self._add(
            rows.CourtApplication,
            decision=owed,
            court="南宁铁路运输法院",
            applied_on=asked,
            principal=owed.fine,
            surcharge=self._surcharge(owed, asked),
        )
        if "fined_twice" in self.plants:
            self._twin()

    def _surcharge(self, decision: Decision, day: date) -> Decimal:
        found = owing.of(self.file, decision, day).surcharge_left
        assert found is not None
        return found

    def _twin(self) -> None:
        """Another case, with a fine upon the same finding."""
        other = Case.objects.create(
            unit=self.case.unit,
            enterprise=self.case.enterprise,
            inspection=self.case.inspection,
            origin="inspection",
            cause="同一行为",
            filed_on=FILED,
            filed_by=self.desk.inspector,
            state=Case.State.FILED,
            decision_due_on=date(2025, 4, 10),
        )
        rows.CaseFinding.objects.create(case=other, finding=self.finding, live=False)
        whom = Respondent.objects.create(
            case=other,
            entered_at=at(FILED),
            entered_by=self.desk.inspector,
            kind="unit",
            enterprise=self.case.enterprise,
            name=self.case.enterprise.name,
        )
        Decision.objects.create(
            case=other,
            entered_at=at(FILED),
            entered_by=self.desk.inspector,
            respondent=whom,
            kind="penalty",
            number="评查演练罚〔2025〕99号",
            decided_on=date(2025, 2, 3),
            decided_by=self.desk.supervisor,
            measures=["fine"],
            fine=Decimal(10_000),
        )
