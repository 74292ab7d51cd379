"""One search box: enterprises, numbers of papers, inspections; two characters; scoped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Enter = Callable[[str], Client]


def found(client: Client, text: str) -> str:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("客货", "南宁某客货服务有限责任公司"),
        ("〔2024〕1号", "宾阳某酒店有限公司"),
        ("检2024-0001", "宾阳某酒店有限公司"),
        ("MADEM", "演示甲科技有限公司"),
        ("madem", "演示甲科技有限公司"),
    ],
)
def test_what_people_type_is_found(text: str, expected: str, enter: Enter) -> None:
    assert expected in found(enter("supervisor"), text)


def test_other_units_are_not_found(enter: Enter) -> None:
    assert "东兰县某物业服务公司" not in found(enter("supervisor"), "物业服务公司")
    assert "东兰县某物业服务公司" in found(enter("hechi"), "物业服务公司")


def test_one_character_is_too_few(enter: Enter) -> None:
    html = found(enter("supervisor"), "酒")
    assert "至少输入两个字" in html
    assert "某连锁酒店" not in html


def test_nothing_found_says_what_to_do(enter: Enter) -> None:
    assert "没有找到“青铜器”" in found(enter("supervisor"), "青铜器")


def test_what_was_typed_is_text_not_markup(enter: Enter) -> None:
    html = found(enter("supervisor"), "<b>酒店</b>")
    assert "<b>酒店</b>" not in html


@pytest.mark.parametrize("text", ["", "   ", "%", "__", "\\", "'", "年" * 300])
def test_strange_input_is_no_error(text: str, enter: Enter) -> None:
    found(enter("supervisor"), text)


def test_administrators_find_no_business_records(enter: Enter) -> None:
    assert "某连锁酒店" not in found(enter("security"), "连锁")


def test_at_most_twelve_queries(enter: Enter, django_assert_max_num_queries: Any) -> None:
    client = enter("province")
    client.get("/search/", {"q": "酒店"})
    with django_assert_max_num_queries(12):
        client.get("/search/", {"q": "酒店"})
