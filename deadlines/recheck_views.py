"""The page that says which dates today's calendars would set differently. It changes nothing."""

from __future__ import annotations

from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import access
from deadlines import recheck, registry
from deadlines.models import Deadline

SHOWN_AT_MOST = 100


@require_safe
@access.verb("law.view")
def recheck_(request: HttpRequest) -> HttpResponse:
    """The open deadlines of the own units that would come out differently, and why."""
    rows = Deadline.objects.visible_to(request.user)
    found = recheck.differences(rows)
    pairs = list(islice(recheck.deadlines_of(found.differences, rows), SHOWN_AT_MOST))
    # Whoever may read the law learns the days; what they belong to is for those who see orders.
    subjects = {}
    if request.user.may("orders.view"):
        subjects = registry.describe(
            {(each.subject_type, each.subject_id) for each, _difference in pairs}
        )
    return render(
        request,
        "deadlines/recheck.html",
        {
            "found": found,
            "rows": [
                {
                    "deadline": deadline,
                    "difference": difference,
                    "subject": subjects.get((deadline.subject_type, deadline.subject_id)),
                }
                for deadline, difference in pairs
            ],
            "hidden": found.number - len(pairs),
            "may_open": request.user.may("orders.view"),
        },
    )
