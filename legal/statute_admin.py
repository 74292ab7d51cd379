"""Statute texts in the back room: taken in from a file, read, and their concordance decided.

An import has two steps: what it would change is shown first and written only when confirmed. The
text travels between them signed, in the form itself; nothing is kept on the way.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.rooms import ReadOnlyAdmin
from legal import concordance, differences, importing
from legal.models import LawVersion, Match, Provision
from legal.statute_files import StatuteFile, from_stream
from legal.statutes import BadStatute

SALT = "legal.statute_admin"
PREVIEW_HOLDS = 3600  # seconds between looking and confirming
FILES_AT_MOST = 20
SHOWN = 30


class ManyFiles(forms.FileField):
    """One or more uploads, in the order chosen."""

    widget = type("ManyFilesInput", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = list(data) if isinstance(data, (list, tuple)) and data else [data or None]
        return [super(ManyFiles, self).clean(each, initial) for each in given[:FILES_AT_MOST]]


class StatuteUpload(forms.Form):
    """The files of one statute; which text it is may be left to the portal."""

    texts = ManyFiles(
        label=gettext_lazy("法律文本"),
        help_text=gettext_lazy(
            "Markdown、纯文本（UTF-8 或 GBK）或者 .docx。一部法律分成几个文件的，按顺序一起选。"
        ),
    )
    version = forms.ModelChoiceField(
        label=gettext_lazy("是哪个文本"),
        queryset=LawVersion.objects.select_related("law"),
        required=False,
        empty_label=gettext_lazy("按标题和日期识别"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("texts"):
            return data
        try:
            files = [from_stream(each.name, each, each.size) for each in data["texts"]]
            data["plan"] = _planned(files, data.get("version"))
        except BadStatute as bad:
            raise forms.ValidationError(bad.problems) from bad
        data["signed"] = signing.dumps(
            {
                "files": [[each.name, each.text, each.sha256] for each in files],
                "version": data["plan"].version.pk,
            },
            salt=SALT,
            compress=True,
        )
        return data


def _planned(files: list[StatuteFile], version: LawVersion | None) -> importing.Plan:
    text = importing.text_of(files)
    if version is not None:
        version = importing.recognise(text, law=version.law_id, version=version.ref)
    return importing.plan(text, version or importing.recognise(text))


def import_statute(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Look at what a file would change; with a signed preview, bring it in."""
    if not model_admin.may_edit(request):
        raise PermissionDenied
    form = StatuteUpload(None, None)
    plan = None
    if request.method == "POST" and "confirmed" in request.POST:
        answer = _confirmed(model_admin, request)
        if answer is not None:
            return answer
    elif request.method == "POST":
        form = StatuteUpload(request.POST, request.FILES)
        plan = form.cleaned_data["plan"] if form.is_valid() else None
    context = {
        **model_admin.admin_site.each_context(request),
        "form": form,
        "plan": plan,
        "signed": form.cleaned_data["signed"] if plan else "",
        "changes": _changes(plan) if plan else [],
        "more": max(len(plan.changed) - SHOWN, 0) if plan else 0,
        "left_out": plan.text.statute.left_out[:1] if plan else (),
        "title": _("导入法律全文"),
        "opts": LawVersion._meta,
    }
    return render(request, "legal/admin_law_import.html", context)


def _changes(plan: importing.Plan) -> list[dict[str, Any]]:
    return [
        {"label": article.label, "parts": differences.between(provision.text, article.text)}
        for provision, article in plan.changed[:SHOWN]
    ]


