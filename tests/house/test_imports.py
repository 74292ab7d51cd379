"""Imports run downwards, and a planted upward import is found."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["root_packages"]
LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, ''); {LINT}", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_the_code(folder: Path) -> Path:
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, folder / room, ignore=lambda at, names: [
                name for name in names
                if not name.endswith(".py") and not (Path(at) / name).is_dir()
            ],
        )  # fmt: skip
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_contract_holds() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


def test_a_planted_upward_import_is_found(tmp_path: Path) -> None:
    folder = copy_of_the_code(tmp_path)
    with (folder / "accounts" / "models.py").open("a", encoding="utf-8") as file:
        file.write("\nimport dashboard.apps\n")
    result = lint(folder)
    assert result.returncode == 1
    assert "accounts.models -> dashboard.apps" in result.stdout


def test_a_planted_import_of_the_look_is_found(tmp_path: Path) -> None:
    folder = copy_of_the_code(tmp_path)
    with (folder / "enterprises" / "models.py").open("a", encoding="utf-8") as file:
        file.write("\nimport look.apps\n")
    result = lint(folder)
    assert result.returncode == 1
    assert "enterprises.models -> look.apps" in result.stdout


def test_every_package_of_the_project_is_under_contract() -> None:
    packages = {file.parent.name for file in ROOT.glob("*/__init__.py")}
    assert packages - {"tests", "bench"} == set(ROOMS)
