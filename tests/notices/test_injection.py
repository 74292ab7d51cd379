"""Words stay words: whatever is typed into a field is printed as it was typed, and nothing of it is
fetched, attached or run. The full product of vectors and fields is `./run bench injection`."""

import logging
import os
import socket
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import weasyprint

from audit.trail import Refused
from jobs.registry import Hopeless
from notices import glyphs, kinds, papers, pdf, press, printing, reading, sandbox
from notices.correction_order import Finding
from notices.fetcher import AssetFetcher
from tests.factories import notices as make
from tests.factories.accounts import UnitFactory
from tests.notices import injection, structure

pytestmark = [pytest.mark.django_db, pytest.mark.sockets]
AT = datetime.fromisoformat("2025-01-08T09:00:00+08:00")
SECRET = "kanarienvogel"


@pytest.fixture
def listener():
    """A socket on which nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.fixture
def vectors(listener, tmp_path):
    canary = tmp_path / "canary.txt"
    canary.write_text(SECRET, encoding="utf-8")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/x.png"
    return injection.vectors(url, canary.as_uri())


def text_of(data):
    return reading.squeeze("".join(pdf.pages_of(data)))


def outside(data):
    """What a sound paper never has: anything attached, linked or run."""
    return [fault for fault in structure.faults(data) if "tag" not in fault]


def test_every_kind_has_a_sample():
    """So that a new kind of paper is proved here without a word more."""
    assert sorted(injection.known()) == sorted(kinds.codes())


@pytest.mark.parametrize("code", injection.known())
def test_every_field_prints_what_was_typed(code, vectors):
    hostile = injection.poisoned(injection.facts(code), vectors)

    ready = papers.draft(
        code,
        unit=make.nanning(),
        addressee="甲" + vectors[2],
        context=hostile.context,
        at=AT,
        demonstration=True,
    )
    printed = press.print_words(ready.words)  # every block of the words is read back here

    assert structure.faults(printed.data) == []
    assert SECRET not in text_of(printed.data)
    # The words hold what was typed, as text; what a form does not print, it does not print at all.
    said = reading.squeeze("".join(reading.blocks(ready.words)))
    shown = {sign: text for sign, text in hostile.texts.items() if sign in said}
    for text in shown.values():
        for line in glyphs.clean(text).split("\n"):
            assert reading.squeeze(line) in said
    assert len(shown) >= len(hostile.texts) / 2
    for tag in ("<script", "<link", "<img", "<iframe", "<object", "<embed", "<style", "<base"):
        assert tag not in ready.words


def test_the_units_own_texts_are_words_too(vectors):
    unit = UnitFactory(
        name="某公安局" + vectors[0],
        letterhead="某局" + vectors[9][:40],
        abbreviation="{{ 7*7 }}<b>",
        reconsideration_body="某市" + vectors[5][:60],
        court="某院{% debug %}",
        is_demonstration=True,
    )
    notice = make.issue(unit=unit)

    printing.render(notice)  # and each paragraph is read back
    said = reading.squeeze("".join(reading.blocks(notice.words)))
    for typed in (unit.organ, unit.reconsideration_body, unit.court, "{{7*7}}<b>责通字〔2025〕1号"):
        assert reading.squeeze(typed) in said


def test_markup_that_got_into_the_words_reaches_nothing(vectors):
    """As if the quoting had failed: the fetcher refuses, or there was nothing to fetch."""
    notice = make.issue()
    refused = 0
    for vector in vectors:
        words = notice.words.replace('<p class="to">', f'{vector}<p class="to">')
        try:
            printed = press.print_words(words)
        except Hopeless:
            refused += 1
            continue
        assert outside(printed.data) == [], vector
        assert SECRET not in text_of(printed.data)
    assert refused >= 15


class Open(AssetFetcher):
    """The library's own fetcher, as in every tutorial."""

    def fetch(self, url, headers=None):
        return weasyprint.urls.URLFetcher().fetch(url, headers)


def test_behind_the_fetcher_stands_the_closed_cell(vectors, monkeypatch):
    monkeypatch.setattr(pdf, "AssetFetcher", Open)
    notice = make.issue()
    caught = 0
    for vector in vectors[2:12]:
        words = notice.words.replace('<p class="to">', f'{vector}<p class="to">')
        try:
            printed = pdf.printer().print(words)
        except pdf.ForbiddenRead:
            caught += 1
            continue
        assert outside(printed.data) == [], vector
        assert SECRET not in text_of(printed.data)
    assert caught >= 7


def test_the_cell_refuses_sockets_programs_and_files(tmp_path, listener):
    target = tmp_path / "new.txt"
    tries = (
        lambda: socket.create_connection(listener.getsockname()),
        lambda: socket.getaddrinfo("localhost", 80),
        lambda: subprocess.run(["/bin/true"], check=False),
        lambda: os.system("true"),
        lambda: Path("/etc/passwd").read_bytes(),
        lambda: target.write_text("x", encoding="utf-8"),
        lambda: os.remove(target),
    )
    for attempt in tries:
        with sandbox.closed() as cell, pytest.raises(sandbox.Breach):
            attempt()
        assert cell.breaches
    with sandbox.closed() as cell:
        assert Path(weasyprint.__file__).read_bytes()
    assert cell.breaches == []
    target.write_text("open again", encoding="utf-8")


def test_a_text_that_is_far_too_long_is_refused_in_words():
    finding = Finding("存储个人信息未加密", "长" * 200_000, articles=(f"{make.CSL}第二十三条",))
    with pytest.raises(Refused, match="“违法行为”超过 2000 字"):
        make.issue(facts=replace(make.order_facts(), findings=(finding,)))
    # A fact that no element bounds: the paragraph it makes is refused all the same.
    with pytest.raises(Refused, match="一段文字超过 30000 字"):
        make.issue(facts=make.order_facts(object_name="长" * 200_000))
    with pytest.raises(Refused, match="超过 400000 字"):
        make.issue(facts=make.order_facts(object_name="长" * 500_000))


def test_control_and_bidi_characters_leave_no_trace():
    notice = make.issue(
        facts=make.order_facts(object_name="货运\u202e管理\u2066系\x0b统\x00\ufeff"),
        addressee="南宁\u202e某\u200f公司",
    )

    assert notice.addressee == "南宁某公司"
    assert "货运管理系统" in notice.words
    printed = printing.render(notice)
    assert not {"\u202e", "\u2066", "\x0b", "\ufeff"} & set("".join(pdf.pages_of(printed.data)))


def test_a_swallowed_refusal_still_fails_the_print(caplog):
    notice = make.issue()
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:9/x.png"/></svg>'

    with caplog.at_level(logging.CRITICAL, "weasyprint"), pytest.raises(Hopeless, match="外部"):
        press.print_words(notice.words.replace('<p class="to">', f'{svg}<p class="to">'))
