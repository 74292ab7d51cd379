"""The search for leaks finds what leaks, and nothing of ours does."""

import base64
import logging
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, Unit
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.audit import event
from tests.factories.vault import stored_file
from tests.vault import leaks

pytestmark = pytest.mark.django_db
PHONES = [f"1387712{n:04d}" for n in range(50)]
IDENTITY = "11010519491231002X"


def test_the_search_is_not_blind(tmp_path: Path) -> None:
    secret = PHONES[0]
    unit = UnitFactory(address=f"联系 {secret}")
    Role.objects.filter(pk="inspector").update(verbs=[secret])
    assert leaks.in_database([secret, IDENTITY]) == [
        f"accounts_role: {secret}",
        f"accounts_unit: {secret}",
    ]
    Unit.objects.filter(pk=unit.pk).update(
        address=base64.b64encode(f"x{secret}y".encode()).decode()
    )
    assert f"accounts_unit: {secret}" in leaks.in_database([secret])
    (tmp_path / "log").write_bytes(secret.encode("utf-16-le"))
    assert leaks.in_folder(tmp_path, [secret]) == [f"{tmp_path / 'log'}: {secret}"]


def test_nothing_of_what_was_entrusted_lies_in_database_media_or_log(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for phone in PHONES:
        UserFactory(phone=phone)
    stored_file(f"{IDENTITY} {PHONES[0]}".encode(), "笔录.txt")
    event(reason=f"来电 {PHONES[1]}，身份证 {IDENTITY}", data={"a": [PHONES[2]]})
    user = UserFactory()
    client.force_login(user)
    client.post("/profile/", {"phone": PHONES[3], "language": "zh-hans"})
    client.post("/login/", {"username": "nobody", "password": "x"})
    secrets = [*PHONES, IDENTITY]
    assert leaks.in_database(secrets) == []
    assert leaks.in_folder(Path(settings.MEDIA_ROOT), secrets) == []
    assert leaks.in_bytes(caplog.text.encode(), secrets) == []
