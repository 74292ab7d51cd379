"""What the self-review of a case asks of publication (行政处罚法 48): in time, and taken back in
time once the decision fell."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from bulletins.models import Publication
from bulletins.publications import PUBLISH_KIND, WITHDRAW_KIND
from deadlines.models import Deadline
from penalties.review.rules import MINOR, Fault, Look, rule, said


@rule("publish_late", gettext_lazy("决定没有按时公开"), MINOR, "APL@2021:48(1)")
def publish_late(look: Look) -> Iterator[Fault]:
    """Not public on the last day, or only after it."""
    yield from _late(look, PUBLISH_KIND, _("处罚决定应在%(due)s前公开。"))


@rule("withdraw_late", gettext_lazy("公开没有按时撤回"), MINOR, "APL@2021:48(2)")
def withdraw_late(look: Look) -> Iterator[Fault]:
    """The decision fell, and what was public stayed so for too long."""
    yield from _late(look, WITHDRAW_KIND, _("公开的决定应在%(due)s前撤回。"))


def _late(look: Look, kind: str, text: Promise) -> Iterator[Fault]:
    for publication in Publication.objects.filter(case=look.case):
        for deadline in Deadline.objects.of(publication).filter(kind=kind):
            ended = deadline.ended_on if deadline.state == Deadline.MET else None
            runs = deadline.state == Deadline.RUNNING
            if (ended and ended > deadline.due_on) or (runs and look.today > deadline.due_on):
                url = publication.get_absolute_url()
                yield Fault(said(str(text), due=deadline.due_on), tab="remedies", url=url)
