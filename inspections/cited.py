"""What inspections tell the register of law: which findings cite an article."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from inspections.models import Citation, Finding, Inspection
from legal import citations, cited
from legal.cited import Citing, Row
from legal.models import Article

AT_MOST = 10


@cited.source
def findings(article: Article, user: User) -> Citing | None:
    """The newest findings that cite the article or a part of it, in the reader's own scope."""
    if not user.may("inspections.view"):
        return None
    citing = Citation.objects.filter(article__in=cited_with(article))
    found = (
        Finding.objects.visible_to(user)
        .filter(pk__in=citing.values("finding"))
        .exclude(inspection__state=Inspection.State.DISCARDED)
        .select_related("inspection__enterprise", "violation_type")
        .order_by("-inspection__started_at", "ordinal", "pk")
    )
    rows = tuple(
        Row(
            title=finding.violation_type.name,
            url=finding.inspection.get_absolute_url(),
            text=_("%(enterprise)s · %(number)s")
            % {
                "enterprise": finding.inspection.enterprise,
                "number": finding.inspection.number,
            },
            at=finding.inspection.started_at,
        )
        for finding in found[:AT_MOST]
    )
    return Citing(
        name=_("引用的发现"),
        count=len(rows) if len(rows) < AT_MOST else found.count(),
        rows=rows,
        url=f"{reverse('inspections:list')}?{urlencode({'article': article.ref})}",
    )


def cited_with(article: Article) -> list[int]:
    """The articles whose citation cites this one: itself and every part of it."""
    return [part.pk for part in citations.register().parts(article)]
