"""A preview in the browser. Only the person who made it may open it; it is gone after a day."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import background, verb
from audit.trail import Reason
from notices import previews
from notices.models import Preview
from notices.shown import shown
from vault import files


@require_safe
@verb("notices.view")
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the print is, then the pages as they will be printed, and what the paper lacks."""
    found = _own(request, pk)
    subject: Any = found.subject
    pictures = list(found.pictures.all())
    return render(
        request,
        "notices/preview.html",
        {
            "preview": found,
            "papers": [_entry(found)],
            "pictures": [
                {
                    "no": each.no,
                    "url": f"{reverse('notices:preview_page', args=[found.pk])}?no={each.no}",
                    "width": each.width,
                    "height": each.height,
                }
                for each in pictures
            ],
            "unshown": max((found.pages or 0) - len(pictures), 0),
            "lacking": shown([Reason(**each) for each in found.lacking]),
            "until": found.made_at + previews.KEEP,
            "label": str(subject),
            "back": subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else "",
        },
    )


def _entry(found: Preview) -> dict[str, Any]:
    """The preview for components/papers.html."""
    state = previews.print_state(found)
    entry: dict[str, Any] = {
        "title": found.title,
        "number": previews.NUMBER,
        "state": state.code,
    }
    if state.code == "ready":
        return entry | {
            "url": reverse("notices:preview_pdf", args=[found.pk]),
            "pages": found.pages,
            "bytes": found.pdf.size if found.pdf else 0,
            "at": found.printed_at,
        }
    if state.job is not None:
        entry["since"] = state.job.created_at
    if state.code == "failed":
        return entry | {"reason": state.reason}
    entry["poll_url"] = reverse("notices:preview_state", args=[found.pk])
    return entry | {"ahead": max(state.place - 1, 0), "hint": state.reason}


@require_safe
@background
@verb("notices.view")
def preview_state(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Asked by the page every two seconds while the preview is on its way."""
    now = previews.print_state(_own(request, pk))
    return JsonResponse(
        {"state": now.code, "word": str(now.word), "reason": now.reason, "place": now.place}
    )


@require_safe
@verb("notices.view")
def preview_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole preview, to keep or to print; it bears its mark on each page."""
    found = _own(request, pk)
    if found.pdf is None:
        messages.warning(request, _("预览还没有打印好。"))
        return redirect("notices:preview", pk=found.pk)
    answer = files.response(found.pdf)
    answer["Content-Type"] = "application/pdf"
    return answer


@require_safe
@verb("notices.view")
def preview_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One page as a picture; `?no=` counts from one."""
    no = request.GET.get("no", "1")
    picture = get_object_or_404(
        _own(request, pk).pictures.select_related("file"),
        no=int(no) if no.isdecimal() and len(no) < 4 else 0,
    )
    return files.response(picture.file, inline=True)


def _own(request: HttpRequest, pk: UUID) -> Preview:
    previews_of = Preview.objects.visible_to(request.user).filter(by=request.user)
    return get_object_or_404(
        previews_of.select_related("unit", "pdf", "subject_type").defer("words"), pk=pk
    )
