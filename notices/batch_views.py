"""Many papers at once in the browser: choose, look at what it would hold, ask, fetch.

A batch belongs to whoever asked for it: nobody else may open it, and nor may that person once its
unit is out of reach.
"""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Request, background, verb
from audit import trail
from audit.trail import Reason, Refused
from enterprises import paging
from notices import batches
from notices.batches import Preview, standing
from notices.batches.rows import IN, WAITING
from notices.forms import NoticeFilter
from notices.models import Batch, Notice
from vault import files

VIEWS = ("all", "unready", "ready")
FORMS = (Batch.Form.PDF, Batch.Form.ZIP)
LISTED = 300  # lines of a preview


@require_safe
@verb("notices.view")
def batch_list(request: Request) -> HttpResponse:
    """The person's own, newest first; `view` chooses those that are ready, or not yet."""
    view = request.GET.get("view", "all")
    view = view if view in VIEWS else "all"
    own = _mine(request)
    if view != "all":
        own = own.filter(ready_at__isnull=view == "unready")
    page = paging.page(own.defer("entries"), order=["-asked_at", "-id"], params=request.GET)
    where = standing.of(page.rows)
    words = {"all": _("全部"), "unready": _("没有做好"), "ready": _("已完成")}
    return render(
        request,
        "notices/batches.html",
        {
            "page": page,
            "rows": [{"batch": batch, "standing": where[batch.pk]} for batch in page],
            "views": [
                {
                    "name": words[each],
                    "url": f"{request.path}?view={each}",
                    "here": each == view,
                }
                for each in VIEWS
            ],
            "narrowed": view != "all",
            "days": batches.KEEP.days,
            "summary": ngettext("本页 %(number)s 份", "本页 %(number)s 份", len(page))
            % {"number": len(page)},
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@verb("notices.view")
def batch_new(request: Request) -> HttpResponse:
    """What a selection would hold (`paper=…`, or `all=1` with the conditions of the list), and the
    request to make it."""
    asked = request.POST if request.method == "POST" else request.GET
    preview = _chosen(asked, request)
    form = asked.get("form", Batch.Form.PDF)
    form = form if form in FORMS else Batch.Form.PDF
    reasons = batches.can_ask(preview, form, request.user)
    if request.method == "POST":
        try:
            batch = batches.ask_for_papers(
                preview, form, token=_token(asked), by=request.user, at=timezone.now()
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            _say_change(request, asked, len(preview.rows))
            return redirect("notices:batch", pk=batch.pk)
    everything = bool(asked.get("all"))
    return render(
        request,
        "notices/batch_new.html",
        {
            "preview": preview,
            "rows": preview.rows[:LISTED],
            "reasons": reasons,
            "form": form,
            "forms": [(each.value, each.label) for each in FORMS],
            "token": uuid4(),
            "hidden": _carried(asked, preview, everything),
            "most": batches.MOST_PAPERS,
            "days": batches.KEEP.days,
        },
        status=422 if request.method == "POST" else 200,
    )


def _chosen(asked: QueryDict, request: Request) -> Preview:
    if not asked.get("all"):
        return batches.of_papers(_keys(asked.getlist("paper")), request.user)
    conditions = NoticeFilter(asked, user=request.user, today=timezone.localdate())
    return batches.of_papers(
        conditions.narrow(Notice.objects.visible_to(request.user)), request.user
    )


def _keys(texts: list[str]) -> list[UUID]:
    """The keys that read; addresses get cut when they are pasted."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _token(asked: QueryDict) -> UUID:
    """Makes a second press of the button the same request."""
    return next(iter(_keys([asked.get("token", "")])), None) or uuid4()


def _carried(asked: QueryDict, preview: Preview, everything: bool) -> list[tuple[str, str]]:
    """The hidden fields of the form: the choice itself, and how many were seen."""
    if everything:
        names = NoticeFilter.base_fields
        kept = [(name, str(asked[name])) for name in names if asked.get(name)]
        return [*kept, ("all", "1"), ("seen", str(len(preview.rows)))]
    return [("paper", row.key.removeprefix("notice:")) for row in preview.rows]


def _say_change(request: Request, asked: QueryDict, now: int) -> None:
    seen = asked.get("seen", "")
    if seen.isdecimal() and len(seen) < 6 and int(seen) != now:
        text = _("预览之后有变化：符合条件的现在是 %(n)s 份，已按现在的制作。")
        messages.warning(request, text % {"n": now})


# --- One batch -----------------------------------------------------------------------------------


@require_safe
@verb("notices.view")
def batch(request: Request, pk: UUID) -> HttpResponse:
    """How far it is; when it is made, what became of each part."""
    found = _own(request, pk)
    where = standing.of([found])[found.pk]
    rows = batches.rows_of(found)
    odd = [row for row in rows if row.state not in (IN, WAITING) or row.reason]
    return render(
        request,
        "notices/batch.html",
        {
            "batch": found,
            "standing": where,
            "rows": rows,
            "included": sum(row.state == IN for row in rows),
            "odd": odd,
            "told": _told(found),
            "until": found.asked_at + batches.KEEP,
            "days": batches.KEEP.days,
            "back": found.subject.get_absolute_url() if found.subject else "",
        },
    )


@require_safe
@background
@verb("notices.view")
def batch_state(request: Request, pk: UUID) -> JsonResponse:
    """Asked by the page every two seconds while it is being made."""
    found = _own(request, pk)
    where = standing.of([found])[found.pk]
    return JsonResponse(
        {
            "state": where.code,
            "word": str(where.word),
            "reason": where.reason,
            "done": found.done,
            "total": found.total,
            "told": _told(found),
        }
    )


@require_safe
@verb("notices.view")
def batch_file(request: Request, pk: UUID) -> HttpResponse:
    """The finished file; each download is on the record."""
    found = _own(request, pk)
    if found.file is None:
        messages.warning(request, _("这份文件还没有做好。"))
        return redirect("notices:batch", pk=found.pk)
    try:
        answer = files.response(found.file)
    except files.Damaged:
        messages.error(request, _("这份文件已损坏，请重新制作。"))
        return redirect("notices:batch", pk=found.pk)
    trail.record(
        "notices.download_batch",
        found,
        by=request.user,
        at=timezone.now(),
        data={"file": found.file.pk, "sha256": found.file.sha256},
    )
    answer["Content-Type"] = found.file.content_type
    return answer


def _told(found: Batch) -> str:
    return _("已处理 %(done)s 件，共 %(total)s 件") % {"done": found.done, "total": found.total}


def _mine(request: HttpRequest) -> Any:
    return Batch.objects.visible_to(request.user).filter(by=request.user)


def _own(request: HttpRequest, pk: UUID) -> Batch:
    return get_object_or_404(_mine(request).select_related("file", "unit", "subject_type"), pk=pk)


# --- The file of a case: the rooms above have the door, this is what is behind it ----------------


def case_file(
    request: Request,
    subject: models.Model,
    *,
    name: str,
    crumbs: list[dict[str, str]],
) -> HttpResponse:
    """The preview of a case file, and the request to make it.

    Args:
        subject: the record, found through `visible_to` by the view that has the door.
        name: what the page calls it.
        crumbs: the way to it, last the record itself: [{"url", "word"}].
    """
    preview = batches.case_file(subject, request.user)
    originals = request.POST.get("originals") == "1"
    reasons: list[Reason] = batches.can_ask(
        preview, Batch.Form.BUNDLE, request.user, originals=originals
    )
    if request.method == "POST":
        try:
            made = batches.ask_for_file(
                subject,
                preview,
                originals=originals,
                token=_token(request.POST),
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            return redirect("notices:batch", pk=made.pk)
    return render(
        request,
        "notices/batch_case.html",
        {
            "name": name,
            "way": crumbs,
            "back": crumbs[-1]["url"],
            "preview": preview,
            "rows": preview.rows,
            "reasons": reasons,
            "originals": originals,
            "token": uuid4(),
            "days": batches.KEEP.days,
        },
        status=422 if request.method == "POST" else 200,
    )
