"""Dates, times and sums as papers write them. No database."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from notices import writing

SUMS = {
    "0": "零元整（0元）",
    "0.05": "伍分（0.05元）",
    "0.50": "伍角整（0.50元）",
    "0.55": "伍角伍分（0.55元）",
    "1": "壹元整（1元）",
    "1.05": "壹元零伍分（1.05元）",
    "10": "壹拾元整（10元）",
    "10.5": "壹拾元伍角整（10.50元）",
    "15": "壹拾伍元整（15元）",
    "100": "壹佰元整（100元）",
    "101": "壹佰零壹元整（101元）",
    "110": "壹佰壹拾元整（110元）",
    "1000": "壹仟元整（1000元）",
    "1001": "壹仟零壹元整（1001元）",
    "1010": "壹仟零壹拾元整（1010元）",
    "1680.32": "壹仟陆佰捌拾元叁角贰分（1680.32元）",
    "10000": "壹万元整（10000元）",
    "1E+4": "壹万元整（10000元）",
    "10001": "壹万零壹元整（10001元）",
    "10500": "壹万零伍佰元整（10500元）",
    "15000": "壹万伍仟元整（15000元）",
    "50000": "伍万元整（50000元）",
    "100000": "壹拾万元整（100000元）",
    "100010": "壹拾万零壹拾元整（100010元）",
    "107000.53": "壹拾万柒仟元伍角叁分（107000.53元）",
    "200300": "贰拾万零叁佰元整（200300元）",
    "500000": "伍拾万元整（500000元）",
    "1000000": "壹佰万元整（1000000元）",
    "1000001": "壹佰万零壹元整（1000001元）",
    "10020000": "壹仟零贰万元整（10020000元）",
    "10000100": "壹仟万零壹佰元整（10000100元）",
    "100000000": "壹亿元整（100000000元）",
    "100000001": "壹亿零壹元整（100000001元）",
    "100010000": "壹亿零壹万元整（100010000元）",
    "105000000": "壹亿零伍佰万元整（105000000元）",
    "123456789.01": "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分（123456789.01元）",
    "999999999999.99": (
        "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分（999999999999.99元）"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("figure", "words"), SUMS.items())
def test_a_sum_is_written_in_capitals_and_read_back(figure, words):
    written = writing.money(Decimal(figure))

    assert written == f"人民币{words}"
    assert writing.yuan(written) == Decimal(figure)


@pytest.mark.parametrize("figure", ["-1", "0.001", "1000000000000", "NaN", "Infinity"])
def test_what_is_no_sum_of_money_is_refused(figure):
    with pytest.raises(ValueError, match="no sum of money"):
        writing.money(Decimal(figure))


def test_every_thousand_up_to_a_million_has_no_zero_twice_and_none_at_an_end():
    for thousands in range(1, 1001):
        words = writing.money(Decimal(thousands * 1000)).partition("（")[0]
        assert "零零" not in words
        assert "零元" not in words
        assert "零万" not in words


@pytest.mark.parametrize("value", [None, "", "没有数额", "NaN", [], object()])
def test_what_holds_no_sum_reads_as_none(value):
    assert writing.yuan(value) is None


def test_a_sum_is_read_as_itself():
    assert writing.yuan(Decimal("12.50")) == Decimal("12.50")
    assert writing.yuan(50000) == Decimal(50000)


def test_dates_and_times_have_no_zeros_before():
    at = datetime.fromisoformat("2025-01-08T01:05:00+00:00")

    assert writing.date(date(2025, 1, 8)) == "2025年1月8日"
    assert writing.moment(at) == "2025年1月8日9时05分"


def test_a_cell_is_written_like_the_text():
    assert writing.plain(None) == ""
    assert writing.plain(date(2025, 1, 8)) == "2025年1月8日"
    assert writing.plain(datetime.fromisoformat("2025-01-08T09:00:00+08:00")).endswith("9时00分")
    assert writing.plain(Decimal(10000)) == "人民币壹万元整（10000元）"
    assert writing.plain(" 2台 ") == "2台"
    assert writing.plain(3) == "3"


def test_the_template_ends_the_sentence():
    assert writing.open_end(" 不再追究。； ") == "不再追究"
