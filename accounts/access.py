"""Doors: which permission a view asks for. Each view carries it as `view.verb`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import VERBS

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request behind the log-in, for annotations: somebody of ours, with an id."""

    user: User
    id: str


ANY_STAFF = "*"
PUBLIC = ""


def verb(code: str) -> Callable[[View], View]:
    """Only people whose roles hold `code` come in; others get 403 with the reason.

    Which objects they reach is decided by `visible_to` inside the view.
    """
    if code not in VERBS:
        raise ValueError(f"{code!r} is not among accounts.roles.VERBS")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.may(code):
                raise PermissionDenied(denial(code))
            return view(request, *args, **kwargs)

        guarded.verb = code  # type: ignore[attr-defined]
        return guarded

    return guard


def denial(code: str) -> str:
    """The sentence on the 403 page."""
    return _("这一页需要“%(act)s”权限，您的角色没有。请联系本单位安全管理员。") % {
        "act": VERBS[code]
    }


def signed_in(view: View) -> View:
    """For everyone who is logged in: the own profile, the own desk."""
    view.verb = ANY_STAFF  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Without log-in: the log-in page itself, the verification of a notice."""
    view.verb = PUBLIC  # type: ignore[attr-defined]
    return login_not_required(view)


def background(view: View) -> View:
    """A request that the page makes by itself: it does not keep an idle session alive."""
    view.background = True  # type: ignore[attr-defined]
    return view
