"""What the portal promises about speed and memory, measured: `./run bench [names]`.

A bench is a module here with `rows() -> list[Row]`. It runs inside Django on a cluster of its
own (with the durability of production), migrated and with the law loaded; data that it adds may
stay from run to run, so that 20,000 orders are loaded once.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """One figure. `at_most` is the promise in the same unit, None where there is none."""

    name: str
    value: float
    unit: str
    at_most: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the promise holds; a figure without a promise always does."""
        return self.at_most is None or self.value <= self.at_most
