"""A sample of each kind of paper: facts made up, complete, with names that are hard to print.

One module for each subject of `notices.kinds`, each with its `SAMPLES`. `print_samples` prints
them, and the tests of papers take them as full data. Whatever is printed from them carries the
mark of a demonstration.
"""

from demo.samples import inspections, orders, penalties, service
from demo.samples.sample import Sample

__all__ = ["SAMPLES", "Sample", "of"]

#: In the order of the procedure.
SAMPLES: tuple[Sample, ...] = (
    *inspections.SAMPLES,
    *orders.SAMPLES,
    *penalties.SAMPLES,
    *service.SAMPLES,
)


def of(kind: str) -> Sample:
    """The sample of that kind. Raises KeyError where there is none."""
    return {sample.kind: sample for sample in SAMPLES}[kind]
