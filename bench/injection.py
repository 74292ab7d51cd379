"""Every hostile word in every field of every kind of paper: `./run bench injection`.

One paper for each kind and vector, the vector in all its fields, with a listening socket and a
file to steal. Nothing may be fetched, attached or run, and the words come out as typed.
"""

import socket
import tempfile
from pathlib import Path

from django.utils import timezone

from bench import Row
from bench.faults import issuer
from notices import papers, press, reading
from tests.notices import injection, structure

CANARY = "kanarienvogel"


def rows() -> list[Row]:
    _by, unit = issuer()
    press.load()
    printed = fields = unsound = stolen = 0
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryDirectory() as folder:
        server.settimeout(0)
        canary = Path(folder) / "canary.txt"
        canary.write_text(CANARY, encoding="utf-8")
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        for code in injection.known():
            for vector in injection.vectors(url, canary.as_uri()):
                hostile = injection.poisoned(injection.facts(code), [vector])
                words = papers.draft(
                    code,
                    unit=unit,
                    addressee="甲" + vector,
                    context=hostile.context,
                    at=timezone.now(),
                    demonstration=True,
                ).words
                data = press.print_words(words).data  # raises where a word is lost
                printed += 1
                fields += len(hostile.texts)
                unsound += bool(structure.faults(data))
                text = "".join(press.parts().pages_of(data))
                stolen += CANARY in reading.squeeze(text)
        called = _calls(server)
    return [
        Row("papers printed", printed, ""),
        Row("fields that held a vector", fields, ""),
        Row("papers with anything attached, linked or run", unsound, "", 0),
        Row("papers with a word of the file", stolen, "", 0),
        Row("calls at the listening socket", called, "", 0),
    ]


def _calls(server: socket.socket) -> int:
    try:
        server.accept()
    except BlockingIOError:
        return 0
    return 1
