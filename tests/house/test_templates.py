"""All templates: they compile, are used, name no foreign host and carry no inline code."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates"
NAMES = sorted(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*") if file.is_file())
HTML = [name for name in NAMES if name.endswith(".html")]
# Found by Django or a form pack under their own names.
BY_CONVENTION = re.compile(r"^(4\d\d(_csrf)?|500)\.html$|^(admin|bootstrap5|django|registration)/")
# Papers become PDFs from a closed renderer; the policy of pages does not reach them.
PAPERS = re.compile(r"/notices/")
NAMESPACES = ("http://www.w3.org/",)


def text_of(name: str) -> str:
    """The template without its comments."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_no_template_names_a_foreign_host(name: str) -> None:
    hosts = re.findall(r"(?:https?:)?//[\w.-]+\.\w[^\s\"']*", text_of(name))
    assert [url for url in hosts if not url.startswith(NAMESPACES)] == []


@pytest.mark.parametrize("name", [name for name in HTML if not PAPERS.search(name)])
def test_no_page_carries_inline_code(name: str) -> None:
    text = text_of(name)
    assert not re.search(r"<style\b|\sstyle\s*=\s*[\"']|\son[a-z]+\s*=\s*[\"']", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert " src=" in script or 'type="application/json"' in script, script
    assert "|safe" not in text


def test_no_style_sheet_or_script_names_a_foreign_host() -> None:
    for file in (ROOT / "static").rglob("*"):
        if file.suffix in {".css", ".js"} and "vendor" not in file.parts:
            text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
            hosts = re.findall(r"https?://[^\s\"')]+", text)
            assert [url for url in hosts if not url.startswith(NAMESPACES)] == [], file


def test_every_template_is_used() -> None:
    sources = "\n".join(
        file.read_text(encoding="utf-8")
        for pattern in ("*/**/*.py", "templates/**/*")
        for file in ROOT.glob(pattern)
        if file.is_file() and file.relative_to(ROOT).parts[0] not in {".venv", "var", "tests"}
    )
    # "rectification/act_{verb}.html" uses every template of that form.
    formed = [
        re.compile(re.escape(before) + r"[\w/]+" + re.escape(after))
        for before, after in re.findall(r"f\"([\w/]+/\w*)\{[^}]+\}([\w.]*\.\w+)\"", sources)
    ]
    unused = [
        name
        for name in NAMES
        if not BY_CONVENTION.search(name)
        and not re.search(rf"[\"']{re.escape(name)}[\"']", sources)
        and not any(form.fullmatch(name) for form in formed)
    ]
    assert unused == []