def _confirmed(model_admin: Any, request: HttpRequest) -> HttpResponse | None:
    """Bring in what was shown. None, with a message, where that cannot be done any more."""
    try:
        data = signing.loads(request.POST["confirmed"], salt=SALT, max_age=PREVIEW_HOLDS)
        version = LawVersion.objects.get(pk=data["version"])
        text = importing.text_of([StatuteFile(*each) for each in data["files"]])
        done = importing.bring_in(text, version, by=request.user, at=timezone.now())
    except (signing.BadSignature, LawVersion.DoesNotExist):
        model_admin.message_user(request, _("预览已经过期，请重新选择文件。"), messages.ERROR)
        return None
    except BadStatute as bad:
        model_admin.message_user(request, str(bad), messages.ERROR)
        return None
    words = {"version": str(version), "new": len(done.new), "changed": len(done.changed)}
    said = (
        _("%(version)s没有变化。")
        if done.is_quiet
        else _("%(version)s已导入：新增 %(new)d 条，变动 %(changed)d 条。")
    )
    model_admin.message_user(request, said % words, messages.SUCCESS)
    proposed = sum(each.added for each in done.proposals)
    if proposed:
        model_admin.message_user(
            request,
            ngettext(
                "提出了 %(count)d 组新旧条文对应，请确认。",
                "提出了 %(count)d 组新旧条文对应，请确认。",
                proposed,
            )
            % {"count": proposed},
            messages.INFO,
        )
        return redirect(f"{reverse('admin:legal_match_changelist')}?decision__exact=")
    return redirect(
        reverse("admin:legal_provision_changelist") + f"?version__id__exact={version.pk}"
    )


def urls(model_admin: Any) -> list[URLPattern]:
    """The address of the import page, under that of the versions."""

    def page(request: HttpRequest) -> HttpResponse:
        return import_statute(model_admin, request)

    wrapped = model_admin.admin_site.admin_view(page)
    return [path("import/", wrapped, name="legal_lawversion_import")]


@admin.register(Provision)
class ProvisionAdmin(ReadOnlyAdmin):
    """Statute text is taken in from files alone; here it is only read."""

    verb = "admin.system"
    list_display = ("version", "label_zh", "chapter", "source", "imported_at", "imported_by")
    list_filter = ("version__law", "version")
    list_select_related = ("version__law", "imported_by")
    search_fields = ("text",)
    exclude = ("paragraphs",)


@admin.register(Match)
class MatchAdmin(ReadOnlyAdmin):
    """Proposals of the concordance: ticked, then confirmed or rejected together."""

    verb = "admin.system"
    list_display = ("pair", "likeness", "standing", "decision", "decided_by", "decided_at")
    list_filter = ("decision", "standing", "old__version")
    list_select_related = ("old__version__law", "new__version__law", "decided_by")
    list_per_page = 200
    actions = ("confirm", "reject", "reopen")  # type: ignore[assignment]
    fields = ("pair", "likeness", "standing", "difference", "decision", "decided_by", "decided_at")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("旧文本 → 新文本"), ordering="old__number")
    def pair(self, match: Match) -> str:
        """Both articles, as one link to where they are compared."""
        return f"{match.old.cite_short} → {match.new.cite_short}"

    @admin.display(description=gettext_lazy("文字变化"))
    def difference(self, match: Match) -> str:
        """What differs between the two wordings."""
        parts = differences.between(_words(match.old), _words(match.new))
        shown = [
            format_html("<del>{}</del><ins>{}</ins>", part.old, part.new)
            if part.kind == "changed"
            else format_html("{}", part.new)
            for part in parts
        ]
        return format_html("{}" * len(shown), *shown)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return self.may_edit(request)

    @admin.action(description=gettext_lazy("确认对应"), permissions=["decide"])
    def confirm(self, request: HttpRequest, chosen: QuerySet[Match]) -> None:
        self._decide(request, chosen, concordance.confirm)

    @admin.action(description=gettext_lazy("不是对应"), permissions=["decide"])
    def reject(self, request: HttpRequest, chosen: QuerySet[Match]) -> None:
        self._decide(request, chosen, concordance.reject)

    @admin.action(description=gettext_lazy("撤回决定"), permissions=["decide"])
    def reopen(self, request: HttpRequest, chosen: QuerySet[Match]) -> None:
        self._decide(request, chosen, concordance.reopen)

    def _decide(self, request: HttpRequest, chosen: QuerySet[Match], verb: Any) -> None:
        done = 0
        for match in chosen.select_related("old__version__law", "new__version__law"):
            try:
                verb(match, by=request.user, at=timezone.now())
                done += 1
            except concordance.CannotDecide as refused:
                self.message_user(request, str(refused), messages.WARNING)
        if done:
            words = ngettext("已决定 %(count)d 组。", "已决定 %(count)d 组。", done)
            self.message_user(request, words % {"count": done}, messages.SUCCESS)


def _words(article: Any) -> str:
    found = Provision.objects.filter(
        version=article.version_id, number=article.number, suffix=article.suffix
    ).first()
    return found.text if found else ""
