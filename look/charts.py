"""Charts as SVG written by the server: text is text, colour comes by class, sizes by attribute.

No style attribute, so that the pages pass their own content security policy. What a chart shows
is also said in `aria-label` or stands as a figure beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

BAR_TONES = {"blue": "v", "pale": "v2", "red": "r", "green": "g"}


def share(value: float, maximum: float) -> float:
    """`value` as percent of `maximum`, kept between 0 and 100; 0 when there is no maximum."""
    if not maximum or maximum <= 0:
        return 0.0
    return round(min(max(value / maximum, 0), 1) * 100, 1)


def bar(value: float, maximum: float, tone: str = "blue") -> SafeString:
    """One bar on its track. The figure itself must stand beside it in the table."""
    return stacked([(value, tone)], maximum)


def stacked(parts: Sequence[tuple[float, str]], maximum: float) -> SafeString:
    """Several parts in one bar: `parts` are (value, tone), tones blue, pale, red, green."""
    shapes, start = [], 0.0
    for value, tone in parts:
        width = round(min(share(value, maximum), 100 - start), 1)
        shapes.append((BAR_TONES[tone], start, width))
        start = round(start + width, 1)
    return format_html(
        '<svg class="zg-bar" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="t" width="100" height="14"/>{}</svg>',
        format_html_join("", '<rect class="{}" x="{}" width="{}" height="14"/>', shapes),
    )


def term(percent: float, label: str, tone: str = "") -> SafeString:
    """How much of a term has passed, as a thin bar. Tones: "", soon, over, met."""
    css = f"zg-term zg-term--{tone}" if tone else "zg-term"
    return format_html(
        '<svg class="{}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" '
        'aria-label="{}"><rect class="t" width="100" height="6" rx="1"/>'
        '<rect class="f" width="{}" height="6" rx="1"/></svg>',
        css,
        label,
        share(percent, 100),
    )


def spark(values: Sequence[float | None], label: str) -> SafeString:
    """A small line of the last periods, with a dot at its end; nothing for fewer than two."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return SafeString("")
    low, span = min(known), (max(known) - min(known)) or 1
    step = 92 / (len(values) - 1)
    points = [
        (round(2 + step * place, 1), round(20 - (value - low) / span * 16, 1))
        for place, value in enumerate(values)
        if value is not None
    ]
    return format_html(
        '<svg class="zg-spark" viewBox="0 0 96 24" role="img" aria-label="{}">'
        '<path d="M{}"/><circle cx="{}" cy="{}" r="2.6"/></svg>',
        label,
        " ".join(f"{x} {y}" for x, y in points),
        *points[-1],
    )


def meter(
    *,
    low: float,
    high: float,
    pick: float | None,
    label: str,
    low_text: str,
    high_text: str,
    pick_text: str = "",
) -> SafeString:
    """A range that the law allows (`low` to `high`) and what was chosen in it (`pick`).

    Drawn twice, for the desk and for the phone, so that its letters keep their size.
    """
    return format_html(
        "{}{}",
        *(
            _meter(width, css, low, high, pick, label, low_text, high_text, pick_text)
            for width, css in ((800, "zg-wide"), (330, "zg-narrow"))
        ),
    )


def _meter(
    width: int,
    css: str,
    low: float,
    high: float,
    pick: float | None,
    label: str,
    low_text: str,
    high_text: str,
    pick_text: str,
) -> SafeString:
    def place(value: float) -> float:
        return round(share(value, high) / 100 * width, 1)

    mark: SafeString | str = ""
    if pick is not None:
        x = place(pick)
        side = " c" if 0.12 * width < x < 0.88 * width else (" e" if x > width / 2 else "")
        mark = format_html(
            '<path class="pick" d="M{} 25l-6-8h12z"/>'
            '<rect class="pick" x="{}" y="24" width="2" height="13"/>'
            '<text class="b{}" x="{}" y="12">{}</text>',
            x,
            round(x - 1, 1),
            side,
            x,
            pick_text,
        )
    start = place(low)
    return format_html(
        '<svg class="zg-meter {}" viewBox="0 0 {} 58" role="img" aria-label="{}">'
        '<rect class="t" x="0" y="26" width="{}" height="8" rx="2"/>'
        '<rect class="ok" x="{}" y="26" width="{}" height="8"/>{}'
        '<text x="{}" y="52"{}>{}</text><text x="{}" y="52" class="e">{}</text></svg>',
        css,
        width,
        label,
        width,
        start,
        round(width - start, 1),
        mark,
        start,
        SafeString(' class="c"') if start > 40 else "",
        low_text,
        width,
        high_text,
    )


