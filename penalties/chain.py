"""The way of each finding through the portal: advice → order → warning → fine → referral.

One finding may have been answered more than once; the case shows all of it, in order of days.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _

from inspections.models import Inspection
from legal import periods
from notices.kinds.inspections import ADVISORY
from notices.models import Notice
from penalties.casefile import File
from rectification.models import Item
from rectification.telling import listed


@dataclass(frozen=True)
class Link:
    """One answer to a finding; `day` is None where none is known yet."""

    word: str
    day: date | None = None
    note: str = ""
    url: str = ""


def of(file: File) -> dict[UUID, list[Link]]:
    """What was done about each finding of the case; three queries however many there are."""
    found: dict[UUID, list[Link]] = defaultdict(list)
    _advised(file, found)
    _ordered(file, found)
    _punished(file, found)
    _referred(file, found)
    for links in found.values():
        links.sort(key=lambda link: link.day or date.max)
    return found


def _advised(file: File, found: dict[UUID, list[Link]]) -> None:
    visits = {row.inspection_id for row in file.findings}
    by_id = {str(row.pk): row.pk for row in file.findings}
    letters = (
        Notice.objects.valid()
        .filter(
            kind=ADVISORY,
            subject_type=ContentType.objects.get_for_model(Inspection),
            subject_id__in=visits,
        )
        .defer("words", "fingerprint")
    )
    for letter in letters:
        link = Link(
            _("督促指导"),
            letter.issued_on,
            letter.number,
            reverse("notices:detail", args=[letter.pk]),
        )
        for key in letter.snapshot.get("advised", []):
            if key in by_id:
                found[by_id[key]].append(link)


def _ordered(file: File, found: dict[UUID, list[Link]]) -> None:
    rows = (
        Item.objects.filter(finding__in=[row.pk for row in file.findings])
        .exclude(order__issued_at=None)
        .select_related("order__notice")
        .defer("order__notice__words", "order__notice__snapshot", "order__notice__fingerprint")
    )
    for row in rows:
        order = row.order
        assert order.issued_at is not None
        day = periods.local_date(order.issued_at)
        note = order.get_verdict_display() if order.verdict else order.get_state_display()
        found[row.finding_id].append(Link(_("责令改正"), day, str(note), order.get_absolute_url()))


def _punished(file: File, found: dict[UUID, list[Link]]) -> None:
    for decision in file.valid_decisions:
        words = listed(decision.measure_words) if decision.measures else _("不予行政处罚")
        link = Link(words, decision.decided_on, decision.number, decision.get_absolute_url())
        own = {
            finding.pk
            for item in file.items_of(decision.respondent)
            for finding in item.findings.all()
        }
        for finding in file.findings:
            if not own or finding.pk in own:
                found[finding.pk].append(link)


def _referred(file: File, found: dict[UUID, list[Link]]) -> None:
    for row in file.referrals:
        part = {finding.pk for finding in row.findings.all()}
        note = row.get_answer_display() if row.answer else _("等待答复")
        link = Link(str(row.get_to_display()), row.sent_on, str(note), row.get_absolute_url())
        for finding in file.findings:
            if row.whole or finding.pk in part:
                found[finding.pk].append(link)
