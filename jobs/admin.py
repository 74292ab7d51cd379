"""Read-only: jobs are changed by the ledger alone. Retrying has its own page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    list_display = ("kind", "key", "state", "attempts", "created_at", "done_at")
    list_filter = ("kind", "state")
    search_fields = ("key",)
    ordering = ("-created_at",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.may("jobs.view")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.may("jobs.view")
