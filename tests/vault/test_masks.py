"""Masked forms, and the scrubbing of free text."""

import pytest

from vault import masks


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("0771-2890123", "**********23"),
        ("", ""),
    ],
)
def test_phone(value: str, masked: str) -> None:
    assert masks.phone(value) == masked


@pytest.mark.parametrize(
    ("value", "masked"),
    [("110101199003071234", "110***********1234"), ("E12345678", "E*******8"), ("12", "**")],
)
def test_identity(value: str, masked: str) -> None:
    assert masks.identity(value) == masked


@pytest.mark.parametrize(
    ("value", "masked"),
    [("李华", "李*"), ("韦志强", "韦*强"), ("欧阳志强", "欧**强"), ("Smith", "S****"), ("", "")],
)
def test_name(value: str, masked: str) -> None:
    assert masks.name_of_person(value) == masked


def test_address_keeps_the_district() -> None:
    assert masks.address("南宁市青秀区民族大道1号") == "南宁市青秀区******"


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("身份证11010519491231002X，勿外传", "身份证110***********002X，勿外传"),
        ("电话13812345678和139-1234-5678", "电话138****5678和139****5678"),
        ("91450100MA5KXXXX1X 不是个人信息", "91450100MA5KXXXX1X 不是个人信息"),
        ("账号 622202190012345678 照旧", "账号 622202190012345678 照旧"),
        ("南公（网安）责通字〔2025〕12号", "南公（网安）责通字〔2025〕12号"),
        ("0771-2890123", "0771-2890123"),
    ],
)
def test_scrub(text: str, scrubbed: str) -> None:
    assert masks.scrub(text) == scrubbed
