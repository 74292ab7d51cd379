"""Production refuses to start half-configured, and says what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launch import environment

ROOT = Path(__file__).resolve().parents[2]
URL = "postgres://portal@127.0.0.1:1/portal"
NEEDED = [
    "SECRET_KEY",
    "ZHENGGAI_KEYS",
    "ZHENGGAI_INDEX_KEY",
    "ZHENGGAI_PUBLIC_URL",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "CELERY_BROKER_URL",
]


def bare() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONUTF8": "1"}


def load_settings(env: dict[str, str], *manage: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "manage.py", *manage] if manage else [
        sys.executable, "-c", "import config.settings"
    ]  # fmt: skip
    return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_nothing_set_names_everything_at_once() -> None:
    result = load_settings(bare() | {"ZHENGGAI_ENV": "production"})
    assert result.returncode != 0
    for name in NEEDED:
        assert f"{name} is not set: " in result.stderr


@pytest.mark.parametrize("name", NEEDED)
def test_one_missing_variable_is_enough_to_refuse(name: str) -> None:
    env = environment.like_production(bare(), URL)
    del env[name]
    result = load_settings(env)
    assert result.returncode != 0
    assert result.stderr.count(" is not set: ") == 1
    assert f"{name} is not set: " in result.stderr


def test_debug_in_production_is_refused() -> None:
    result = load_settings(environment.like_production(bare(), URL) | {"DEBUG": "on"})
    assert "DEBUG is on" in result.stderr


def test_an_unknown_environment_is_refused() -> None:
    result = load_settings(bare() | {"ZHENGGAI_ENV": "prod", "DATABASE_URL": URL})
    assert "use 'development' or 'production'" in result.stderr


def test_development_without_a_database_says_how_to_start() -> None:
    result = load_settings(bare())
    assert "DATABASE_URL is not set: start through ./run" in result.stderr


def test_secrets_may_come_from_files(tmp_path: Path) -> None:
    env = environment.like_production(bare(), URL)
    for name in ("SECRET_KEY", "ZHENGGAI_KEYS", "ZHENGGAI_INDEX_KEY"):
        (tmp_path / name).write_text(env.pop(name) + "\n", encoding="ascii")
        env[f"{name}_FILE"] = str(tmp_path / name)
    result = load_settings(env)
    assert result.returncode == 0, result.stderr


def test_the_deployment_check_is_clean() -> None:
    env = environment.like_production(bare(), URL)
    result = load_settings(env, "check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr
