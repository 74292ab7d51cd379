"""One act upon one record: fetch, ask, act, say; or show again with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from audit.trail import Decided, Reason, Refused
from bulletins import forms
from bulletins.models import Bulletin, Publication
from rectification import page as order_page

Row = Any
Fetch = Callable[[HttpRequest, UUID], Row]


@dataclass(frozen=True)
class Act:
    """What a view of an act needs to know.

    `more` is what the page shows beside the form; `said` is told when it was done.
    """

    word: str
    fetch: Fetch
    ask: Callable[[Row, Any], list[Reason]]
    do: Callable[..., Any]
    said: str
    form: type[forms.ActForm] = forms.ActForm
    intro: str = ""
    danger: bool = False
    more: Callable[[Row], dict[str, Any]] | None = None


def now(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now()}


def overtaken(row: Bulletin | Publication) -> Decided:
    """Somebody was quicker: what the last line of the record says of it."""
    event = trail.timeline(row).order_by("-id").first()
    if event is None:
        return Decided([Reason(_("刚才已被别人改动，请看过现在的情况再办。"))])
    sentence = _("%(who)s 已于 %(when)s %(did)s。请看过现在的情况再办。") % {
        "who": event.actor_name,
        "when": f"{timezone.localtime(event.entered_at):%Y-%m-%d %H:%M}",
        "did": trail.word(event.verb),
    }
    return Decided([Reason(sentence)], event)


def run(request: HttpRequest, pk: UUID, act: Act, template: str) -> HttpResponse:
    """Show the form or do the act."""
    row = act.fetch(request, pk)
    why = act.ask(row, request.user)
    form = act.form(request.POST or None, row=row)
    told: Decided | None = None
    refused: list[Reason] = []
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            if seen.isdecimal() and len(seen) < 10 and int(seen) != row.version:
                raise overtaken(row)
            if why:
                raise Refused(why)
            if form.is_valid():
                given = {k: v for k, v in form.cleaned_data.items() if k != "seen"}
                act.do(row, **given, **now(request))
                messages.success(request, act.said)
                return redirect(row)
        except Decided as decided:
            if decided.event is not None and decided.event.actor_id == request.user.pk:
                messages.info(request, _("已经办过了，没有重复登记。"))
                return redirect(row)
            told = decided
        except Refused as no:
            refused = form.blame(no)
        row = act.fetch(request, pk)
        why = act.ask(row, request.user)
        form.show_again(row)
    return render(
        request,
        template,
        {
            "row": row,
            "badge": row.phase,
            "form": form,
            "word": act.word,
            "intro": act.intro,
            "danger": act.danger,
            "told": told,
            "locked": order_page.shown(why),
            "refused": order_page.shown([r for r in refused if r not in why]),
            **(act.more(row) if act.more else {}),
        },
    )


def offered(
    row: Row, request: HttpRequest, asked: list[tuple[str, str, str, list[Reason], bool]]
) -> list[dict[str, Any]]:
    """components/acts.html of (verb, address, word, reasons, danger): the first free one leads."""
    found = [
        {
            "name": word,
            "url": url,
            "reasons": order_page.shown(why),
            "primary": False,
            "danger": danger,
        }
        for verb, url, word, why, danger in asked
        if request.user.may(verb)  # type: ignore[union-attr]
    ]
    for entry in found:
        if not entry["reasons"] and not entry["danger"]:
            entry["primary"] = True
            break
    return sorted(found, key=lambda entry: bool(entry["reasons"]))


def story(row: Row, most: int = 100) -> list[dict[str, Any]]:
    """components/timeline.html: what was done and by whom; the record itself is the page's name."""
    told = []
    for event in trail.timeline(row)[:most]:
        happened, entered = map(timezone.localtime, (event.happened_at, event.entered_at))
        text = event.actor_name
        if event.reason:
            text = _("%(who)s · “%(why)s”") % {"who": event.actor_name, "why": event.reason}
        told.append(
            {
                "at": happened,
                "title": trail.word(event.verb),
                "text": text,
                "tone": "",
                "entered": entered if entered.date() != happened.date() else None,
            }
        )
    return told
