"""What every child process is told."""

from collections.abc import Mapping
from pathlib import Path

from launch import keys
from launch.places import ROOT, var_folder

# Left over from another project's shell, these would make ours read the wrong code.
FOREIGN = ("DJANGO_SETTINGS_MODULE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def clean(inherited: Mapping[str, str]) -> dict[str, str]:
    """The inherited environment without strangers, with every cache kept out of the home folder."""
    cache = var_folder() / "cache"
    env = {name: value for name, value in inherited.items() if name not in FOREIGN}
    env["PYTHONUTF8"] = "1"
    env["PYTHONNOUSERSITE"] = "1"
    env["PYTHONPYCACHEPREFIX"] = str(cache / "python")
    env["XDG_CACHE_HOME"] = str(cache)
    env["HYPOTHESIS_STORAGE_DIRECTORY"] = str(cache / "hypothesis")
    env.setdefault("UV_CACHE_DIR", str(cache / "uv"))
    return env


def make_folders(var: Path) -> None:
    """The folders the children write to. Private: they hold sealed and technical data only."""
    for name in ("broker", "broker-control", "media", "mail", "log", "run", "cache"):
        (var / name).mkdir(mode=0o700, parents=True, exist_ok=True)


def for_portal(inherited: Mapping[str, str], database_url: str, **more: str) -> dict[str, str]:
    """The environment of web, worker, beat and Django commands."""
    var = var_folder()
    make_folders(var)
    env = clean(inherited)
    if env.get("ZHENGGAI_ENV", "development") != "production":
        for variable, value in keys.ensure(var / "keys").items():
            if not env.get(f"{variable}_FILE"):
                env.setdefault(variable, value)
    env["DATABASE_URL"] = database_url
    env["ZHENGGAI_VAR"] = str(var)
    env["FONTCONFIG_FILE"] = str(var / "fonts" / "fonts.conf")
    env.update(more)
    return env


def like_production(inherited: Mapping[str, str], database_url: str) -> dict[str, str]:
    """Complete production settings with throw-away secrets, for `check --deploy` and the image."""
    return (
        clean(inherited)
        | {variable: keys.fresh(variable) for variable in keys.FILES}
        | {
            "ZHENGGAI_ENV": "production",
            "ALLOWED_HOSTS": "portal.example",
            "ZHENGGAI_PUBLIC_URL": "https://portal.example",
            "DATABASE_URL": database_url,
            "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
            "CACHE_URL": "redis://127.0.0.1:6379/1",
            "DEBUG": "off",
        }
    )


def python() -> str:
    """The interpreter of .venv."""
    return str(ROOT / ".venv" / "bin" / "python")
