"""docker-compose.yml, the Dockerfile and nginx.conf name only what exists."""

import re
import shlex
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
NGINX = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
# Read by programs that are not ours.
FOREIGN = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "FONTCONFIG_FILE"}


def known_variables() -> set[str]:
    """Every variable that settings, gunicorn's file or the health question read."""
    text = "".join(
        (ROOT / name).read_text(encoding="utf-8")
        for name in ("config/settings.py", "deploy/gunicorn.py", "launch/healthy.py")
    )
    names = set(
        re.findall(r"""(?:env\.\w+|environ\.get|_required|_secret)\(\s*"([A-Z_]+)\"""", text)
    )
    secrets = set(re.findall(r"""_secret\(\s*"([A-Z_]+)\"""", text))
    return names | {f"{name}_FILE" for name in secrets}


def test_every_service_is_there() -> None:
    assert {"postgres", "valkey", "web", "nginx", "worker", "beat"} <= set(SERVICES)
    assert OURS == ["beat", "prepare", "web", "worker"]


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_known_to_the_settings(name: str) -> None:
    unknown = set(SERVICES[name]["environment"]) - known_variables() - FOREIGN
    assert not unknown


def test_the_image_sets_only_known_variables() -> None:
    block = re.search(r"^ENV (.*?)(?<!\\)$", DOCKERFILE, re.MULTILINE | re.DOTALL)
    assert block is not None
    names = set(re.findall(r"([A-Z_]+)=", block.group(1)))
    assert "ZHENGGAI_ENV" in names
    assert not names - known_variables() - FOREIGN


@pytest.mark.parametrize("name", OURS)
def test_what_production_requires_is_given(name: str) -> None:
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    given = set(SERVICES[name]["environment"])
    required = set(re.findall(r"""_required\(\s*"([A-Z_]+)\"""", settings))
    secrets = set(re.findall(r"""_secret\(\s*"([A-Z_]+)\"""", settings))
    assert required <= given
    assert {f"{secret}_FILE" for secret in secrets} <= given


def commands() -> list[tuple[str, list[str]]]:
    found = [(name, SERVICES[name]["command"]) for name in OURS]
    for name in OURS:
        test = SERVICES[name].get("healthcheck", {}).get("test", ["CMD"])
        found += [(f"{name} health", test[1:])] if len(test) > 1 else []
    cmd = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert cmd is not None
    found.append(("Dockerfile CMD", yaml.safe_load(cmd.group(1))))
    run = re.search(r"^RUN (python -m \S+)", DOCKERFILE, re.MULTILINE)
    assert run is not None
    found.append(("Dockerfile RUN", shlex.split(run.group(1))))
    return found


@pytest.mark.parametrize(("place", "argv"), commands(), ids=lambda value: str(value)[:40])
def test_every_command_exists(place: str, argv: list[str]) -> None:
    program, *rest = argv
    locked = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8")
    if program == "python":
        assert rest[0] == "-m", place
        assert find_spec(rest[1]) is not None, place
    else:
        assert f"\n{program}==" in locked, place
    if program == "gunicorn":
        assert find_spec(rest[0].split(":")[0]) is not None
        assert (ROOT / rest[rest.index("--config") + 1]).is_file()
    if program == "celery":
        assert find_spec(rest[rest.index("-A") + 1]) is not None


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"prepare"}))
def test_every_lasting_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


def test_what_is_named_is_declared() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"]), name
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
        for volume in service.get("volumes", []):
            source = re.sub(r"\$\{[^}]*\}", "/given", volume).split(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).exists(), volume
            elif not source.startswith("/"):
                assert source in COMPOSE["volumes"], volume


def test_no_secret_has_a_default() -> None:
    """Everything secret is demanded (`:?`) or a file; nothing falls back (`:-`)."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    fallbacks = set(re.findall(r"\$\{([A-Z_]+):?-", text))
    assert fallbacks == {"HTTP_PORT", "HTTPS_PORT"}
    for name in re.findall(r"\$\{([A-Z_]+)\}", text):
        pytest.fail(f"{name} would be empty without a word")
    assert not re.search(
        r"(PASSWORD|SECRET|KEYS?)\s*[:=]\s*[A-Za-z0-9]{4,}\s*$", text, re.MULTILINE
    )


def test_only_nginx_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["back"]["internal"] is True


def test_the_example_of_variables_is_complete() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / "deploy" / "production.env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{([A-Z_]+):\?", text)) == set(
        re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE)
    )


def test_nginx_speaks_to_the_web_service_and_its_ports_are_published() -> None:
    upstream = re.search(r"server (\w+):(\d+);", NGINX)
    assert upstream is not None
    assert upstream.group(1) in SERVICES
    gunicorn = (ROOT / "deploy" / "gunicorn.py").read_text(encoding="utf-8")
    assert f':{upstream.group(2)}"' in gunicorn
    published = {port.rsplit(":", 1)[1] for port in SERVICES["nginx"]["ports"]}
    assert published == set(re.findall(r"listen (\d+)", NGINX))


def test_nginx_lets_through_what_the_portal_refuses_with_words() -> None:
    """A 60 MB upload reaches the form, whose message keeps what was typed."""
    limit = re.search(r"client_max_body_size (\d+)m;", NGINX)
    assert limit is not None
    assert int(limit.group(1)) > 60
    for page in re.findall(r"location = (/\d+\.html)", NGINX):
        assert (ROOT / "deploy" / "pages" / page.strip("/")).is_file()
