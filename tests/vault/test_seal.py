"""Sealed fields: what the database holds, and what it can no longer be made to say."""

import base64
import io
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.vault import stored_file
from vault import files, keys
from vault.fields import Sealed

pytestmark = pytest.mark.django_db
PHONE = "13877123456"


def raw(user: User, column: str = "phone") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM accounts_user WHERE id = %s", [user.pk])
        return bytes(cursor.fetchone()[0])


def plant(user: User, data: bytes) -> None:
    User.objects.filter(pk=user.pk).update(phone=Sealed(data))


def test_plain_in_memory_sealed_in_the_table() -> None:
    user = UserFactory(phone=PHONE)
    assert User.objects.get(pk=user.pk).phone == PHONE
    assert PHONE.encode() not in raw(user)
    assert keys.header(raw(user)).key_id == "test1"


def test_equal_values_look_different() -> None:
    assert raw(UserFactory(phone=PHONE)) != raw(UserFactory(phone=PHONE))


def test_saving_again_keeps_the_value_and_opens_nothing_by_itself() -> None:
    user = UserFactory(phone=PHONE)
    loaded = User.objects.get(pk=user.pk)
    assert isinstance(loaded.__dict__["phone"], Sealed)
    assert PHONE not in repr(loaded.__dict__)
    loaded.save()
    assert User.objects.get(pk=user.pk).phone == PHONE


def test_a_ciphertext_moved_to_another_row_is_refused() -> None:
    a, b = UserFactory(phone=PHONE), UserFactory(phone="13900000000")
    plant(b, raw(a))
    with pytest.raises(keys.SealError, match="does not belong"):
        _ = User.objects.get(pk=b.pk).phone


@pytest.mark.parametrize("position", [0, 1, 2, 4, 10, 25, -1])
def test_a_changed_byte_is_refused(position: int) -> None:
    user = UserFactory(phone=PHONE)
    data = bytearray(raw(user))
    data[position] ^= 1
    plant(user, bytes(data))
    with pytest.raises(keys.SealError):
        _ = User.objects.get(pk=user.pk).phone


def test_a_cut_off_ciphertext_is_refused() -> None:
    user = UserFactory(phone=PHONE)
    plant(user, raw(user)[:20])
    with pytest.raises(keys.SealError, match="cut off"):
        _ = User.objects.get(pk=user.pk).phone


def test_nothing_stays_nothing() -> None:
    user = UserFactory(phone="")
    loaded = User.objects.get(pk=user.pk)
    assert (loaded.phone, loaded.phone_index, raw(user)) == ("", "", b"")


def test_query_and_update_by_plain_text_are_refused() -> None:
    with pytest.raises(FieldError, match="blind index"):
        list(User.objects.filter(phone=PHONE))
    with pytest.raises(FieldError, match="blind index"):
        User.objects.update(phone=PHONE)
    with pytest.raises(FieldError):
        list(User.objects.filter(phone__contains="138"))


def test_sealed_fields_do_not_leave_by_dumpdata() -> None:
    UserFactory(phone=PHONE)
    with pytest.raises(CommandError, match="not serialised"):
        call_command("dumpdata", "accounts.user", stdout=None)


def test_the_blind_index_finds_what_people_type() -> None:
    user = UserFactory(phone=PHONE)
    UserFactory(phone="13900000000")
    for typed in (PHONE, "138 7712 3456", "138-7712-3456", "１３８７７１２３４５６"):
        assert User.objects.get(phone_index=keys.blind("phone", typed)) == user
    assert keys.blind("phone", PHONE) != keys.blind("identity", PHONE)


def test_the_index_follows_the_value() -> None:
    user = UserFactory(phone=PHONE)
    user.phone = "13900000001"
    user.save()
    assert not User.objects.filter(phone_index=keys.blind("phone", PHONE)).exists()
    assert User.objects.filter(phone_index=keys.blind("phone", "13900000001")).exists()


def other_key(settings: Any, first: str = "test2") -> None:
    new = f"{first}:" + base64.b64encode(bytes(range(64, 96))).decode()
    settings.ZHENGGAI_KEYS = f"{new},{settings.ZHENGGAI_KEYS}"


