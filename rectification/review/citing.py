"""The citations of a file, and its papers with their sums."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from inspections import noted
from inspections.models import Finding
from legal.citations import Note, Register
from notices.models import Notice
from rectification.review.entries import DEFECT, NOTE, OK, REMIND, Check, Looked, Sheet
from rectification.review.facts import Facts


def looked(facts: Facts) -> tuple[Looked, ...]:
    """Each finding with what is said about its citations."""
    url = facts.order.inspection.get_absolute_url()
    return tuple(
        finding_entry(
            finding,
            facts.books,
            noted.notes(finding, facts.books),
            number=facts.numbers[finding.pk],
            url=f"{url}#finding-{finding.ordinal}",
        )
        for finding in facts.findings
    )


def finding_entry(
    finding: Finding,
    books: Register,
    notes: Sequence[Note],
    *,
    number: int,
    url: str,
) -> Looked:
    """One finding for the page of a review."""
    return Looked(
        ordinal=number,
        name=books.types[finding.violation_type_id].name,
        url=url,
        cited=tuple(
            (row.role, books.article(row.article_id), row.override_reason)
            for row in finding.cited()
        ),
        notes=tuple(noted.shown(note) for note in notes),
    )


def sheets(facts: Facts) -> tuple[Sheet, ...]:
    """Every paper of the order with the sums of its words and of its file."""
    return tuple(
        Sheet(
            title=str(notice.get_kind_display()),
            number=notice.number,
            url=reverse("notices:detail", args=[notice.pk]),
            sha256=notice.pdf_sha256,
            checks=_sums(notice),
        )
        for notice in facts.notices
    )


def _sums(notice: Notice) -> tuple[Check, ...]:
    found = []
    url, word = reverse("notices:detail", args=[notice.pk]), _("看文书")
    same = hashlib.sha256(notice.words.encode()).hexdigest() == notice.words_sha256
    found.append(
        Check(OK, _("正文与签发时的校验值一致"))
        if same
        else Check(DEFECT, _("正文与签发时的校验值不一致"), url=url, url_text=word)
    )
    if notice.pdf is None:
        found.append(Check(REMIND, _("PDF 还没有生成"), url=url, url_text=word))
    elif notice.pdf.sha256 == notice.pdf_sha256:
        found.append(Check(OK, _("PDF 与登记的校验值一致")))
    else:
        found.append(Check(DEFECT, _("PDF 与登记的校验值不一致"), url=url, url_text=word))
    if notice.state != Notice.State.VALID:
        found.append(Check(NOTE, _("文书状态：%(state)s") % {"state": notice.get_state_display()}))
    return tuple(found)
