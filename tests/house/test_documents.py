"""What the documents name exists, and what must be named is."""

import json
import re
from pathlib import Path

import pytest

from penalties import gate, review

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


def rows(name: str) -> list[list[str]]:
    """The cells of every row of the tables of a document that begins with a code."""
    found = re.findall(r"^\| (`\w+` \|.*) \|$", read(name), re.MULTILINE)
    return [[cell.strip(" `") for cell in row.split(" | ")] for row in found]


def test_the_page_of_the_gate_is_the_gate() -> None:
    """docs/gate.md names each condition, of which decisions it is asked, and its article."""
    letters = {gate.PENALTY: "P", gate.NO_PENALTY: "N", gate.SPOT: "S"}
    asked = [
        [
            each.code,
            str(each.word),
            " ".join(letter for kind, letter in letters.items() if kind in each.kinds),
            each.basis,
        ]
        for each in gate.entries()
    ]
    assert [row[:4] for row in rows("docs/gate.md")] == asked
    assert all(row[4] for row in rows("docs/gate.md"))
    late = [f"`{each.code}`" for each in gate.entries() if each.late]
    assert f"{', '.join(late[:-1])} and {late[-1]} are asked when" in read("docs/gate.md")


def test_the_page_of_the_self_review_is_its_rules() -> None:
    """docs/review.md names each rule with its severity, weight and article."""
    known = {
        each.code: [str(each.word), f"{each.severity} {review.WEIGHTS[each.severity]}", each.basis]
        for each in review.rules()
    }
    told = rows("docs/review.md")
    assert {row[0]: row[1:4] for row in told} == known
    assert len(told) == len(known)
    assert all(row[4] for row in told)


def test_the_first_page_names_every_login() -> None:
    readme = read("README.md")
    for login in json.loads(read("demo/logins.json")):
        assert f"| `{login['username']}` |" in readme
        assert login["password"] in readme
        assert login["name"].split(" · ")[0] in readme


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs/img").iterdir())
    assert 0 < len(pictures) <= 20
    assert all(picture.stat().st_size <= 250_000 for picture in pictures)
