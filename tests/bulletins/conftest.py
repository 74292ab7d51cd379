"""The same desk, doors and clock as for orders."""

from tests.rectification.conftest import desk, door, on

__all__ = ["desk", "door", "on"]
