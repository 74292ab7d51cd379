"""The components page shows every component of the theme, in both languages."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import UserFactory

THEME = Path(settings.BASE_DIR) / "static" / "css" / "app.css"

# Frames of whole pages, seen on the pages themselves, and helpers without a look of their own.
ELSEWHERE = {
    "zg-login",
    "zg-motif",
    "zg-gate",
    "zg-solo",
    "zg-error",
    "zg-foot",
    "zg-visit",
    "zg-dot",
    "zg-draft",
    "zg-nowrap",
    "zg-pre",
    "zg-right",
    "zg-stackbar",
    "zg-tick",
    "zg-u",
    # Parts of one page each, seen there: statute texts, the month, duties, the self-review, the
    # hint under a task of the desk, the leaves of a preview, the text of a bulletin, the place
    # where a file is dropped to be verified, what is read aloud, questions and answers of a
    # statement, and the rows of a list that is typed.
    "zg-aloud",
    "zg-answers",
    "zg-beside",
    "zg-bulletin",
    "zg-checked",
    "zg-contents",
    "zg-count",
    "zg-diff",
    "zg-differs",
    "zg-drop",
    "zg-found",
    "zg-hint",
    "zg-month",
    "zg-owed",
    "zg-parts",
    "zg-review",
    "zg-rows",
    "zg-sheets",
    "zg-statute",
    "zg-texts",
}


def names_in_theme() -> set[str]:
    css = re.sub(r"/\*.*?\*/", "", THEME.read_text(encoding="utf-8"), flags=re.DOTALL)
    return set(re.findall(r"\.(zg-[a-z]+)", css))


def names_on(html: str) -> set[str]:
    classes = " ".join(re.findall(r'class="([^"]*)"', html)).split()
    return {match[0] for name in classes if (match := re.match(r"zg-[a-z]+", name))}


@pytest.fixture
def page(client: Client, db: None) -> Any:
    def show(language: str = "zh-hans") -> str:
        client.force_login(UserFactory(system_admin=True, language=language))
        return client.get(reverse("components")).content.decode()

    return show


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_component_is_on_the_page(page: Any, language: str) -> None:
    html = page(language)
    assert not names_in_theme() - names_on(html) - ELSEWHERE
    assert not {name for name in names_on(html) if name not in names_in_theme()}


def test_the_page_is_in_the_language_of_the_person(page: Any) -> None:
    assert '<html lang="zh-Hans"' in page()
    assert "2025年2月8日（周六）" in page()
    english = page("en")
    assert '<html lang="en"' in english
    assert "Sat 8 Feb 2025" in english


def test_every_id_is_used_once_and_every_label_has_its_control(page: Any) -> None:
    html = page()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'\sfor="([^"]+)"', html):
        assert target in ids, target
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        assert set(described.split()) <= set(ids), described
    for link in re.findall(r'href="#([^"]+)"', html):
        assert link in ids, link


def test_a_stranger_is_sent_to_the_login(client: Client, db: None) -> None:
    answer = client.get(reverse("components"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login"))


def test_the_page_only_shows(client: Client, db: None) -> None:
    client.force_login(UserFactory(inspector=True))
    assert client.post(reverse("components")).status_code == 405


def test_a_refusal_and_its_way_out_stand_where_the_act_stands(page: Any) -> None:
    acts = page().split('<ul class="zg-acts">')[1].split("</ul>")[0]
    locked = acts.split('<li class="no">')[1]
    assert "作出结论" in locked
    assert "还没有复查记录。" in locked
    assert "公安部令第151号第十九条" in locked
    assert ">安排复查</a>" in locked
    assert "<button" not in locked
    assert "本单位规定" in acts.split('<li class="no">')[2]
    assert acts.count("btn-primary") == 1


def test_papers_say_their_state(page: Any) -> None:
    papers = page().split('<ul class="zg-papers">')[1].split("</ul>")[0]
    for word in ("已生成", "正在生成", "排队", "生成失败", "未签发"):
        assert word in papers
    assert "前面 2 份。" in papers
    assert "J-20417" in papers
    assert papers.count('href="#papers"') == 2
