"""Icons, badges and the charts that the server draws."""

import re

import pytest
from django.template import Context, Template

from look import charts
from look.icons import shapes
from look.templatetags import zg


def drawn(source: str, **context: object) -> str:
    return Template("{% load zg %}" + source).render(Context(context))


def test_an_icon_is_drawn_in_the_line():
    html = drawn('{% icon "lock" %}')
    assert html.startswith('<svg class="zg-i" viewBox="0 0 16 16" aria-hidden="true"><path')
    assert "visually-hidden" not in html


def test_an_icon_alone_says_its_word():
    assert drawn('{% icon "search" size="lg" label=word %}', word="<查>").endswith(
        '<span class="visually-hidden">&lt;查&gt;</span>'
    )


def test_an_unknown_icon_fails_loudly():
    with pytest.raises(KeyError):
        drawn('{% icon "no-such-thing" %}')


def test_every_icon_has_a_shape_and_no_colour_of_its_own():
    for name, shape in shapes().items():
        assert shape.startswith("<"), name
        assert "fill=" not in shape, name


@pytest.mark.parametrize("group", sorted(zg.BADGES))
def test_a_badge_has_its_group(group):
    assert zg.badge(group, "<逾期>").endswith(">&lt;逾期&gt;</span>")


def test_a_state_without_a_shape_is_refused():
    with pytest.raises(ValueError, match="purple"):
        zg.badge("purple", "x")


def widths(svg: str) -> list[float]:
    return [float(width) for width in re.findall(r'width="([\d.]+)" height="14"', svg)][1:]


def test_a_bar_is_a_share_of_the_largest():
    assert widths(charts.bar(9, 14, "red")) == [64.3]
    assert widths(charts.bar(20, 14)) == [100.0]
    assert widths(charts.bar(-3, 14)) == [0.0]
    assert widths(charts.bar(3, 0)) == [0.0]


def test_parts_of_a_bar_follow_each_other_and_never_leave_it():
    svg = charts.stacked([(60, "green"), (30, "blue"), (30, "red")], 100)
    assert widths(svg) == [60.0, 30.0, 10.0]
    assert re.findall(r' x="([\d.]+)"', svg) == ["0.0", "60.0", "90.0"]


def test_a_term_says_in_words_how_much_has_passed():
    svg = charts.term(130, "期限已过 100%", "over")
    assert 'class="zg-term zg-term--over"' in svg
    assert 'aria-label="期限已过 100%"' in svg
    assert '<rect class="f" width="100"' in svg


def test_a_spark_needs_two_values():
    assert charts.spark([71], "x") == ""
    assert charts.spark([None, 71], "x") == ""
    assert "<path" in charts.spark([71, None, 84], "x")
    assert "<path" in charts.spark([5, 5, 5], "x")


CHART = {
    "labels": ["1月", "2月", "3月", "4月"],
    "series": [
        {"name": "本年", "values": [50, None, 80, 90], "last": "90%"},
        {"name": "上年", "values": [60, 70, 80, 90], "last": "90"},
    ],
    "low": 50,
    "high": 100,
    "step": 10,
    "goal": 90,
    "goal_text": "目标 90",
    "label": "由 50% 到 90%",
}


def test_a_line_chart_is_drawn_for_desk_and_phone():
    svg = charts.lines(CHART)
    assert svg.count("<svg") == 2
    assert "zg-wide" in svg
    assert "zg-narrow" in svg
    assert svg.count('aria-label="由 50% 到 90%"') == 2


def test_a_missing_month_breaks_the_line():
    assert charts.lines(CHART).count('<polyline class="s1"') == 4  # two runs, drawn twice


def test_words_at_the_end_of_lines_do_not_cover_each_other():
    wide = charts.lines(CHART).split("</svg>")[0]
    heights = [
        float(y) for y in re.findall(r'<text class="(?:b|g|goal-t)" x="[\d.]+" y="([\d.]+)"', wide)
    ]
    assert len(heights) == 3
    assert all(abs(a - b) >= 13 for i, a in enumerate(heights) for b in heights[:i])


def test_a_chart_without_a_single_value_is_still_a_chart():
    empty = CHART | {"series": [{"name": "本年", "values": [None] * 4}]}
    assert "<polyline" not in charts.lines(empty)


def test_the_meter_marks_what_was_chosen():
    svg = zg.meter(
        10_000, 100_000, "幅度", "1 万元", "10 万元", pick=30_000, pick_text="拟罚 3 万元"
    )
    assert svg.count("<svg") == 2
    assert svg.count("拟罚 3 万元") == 2
    assert 'x="239.0"' in svg
    assert "pick" not in zg.meter(1, 2, "幅度", "1", "2")


def test_drawings_carry_no_style():
    assert "style=" not in charts.lines(CHART) + charts.bar(1, 2) + charts.spark([1, 2], "x")
