from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import URLPattern

from accounts.rooms import ReadOnlyAdmin
from audit.models import Event


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """Only a signpost: the record has its own page, with filters, scope and the chain."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("trail:list")

    def get_urls(self) -> list[URLPattern]:
        return [
            pattern
            for pattern in super().get_urls()
            if (pattern.name or "").endswith("_changelist")
        ]
