"""The back room: Django's admin, for administrators only, through the normal log-in page.

Closed by default: a page that was written on Django's plain ModelAdmin gets `RoomAdmin` put
beneath it when it is registered, so that its rows are those of the administrator's units and its
changes are on the record, whatever its author thought of.
"""

from collections.abc import Iterable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rooms import RoomAdmin


class BackRoom(AdminSite):
    """Units, users, law, calendars, numbering. Nothing here can bypass a verb."""

    site_header = gettext_lazy("整改 管理后台")
    site_title = gettext_lazy("整改")
    index_title = gettext_lazy("管理后台")
    enable_nav_sidebar = False

    def register(
        self, model_or_iterable: Any, admin_class: type[ModelAdmin] | None = None, **options: Any
    ) -> None:
        page: type[ModelAdmin] = admin_class or RoomAdmin
        if not issubclass(page, RoomAdmin):
            page = type(page.__name__, (page, RoomAdmin), {"__module__": page.__module__})
        models = (
            model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        )
        # Rights come from roles; Django's groups would be a second, silent source.
        super().register([model for model in models if model is not Group], page, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.is_administrator

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied(_("管理后台只对系统、安全、审计三类管理员开放。"))
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("profile")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("password")
