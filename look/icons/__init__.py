"""Bootstrap Icons, the ones in use, read once from `icons.svg` beside this file (licence too)."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


@cache
def shapes() -> dict[str, str]:
    """Name of each icon → the markup of its shapes, all drawn on a 16 × 16 ground."""
    file = Path(__file__).parent / "icons.svg"
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    return {
        symbol.attrib["id"]: "".join(_markup(shape) for shape in symbol)
        for symbol in root.iter(f"{SVG}symbol")
    }


def _markup(shape: ElementTree.Element) -> str:
    name = shape.tag.removeprefix(SVG)
    attributes = "".join(f' {key}="{value}"' for key, value in shape.attrib.items())
    return f"<{name}{attributes}/>"
