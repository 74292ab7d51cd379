"""Log-in, log-out, and a person's own account."""

from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as begin_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, passwords, people
from accounts.access import Request
from accounts.forms import LoginForm, PasswordForm, ProfileForm
from accounts.models import User


def _next(request: HttpRequest, otherwise: str) -> str:
    """Where to go on, if that is an address of this portal."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # A bare word would be taken for the name of a view.
    return target if safe and target.startswith("/") else resolve_url(otherwise)


def _set_language_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@access.public
@sensitive_post_parameters("password")
@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Five failures lock the name for this address; see `locked_out`."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(_next(request, settings.LOGIN_REDIRECT_URL))
        form = LoginForm(request)
        return _login_page(request, form)
    form = LoginForm(request, request.POST)
    if not form.is_valid() or form.user is None:
        return _login_page(request, form)
    begin_session(request, form.user)
    response = redirect(_next(request, settings.LOGIN_REDIRECT_URL))
    _set_language_cookie(response, form.user.language)
    return response


def _login_page(request: HttpRequest, form: LoginForm) -> HttpResponse:
    context = {
        "form": form,
        "next": _next(request, settings.LOGIN_REDIRECT_URL) if _asked(request) else "",
        "over": request.GET.get("over", ""),
    }
    return render(request, "accounts/login.html", context)


def _asked(request: HttpRequest) -> bool:
    return bool(request.POST.get("next") or request.GET.get("next"))


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """The answer of django-axes to a locked name: says when to try again."""
    username = (credentials or {}).get("username") or request.POST.get("username", "")
    attempt = AccessAttempt.objects.filter(username=username).order_by("-attempt_time").first()
    since = attempt.attempt_time if attempt else timezone.now()
    until = since + (get_cool_off(request) or timedelta(minutes=15))
    form = LoginForm(request)
    context = {
        "form": form,
        "next": "",
        "over": "",
        "locked_until": until,
        "failure_limit": settings.AXES_FAILURE_LIMIT,
    }
    return render(request, "accounts/login.html", context, status=429)


@access.public
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    end_session(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@access.signed_in
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Request) -> HttpResponse:
    """Change the own password; the other sessions of the account end."""
    forced = passwords.expired(request.user, timezone.now())
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        people.set_password(
            request.user, form.cleaned_data["new"], by=request.user, at=timezone.now()
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, _("密码已更改，其他登录已退出。"))
        return redirect(settings.LOGIN_REDIRECT_URL if forced else "profile")
    context = {"form": form, "forced": forced, "policy": passwords.policy()}
    return render(request, "accounts/password.html", context)


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    """The own data: phone, e-mail and language may be changed, the rest is read."""
    # The form writes to its instance while it validates; the page shows the person as stored.
    instance = User.objects.select_related("unit").get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        people.change_profile(
            User.objects.get(pk=request.user.pk),
            phone=form.cleaned_data["phone"],
            email=form.cleaned_data["email"],
            language=form.cleaned_data["language"],
            at=timezone.now(),
        )
        response = redirect("profile")
        _set_language_cookie(response, form.cleaned_data["language"])
        messages.success(request, _("资料已保存。"))
        return response
    context = {"form": form, "person": request.user, "roles": request.user.held}
    return render(request, "accounts/profile.html", context)


@access.public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch between Chinese and English, for this browser and for the person."""
    chosen = request.POST.get("language", "")
    response = redirect(_next(request, settings.LOGIN_REDIRECT_URL))
    if chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            people.change_language(request.user, chosen, at=timezone.now())
        _set_language_cookie(response, chosen)
    return response