def test_rotation_leaves_nothing_on_the_old_key(settings: Any) -> None:
    users = [UserFactory(phone=f"1387712{n:04d}") for n in range(7)]
    stored = stored_file(b"evidence", "a.txt", "text/plain")
    other_key(settings)
    assert User.objects.get(pk=users[0].pk).phone == "13877120000", "old keys still open"
    with pytest.raises(CommandError, match="8 are not sealed"):
        call_command("rotate_keys", check=True, stdout=io.StringIO())
    call_command("rotate_keys", batch=3, stdout=io.StringIO())
    call_command("rotate_keys", check=True, stdout=io.StringIO())
    settings.ZHENGGAI_KEYS = settings.ZHENGGAI_KEYS.split(",")[0]
    for number, user in enumerate(users):
        assert User.objects.get(pk=user.pk).phone == f"1387712{number:04d}"
    stored.refresh_from_db()
    assert files.read(stored) == b"evidence"
    assert stored.key_id == "test2"


def test_an_interrupted_rotation_goes_on_where_it_stopped(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = [UserFactory(phone=f"1387712{n:04d}") for n in range(6)]
    other_key(settings)
    done = []
    seal = keys.seal

    def failing(plain: bytes, place: str) -> bytes:
        if len(done) == 4:
            raise KeyboardInterrupt
        done.append(place)
        return seal(plain, place)

    with monkeypatch.context() as patch:
        patch.setattr(keys, "seal", failing)
        with pytest.raises(KeyboardInterrupt):
            call_command("rotate_keys", batch=2, stdout=io.StringIO())
    on_new = [u for u in users if keys.header(raw(u)).key_id == "test2"]
    assert 0 < len(on_new) < len(users)
    call_command("rotate_keys", batch=2, stdout=io.StringIO())
    assert all(keys.header(raw(u)).key_id == "test2" for u in users)


def test_rotation_makes_the_index_anew_under_a_new_index_key(settings: Any) -> None:
    user = UserFactory(phone=PHONE)
    settings.ZHENGGAI_INDEX_KEY = base64.b64encode(bytes(range(100, 132))).decode()
    assert not User.objects.filter(phone_index=keys.blind("phone", PHONE)).exists()
    call_command("rotate_keys", stdout=io.StringIO())
    assert User.objects.get(phone_index=keys.blind("phone", PHONE)) == user


def test_sm4_seals_and_aes_still_opens(settings: Any) -> None:
    old = UserFactory(phone=PHONE)
    settings.ZHENGGAI_CIPHER = "SM4-GCM"
    new = UserFactory(phone="13900000002")
    assert keys.header(raw(new)).algorithm == keys.Sm4Gcm.code
    assert User.objects.get(pk=new.pk).phone == "13900000002"
    assert User.objects.get(pk=old.pk).phone == PHONE
    call_command("rotate_keys", stdout=io.StringIO())
    assert keys.header(raw(old)).algorithm == keys.Sm4Gcm.code
    plant(new, raw(old))
    with pytest.raises(keys.SealError, match="does not belong"):
        _ = User.objects.get(pk=new.pk).phone


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("ZHENGGAI_KEYS", "", "not set"),
        ("ZHENGGAI_KEYS", "abc", "id:base64"),
        ("ZHENGGAI_KEYS", "k1:!!!", "not base64"),
        ("ZHENGGAI_KEYS", "k1:AAAA", "3 bytes"),
        ("ZHENGGAI_KEYS", "k 1:AAAA", "id:base64"),
        ("ZHENGGAI_CIPHER", "DES", "use one of AES-256-GCM, SM4-GCM"),
        ("ZHENGGAI_INDEX_KEY", "", "not set"),
    ],
)
def test_unusable_settings_say_what_is_wrong(
    settings: Any, setting: str, value: str, says: str
) -> None:
    setattr(settings, setting, value)
    act = partial(keys.blind, "phone", "1") if "INDEX" in setting else partial(keys.seal, b"", "x")
    with pytest.raises(ImproperlyConfigured, match=says):
        act()


def test_keys_as_json(settings: Any) -> None:
    key = base64.b64encode(bytes(32)).decode()
    settings.ZHENGGAI_KEYS = f'{{"a": "{key}", "b": "{key}"}}'
    assert keys.ring().current == "a"


def test_the_check_refuses_one_key_for_two_purposes(settings: Any) -> None:
    settings.ZHENGGAI_INDEX_KEY = settings.ZHENGGAI_KEYS.partition(":")[2]
    with pytest.raises(Exception, match="also one of"):
        call_command("check", tag=["security"])
