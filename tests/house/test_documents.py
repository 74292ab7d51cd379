"""What the documents name exists, and what must be named is."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md"))]
VARIABLE = re.compile(
    r"(?:env\.\w+|_required|_secret|environ\.get)\(\s*\"([A-Z][A-Z_]+)\"|\$\{([A-Z_]+)"
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)|src=\"([^\"]+)\"", text)
    for link in (one or other for one, other in links):
        assert "://" in link or (document.parent / link).exists(), link


def test_every_variable_is_explained() -> None:
    sources = "config/settings.py", "deploy/gunicorn.py", "docker-compose.yml"
    named = {one or other for name in sources for one, other in VARIABLE.findall(read(name))}
    named |= set(re.findall(r"^([A-Z_]+)=", read("deploy/production.env.example"), re.MULTILINE))
    assert len(named) > 25
    operations = read("docs/operations.md")
    assert sorted(name for name in named if name not in operations) == []


def test_every_command_of_the_operations_exists() -> None:
    commands = {file.stem for file in ROOT.glob("*/management/commands/[a-z]*.py")}
    told = read("docs/operations.md")
    for command in commands - {"load_demo", "load_regions", "update_words"}:
        assert command in told, command
    called = set(re.findall(r"\./run manage ([a-z_]+)", told))
    assert called <= commands | {"clearsessions"}


def test_every_library_and_font_is_named_with_its_licence() -> None:
    packages = re.findall(r"^([a-z][\w.-]*)==", read("requirements/base.txt"), re.MULTILINE)
    notice = read("NOTICE").lower().replace("argon2-cffi, -bindings", "argon2-cffi-bindings")
    assert sorted(name for name in packages if name not in notice) == []
    fonts = [file.name.lower() for file in (ROOT / "notices/fonts").glob("*.ttf")]
    assert sorted(name for name in fonts if name not in notice) == []


def test_the_first_page_names_every_login() -> None:
    readme = read("README.md")
    for login in json.loads(read("demo/logins.json")):
        assert f"| `{login['username']}` |" in readme
        assert login["password"] in readme
        assert login["name"].split(" · ")[0] in readme


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs/img").iterdir())
    assert 0 < len(pictures) <= 15
    assert all(picture.stat().st_size <= 250_000 for picture in pictures)
