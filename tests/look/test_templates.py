"""Our templates hold to the content security policy, and to what is bundled with them."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Papers are rendered by the printer, not by a browser: their style is their own.
PAGES = [
    path
    for path in TEMPLATES
    if not re.search(r"templates/\w+/(notices|emails)/|templates/notices/paper\.html", str(path))
]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


def without_comments(path: Path) -> str:
    source = path.read_text(encoding="utf-8")
    source = re.sub(r"{% comment %}.*?{% endcomment %}", "", source, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", source)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_needs_nothing_that_the_policy_forbids(path: Path) -> None:
    source = without_comments(path)
    assert not re.search(r"\sstyle\s*=", source), "style attribute"
    assert not re.search(r"<style\b", source), "inline style sheet"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source), "event handler"
    assert not re.search(r"javascript:", source), "script address"
    for script in re.findall(r"<script\b[^>]*>", source):
        assert "src=" in script, script
    assert "data:" not in re.sub(r"\bdata:\s", "", source), "data address"


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_knows_no_other_host(path: Path) -> None:
    source = without_comments(path).replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|src=[\"']//|href=[\"']//", source)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_data_are_never_called_safe(path: Path) -> None:
    source = without_comments(path)
    assert "|safe" not in source
    assert "autoescape off" not in source


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=name)
def test_sheets_and_scripts_stay_in_the_house(path: Path) -> None:
    source = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"https?://", source)
    assert "@import" not in source
    assert "eval(" not in source
    assert "innerHTML" not in source
    for address in re.findall(r"url\(([^)]+)\)", source):
        assert (path.parent / address).is_file(), address


def test_what_is_bundled_is_what_was_bundled() -> None:
    vendor = ROOT / "static" / "vendor"
    listed = set()
    for line in (vendor / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, file = line.split("  ")
        path = (vendor / file).resolve()
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, file
        listed.add(path)
    for path in vendor.rglob("*"):
        if path.is_file() and path.name not in ("README.md", "SHA256SUMS"):
            assert path in listed, path


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates" / "components").glob("*.html")), ids=name
)
def test_a_component_says_what_it_takes(path: Path) -> None:
    assert path.read_text(encoding="utf-8")[:200].count("{% comment %}") == 1
