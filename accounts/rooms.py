"""What every page of the back room obeys: the verb, the scope, the record.

Rooms above derive from these:

    @admin.register(NumberPattern)
    class NumberPatternAdmin(RoomAdmin):
        verb = "admin.system"

    @admin.register(Order)
    class OrderAdmin(ReadOnlyAdmin):
        pass
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.utils import timezone

from accounts import hooks
from vault.fields import SealedTextField


class RoomAdmin(admin.ModelAdmin):
    """Edited by those who hold `verb`, read by the auditor, closed to everybody else.

    Rows and choices are those of the administrator's own units. Every change is on the record
    with the old and the new value.
    """

    verb = ""
    actions = None
    show_full_result_count = False

    # --- Who ---------------------------------------------------------------------------------

    def may_edit(self, request: Any) -> bool:
        return bool(self.verb) and request.user.may(self.verb)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_edit(request) or request.user.holds("auditor")

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_edit(request)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_edit(request)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_edit(request)

    def has_module_permission(self, request: Any) -> bool:
        return self.has_view_permission(request)

    # --- What --------------------------------------------------------------------------------

    def get_queryset(self, request: Any) -> models.QuerySet:
        rows = super().get_queryset(request)
        return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: Any, **kwargs: Any
    ) -> Any:
        target: Any = db_field.remote_field.model._default_manager
        if "queryset" not in kwargs and hasattr(target.all(), "visible_to"):
            kwargs["queryset"] = target.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # --- The record --------------------------------------------------------------------------

    def construct_change_message(
        self, request: Any, form: forms.Form, formsets: Any, add: bool = False
    ) -> Any:
        request.changes = changes(form)
        return super().construct_change_message(request, form, formsets, add)

    def _tell(self, request: Any, verb: str, obj: models.Model, data: Any) -> None:
        hooks.tell(verb, obj, by=request.user, at=timezone.now(), data=data)

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        self._tell(request, "admin.added", obj, {"changes": getattr(request, "changes", {})})
        return super().log_addition(request, obj, message)

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        if message:
            self._tell(request, "admin.changed", obj, {"changes": getattr(request, "changes", {})})
        return super().log_change(request, obj, message)

    def log_deletions(self, request: Any, queryset: Any) -> Any:
        for obj in queryset:
            self._tell(request, "admin.deleted", obj, {})
        return super().log_deletions(request, queryset)


class ReadOnlyAdmin(RoomAdmin):
    """Records of procedure: read by the auditor (and by holders of `verb`), changed by nobody."""

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class RoomInline(admin.TabularInline):
    """Rows under a RoomAdmin; the parent's verb decides."""

    extra = 0
    verb = ""

    def may_edit(self, request: Any) -> bool:
        return bool(self.verb) and request.user.may(self.verb)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_edit(request) or request.user.holds("auditor")

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_edit(request)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_edit(request)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_edit(request)


def changes(form: forms.Form) -> dict[str, list[str]]:
    """Old and new value of each changed field; of passwords and sealed fields only the name."""
    told = {}
    model = getattr(getattr(form, "_meta", None), "model", None)
    sealed = {
        field.name
        for field in (model._meta.get_fields() if model is not None else [])
        if isinstance(field, SealedTextField)
    }
    for name in form.changed_data:
        if name.removeprefix("new_") in sealed or "password" in name:
            told[name] = ["…", "…"]
        else:
            told[name] = [
                str(form.get_initial_for_field(form.fields[name], name) or ""),
                str(form.cleaned_data.get(name) or ""),
            ]
    return told
