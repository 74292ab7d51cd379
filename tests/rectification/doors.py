"""What tests of the doors share."""

from typing import Any

from django.test import Client
from django.urls import reverse

from audit.models import Event
from rectification.models import Order


def url(order: Order, act: str = "detail") -> str:
    return reverse(f"orders:{act}", args=[order.pk])


def lines(order: Order) -> list[str]:
    """The verbs on the record of the order, oldest first."""
    events = Event.objects.filter(subject_id=str(order.pk)).order_by("id")
    return list(events.values_list("verb", flat=True))


def post(client: Client, order: Order, act: str, **data: Any) -> Any:
    """Press the button on a page that showed the order as it is in hand."""
    return client.post(url(order, act), {"seen": order.version, **data})
