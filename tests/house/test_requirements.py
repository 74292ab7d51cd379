"""Locks are complete, pinned, hashed, and name no host."""

import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "requirements"
GROUPS = ["base", "dev", "embedded", "installer"]
# Chosen by a name in a setting or an address, not by an import.
BY_NAME = {"redis", "psycopg", "argon2-cffi", "gunicorn", "crispy-bootstrap5"}


def names(group: str) -> set[str]:
    text = (FOLDER / f"{group}.in").read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==", text, re.MULTILINE))


@pytest.mark.parametrize("file", sorted(FOLDER.iterdir()), ids=lambda file: file.name)
def test_no_file_names_a_host(file: Path) -> None:
    assert "://" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("group", GROUPS)
def test_every_wish_is_pinned_and_locked_with_hashes(group: str) -> None:
    wishes = [
        line
        for line in (FOLDER / f"{group}.in").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r "))
    ]
    lock = (FOLDER / f"{group}.txt").read_text(encoding="utf-8")
    for wish in wishes:
        name, exact, version = re.sub(r"\[.*?\]", "", wish).partition("==")
        assert exact, wish
        assert re.search(rf"^{re.escape(name)}(\[.*\])?=={re.escape(version)}\b", lock, re.M), wish
    blocks = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^ *#.*\n", "", lock, flags=re.M))
    assert all("--hash=sha256:" in block for block in blocks if block.strip())


def test_the_portal_carries_no_package_that_it_does_not_use() -> None:
    sources = [
        file.read_text(encoding="utf-8")
        for file in ROOT.glob("*/**/*.py")
        if file.relative_to(ROOT).parts[0] not in {".venv", "var", "tests"}
    ]
    code = "\n".join(sources)
    modules: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for distribution in distributions:
            modules.setdefault(distribution.lower().replace("_", "-"), set()).add(module)
    unused = {
        name
        for name in names("base") - BY_NAME
        if not any(
            re.search(rf"(?:from|import) {module}\b|\"{module}\b", code)
            for module in modules[name.lower()]
        )
    }
    assert not unused
