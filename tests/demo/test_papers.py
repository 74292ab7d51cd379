"""The papers of the six published cases, printed from the words frozen at issue and read again by
another reader: what the record says stands on the paper, and that it is a demonstration."""

from __future__ import annotations

import io
from functools import cache

import pypdf
import pytest

from demo import ground
from notices import printing, reading
from notices.models import Notice
from rectification.models import Order, TermKind

CASES = [case["id"] for case in ground.read("cases.json")["cases"]]


def order_of(key: str) -> Order:
    return Order.objects.select_related("enterprise", "inspection", "notice", "unit").get(
        form_token=ground.token(f"{key}/order")
    )


@cache
def printed(notice: Notice) -> tuple[str, ...]:
    """The text of each page, blanks aside."""
    pages = pypdf.PdfReader(io.BytesIO(printing.render(notice).data)).pages
    return tuple(reading.squeeze(page.extract_text()) for page in pages)


def text_of(order: Order) -> str:
    """The pages as one text, without their numbers and the mark across them."""
    pages = printed(order.notice)
    kept = [text.replace(f"—{no}—", "", 1) for no, text in enumerate(pages, 1)]
    return "".join(text.replace(reading.DEMONSTRATION, "", 1) for text in kept)


def says(order: Order, *wanted: str) -> None:
    text = text_of(order)
    for words in wanted:
        assert reading.squeeze(words) in text, words


@pytest.mark.parametrize("key", CASES)
def test_number_party_and_day(key: str) -> None:
    order = order_of(key)
    day = order.notice.issued_on
    says(
        order,
        "责令限期改正通知书",
        order.notice.number,
        f"{order.enterprise.name}：",
        f"{day.year}年{day.month}月{day.day}日",
        order.unit.name,
    )


@pytest.mark.parametrize("key", CASES)
def test_each_finding_in_its_words_and_each_article_in_full(key: str) -> None:
    order = order_of(key)
    findings = order.inspection.findings.prefetch_related("citations__article__version__law")
    assert findings.count() == order.items.count()
    for finding in findings:
        says(order, finding.seen)
        for citation in finding.citations.all():
            article = citation.article.cite_zh()
            assert article.startswith("《中华人民共和国")
            says(order, article)
    for item in order.items.all():
        says(order, item.required_correction.rstrip("。"))  # the table's cells have no stop


@pytest.mark.parametrize("key", CASES)
def test_officers_and_the_day_they_came(key: str) -> None:
    order = order_of(key)
    officers = list(order.inspection.officers.all())
    assert len(officers) >= 2
    for officer in officers:
        says(order, f"{officer.name}（警号{officer.police_number}）")
    day = order.inspection.day
    says(order, f"{day.year}年{day.month}月{day.day}日")


@pytest.mark.parametrize("key", CASES)
def test_the_term(key: str) -> None:
    order = order_of(key)
    if order.term_kind == TermKind.IMMEDIATE:
        says(order, "☑立即改正")
    elif order.term_kind == TermKind.DATE:
        day = order.term_date
        assert day is not None
        says(order, "☐立即改正", f"☑在{day.year}年{day.month}月{day.day}日前改正完毕")
    else:
        assert order.term_kind == TermKind.WORKING_DAYS
        says(order, "☐立即改正", f"{order.term_days}个工作日内")


@pytest.mark.parametrize("key", CASES)
def test_where_to_turn_against_it(key: str) -> None:
    order = order_of(key)
    says(
        order,
        f"六十日内向{order.unit.reconsideration_body}申请行政复议",
        f"六个月内依法向{order.unit.court}提起行政诉讼",
    )


@pytest.mark.parametrize("key", CASES)
def test_every_page_says_what_it_is(key: str) -> None:
    pages = printed(order_of(key).notice)
    assert all(reading.DEMONSTRATION in page for page in pages)
    assert any("演示专用" in page for page in pages)
