"""Between log-in and view: session limits, forced change of password, language."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from accounts import passwords

BEGAN = "began"
SEEN = "seen"
SEEN_EVERY = 60  # seconds; a write on every request would cost more than it tells

# Open to somebody who must first change the password.
BEFORE_PASSWORD = {"password", "logout", "language"}


class AccountMiddleware:
    """Ends sessions that lay idle or are too old; works in the person's own language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if request.user.is_authenticated:
            language = request.user.language
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        was_in = request.user.is_authenticated
        response = self.get_response(request)
        if was_in or request.user.is_authenticated:
            # A shared computer keeps nothing of what was seen: back after log-out shows nothing.
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        now = timezone.now()
        over = self._over(request, now.timestamp(), getattr(view, "background", False))
        is_open = not getattr(view, "login_required", True)
        if over:
            request.session_over = over  # type: ignore[attr-defined]  # told when logged out
            logout(request)
            return None if is_open else self._to_login(request, over)
        name = request.resolver_match.url_name if request.resolver_match else ""
        if not is_open and name not in BEFORE_PASSWORD and passwords.expired(request.user, now):
            return self._redirect(request, resolve_url("password"))
        return None

    @staticmethod
    def _over(request: HttpRequest, now: float, background: bool) -> str:
        session = request.session
        began = session.setdefault(BEGAN, now)
        seen = session.setdefault(SEEN, now)
        if now - began > settings.SESSION_ABSOLUTE_SECONDS:
            return "absolute"
        if now - seen > settings.SESSION_IDLE_SECONDS:
            return "idle"
        if not background and now - seen >= min(SEEN_EVERY, settings.SESSION_IDLE_SECONDS / 10):
            session[SEEN] = now
        return ""

    def _to_login(self, request: HttpRequest, over: str) -> HttpResponse:
        query = {"over": over}
        if request.method == "GET" and "HX-Request" not in request.headers:
            query["next"] = request.get_full_path()
        return self._redirect(request, f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query)}")

    @staticmethod
    def _redirect(request: HttpRequest, address: str) -> HttpResponse:
        if "HX-Request" in request.headers:  # a fragment cannot show a page; move the page
            return HttpResponse(headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)
