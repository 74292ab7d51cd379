"""Addresses of the rows behind a figure: a list with the same conditions in its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse


def orders(**conditions: Any) -> str:
    """The list of orders under these conditions; empty ones are left out."""
    return _address("orders:list", conditions)


def inspections(**conditions: Any) -> str:
    """The list of inspections under these conditions."""
    return _address("inspections:list", conditions)


def enterprises(**conditions: Any) -> str:
    """The list of enterprises under these conditions."""
    return _address("enterprises:list", conditions)


def _address(name: str, conditions: Mapping[str, Any]) -> str:
    given = {key: value for key, value in conditions.items() if value not in (None, "")}
    query = urlencode(given, doseq=True)
    return f"{reverse(name)}?{query}" if query else reverse(name)