@dataclass(frozen=True)
class Frame:
    """The drawing area of a line chart: its whole size and the box of the curve in it."""

    css: str
    width: int
    height: int
    left: int
    right: int
    bottom: int
    every: int  # label each nth place of the x axis

    def x(self, place: int, count: int) -> float:
        return round(self.left + (self.right - self.left) * place / max(count - 1, 1), 1)

    def y(self, value: float, low: float, high: float) -> float:
        return round(self.bottom - (value - low) / (high - low) * (self.bottom - 14), 1)


def lines(chart: dict[str, Any]) -> SafeString:
    """A line chart, once for the desk and once for the phone.

    `chart`: `labels` (one a period), `series` (list of {"name", "values" (None = gap), "last"
    (text at the end of the line)}; the first is the one that matters, the second the one to
    compare with), `low`, `high`, `step` of the y axis, optional `goal` and `goal_text`, and
    `label`, the sentence that says the same in words.
    """
    count = len(chart["labels"])
    wide = Frame("zg-wide", 720, 262, 36, 644, 236, 1 if count <= 13 else 2)
    narrow = Frame("zg-narrow", 340, 220, 26, 262, 194, max(1, -(-count // 4)))
    return format_html("{}{}", _lines(chart, wide), _lines(chart, narrow))


def _lines(chart: dict[str, Any], frame: Frame) -> SafeString:
    low, high, labels = chart["low"], chart["high"], chart["labels"]
    parts: list[SafeString] = []
    tick = low
    while tick <= high:
        y = frame.y(tick, low, high)
        parts.append(
            format_html(
                '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
                '<text class="e g" x="{}" y="{}">{}</text>',
                *(frame.left, frame.right, y, y, frame.left - 8, round(y + 4, 1), tick),
            )
        )
        tick += chart["step"]
    for place, label in enumerate(labels):
        if (len(labels) - 1 - place) % frame.every == 0:
            parts.append(
                format_html(
                    '<text class="c g" x="{}" y="{}">{}</text>',
                    *(frame.x(place, len(labels)), frame.bottom + 20, label),
                )
            )
    taken: list[float] = []
    for number, series in reversed(list(enumerate(chart["series"][:2], start=1))):
        parts.append(_curve(series["values"], f"s{number}", frame, low, high))
    for number, series in enumerate(chart["series"][:2], start=1):
        parts.append(_end(series, number, frame, low, high, len(labels), taken))
    if chart.get("goal") is not None:
        y = frame.y(chart["goal"], low, high)
        parts.append(
            format_html(
                '<line class="goal" x1="{}" x2="{}" y1="{}" y2="{}"/>'
                '<text class="goal-t" x="{}" y="{}">{}</text>',
                *(frame.left, frame.right, y, y, frame.right + 8),
                _free(y + 4, taken),
                chart.get("goal_text", ""),
            )
        )
    return format_html(
        '<svg class="zg-chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        *(frame.css, frame.width, frame.height, chart["label"]),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _curve(
    values: Sequence[float | None], css: str, frame: Frame, low: float, high: float
) -> SafeString:
    """The line through the known values, broken where one is missing."""
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{frame.x(place, len(values))},{frame.y(value, low, high)}")
    return format_html_join(
        "",
        '<polyline class="{}" points="{}"/>',
        ((css, " ".join(run)) for run in runs if run),
    )


def _end(
    series: dict[str, Any],
    number: int,
    frame: Frame,
    low: float,
    high: float,
    count: int,
    taken: list[float],
) -> SafeString:
    """The word at the end of a line, and for the first series a dot on its last value."""
    known = [(place, value) for place, value in enumerate(series["values"]) if value is not None]
    if not known:
        return SafeString("")
    place, value = known[-1]
    x, y = frame.x(place, count), frame.y(value, low, high)
    word = format_html(
        '<text class="{}" x="{}" y="{}">{}</text>',
        "b" if number == 1 else "g",
        x + 8,
        _free(y + 4, taken),
        series.get("last", ""),
    )
    if number > 1:
        return word
    return format_html('<circle class="p1 p1--end" cx="{}" cy="{}" r="4"/>{}', x, y, word)


def _free(y: float, taken: list[float]) -> float:
    """A height for a word near `y` that keeps 14 units from the words already set."""
    for shift in (0, 14, -14, 28, -28):
        if all(abs(y + shift - other) >= 13 for other in taken):
            y += shift
            break
    taken.append(y)
    return round(y, 1)
