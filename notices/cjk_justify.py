"""Both edges straight for Chinese lines in WeasyPrint 70.0.

WeasyPrint stretches spaces only, and Chinese has none, so `text-align: justify` leaves a ragged
right edge. This spreads the missing width of a line evenly over its characters with the PDF
operator Tc (character spacing): nothing is shaped again, text extraction is unchanged.

It replaces two private functions. The version is pinned; `install` returns False and changes
nothing where they are gone, and the lines are then ragged, not wrong.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

MAX_GAP_EM = 0.10  # from 0.12 em pdftotext starts to see spaces between characters


def _is_cjk(text: str) -> bool:
    return any("\u2e80" <= ch <= "\uffef" or ch > "\U0001ffff" for ch in text)


def install() -> bool:
    """Put our two functions in the place of WeasyPrint's; True when they are in place."""
    try:
        drawing = import_module("weasyprint.draw.text")
        boxes = import_module("weasyprint.formatting_structure.boxes")
        inline = import_module("weasyprint.layout.inline")
        justify_before, draw_before = inline.justify_line, drawing.draw_text
    except (ImportError, AttributeError):
        return False
    if getattr(justify_before, "cjk", False):
        return True

    def text_boxes(box: Any) -> Iterator[Any]:
        for child in box.children:
            if isinstance(child, boxes.TextBox):
                yield child
            elif isinstance(child, boxes.InlineBox):
                yield from text_boxes(child)
            elif child.is_in_normal_flow():
                yield None  # a picture or an inline block: leave the line alone

    def shift(box: Any, moved: float, gap: float) -> float:
        box.position_x += moved
        if isinstance(box, boxes.TextBox):
            grown = len(box.text) * gap
            box.cjk_gap = gap
        else:
            inner = moved
            for child in box.children:
                if child.is_in_normal_flow():
                    inner = shift(child, inner, gap)
            grown = inner - moved
        box.width += grown
        return moved + grown

    def justify_line(context: Any, line: Any, extra_width: float) -> None:
        texts = list(text_boxes(line))
        if None in texts or not any(_is_cjk(box.text) for box in texts):
            justify_before(context, line, extra_width)
            return
        gaps = sum(len(box.text) for box in texts) - 1
        if gaps < 1 or extra_width / gaps > MAX_GAP_EM * line.style["font_size"]:
            return
        moved = 0.0
        for child in line.children:
            if child.is_in_normal_flow():
                moved = shift(child, moved, extra_width / gaps)

    def draw_text(stream: Any, textbox: Any, *args: Any, **kwargs: Any) -> None:
        gap = getattr(textbox, "cjk_gap", 0)
        if gap:
            stream.stream.append(b"%.4f Tc" % gap)
        draw_before(stream, textbox, *args, **kwargs)
        if gap:
            stream.stream.append(b"0 Tc")

    justify_line.cjk = True  # type: ignore[attr-defined]
    inline.justify_line = justify_line  # type: ignore[attr-defined]
    for module in list(sys.modules.values()):  # draw_text is imported by name elsewhere
        if (
            getattr(module, "__name__", "").startswith("weasyprint")
            and getattr(module, "draw_text", None) is draw_before
        ):
            module.draw_text = draw_text  # type: ignore[attr-defined]
    return True
