"""The drawn marks of a paper, as inline SVG: the seal and the QR code. No picture files."""

import io
import math

import segno
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

RED = "#e60012"


def seal(organ: str) -> SafeString:
    """The round seal of a demonstration, 42 mm, with 演示专用 in it.

    Drawn letter by letter, since WeasyPrint knows no text on a path. Only a demonstration has
    a drawn seal; a real paper carries the unit's own picture or a blank place.
    """
    star = " ".join(
        f"{radius * math.sin(angle):.2f},{-radius * math.cos(angle):.2f}"
        for radius, angle in ((30 if i % 2 == 0 else 11.46, i * math.pi / 5) for i in range(10))
    )
    gaps = max(len(organ) - 1, 1)
    arc = min(250, 31 * gaps)  # degrees from the first letter to the last
    narrow = min(0.84, 0.84 * 250 / (31 * gaps))
    letters = format_html_join(
        "",
        '<g transform="rotate({}) translate(0,-58) scale({},1.12)"><text text-anchor="middle"'
        ' font-family="DocBiao, DocFang, DocRare" font-size="31">{}</text></g>',
        (
            (f"{-arc / 2 + arc * i / gaps:.2f}" if len(organ) > 1 else "0", f"{narrow:.2f}", char)
            for i, char in enumerate(organ)
        ),
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 -100 200 200" role="img"'
        ' aria-label="印章 {}"><g fill="{}"><circle r="97" fill="none" stroke="{}"'
        ' stroke-width="5"/><polygon points="{}"/>{}<text y="87" text-anchor="middle"'
        ' font-family="DocHei, DocRare" font-size="17">演示专用</text></g></svg>',
        organ,
        RED,
        RED,
        star,
        letters,
    )


def qr(address: str) -> SafeString:
    """The QR code of an address, level M, without a quiet zone (the page gives it)."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=0, nl=False
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - segno writes paths, no text
