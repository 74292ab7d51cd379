"""Gives every request its id and the client's address, for the record and the answer."""

from collections.abc import Callable
from ipaddress import ip_address
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from audit.context import Source, from_source


def client_ip(request: HttpRequest) -> str | None:
    """The address that the outermost of our own proxies saw; None when there is none.

    `ZHENGGAI_PROXY_COUNT` says how many proxies are ours. What stands further left in
    X-Forwarded-For came with the request and may be invented.
    """
    text = request.META.get("REMOTE_ADDR", "")
    count = settings.ZHENGGAI_PROXY_COUNT
    if count:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
        if len(hops) >= count:
            text = hops[-count]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


class AuditMiddleware:
    """Everything recorded during the request carries its id and the client's address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid4().hex
        request.id = request_id  # type: ignore[attr-defined]
        with from_source(Source(request_id, client_ip(request))):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response
