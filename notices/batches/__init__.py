"""Many papers at once, and the file of a case (案卷): asked for in the request, made by the worker.

    asking    what may be asked, the preview, the request; swept after KEEP
    making    the owed work: look again, put together, say what became of each part
    standing  where a batch is: queued, being made, ready, failed
    rows      one part, and the words for what became of it
    leaves    the sheets that are written for it: index, cover, catalogue, captions, stamps
    pictures  an evidence picture made fit for a leaf
    binding   the pages put together, without decoding them
    zipping   the stored files unchanged, with a list

A merged PDF is a copy for convenience; the originals are the single files, which the hashes on the
index name. Scope is asked twice: when it is asked for, and again when it is made.
"""

from notices.batches.asking import (
    KEEP,
    MOST_BYTES,
    MOST_PAPERS,
    Preview,
    ask_for_file,
    ask_for_papers,
    can_ask,
    case_file,
    of_papers,
    sweep,
)
from notices.batches.making import owed_batch
from notices.batches.rows import Row, rows_of

__all__ = [
    "KEEP",
    "MOST_BYTES",
    "MOST_PAPERS",
    "Preview",
    "Row",
    "ask_for_file",
    "ask_for_papers",
    "can_ask",
    "case_file",
    "of_papers",
    "owed_batch",
    "rows_of",
    "sweep",
]
