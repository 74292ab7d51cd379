"""Bringing statutes into the register: the command, and the page of the back room."""

from io import BytesIO, StringIO
from pathlib import Path

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from audit.models import Event
from legal import loading
from legal.models import Article, LawVersion, Match, Provision
from tests.factories.accounts import UserFactory
from tests.factories.legal import (
    ArticleFactory,
    LawFactory,
    LawVersionFactory,
    ProvisionFactory,
)

SAMPLES = Path(__file__).parent / "statutes"
OLD, NEW = SAMPLES / "spaced.md", SAMPLES / "bold.md"


@pytest.fixture
def testing_law(db):
    """An invented law in two versions, with gists for an item, a paragraph and a whole article."""
    law = LawFactory(
        code="TST", name_zh="中华人民共和国测试法", short_zh="测试法", name_en="Testing Law"
    )
    old = LawVersionFactory(
        law=law,
        version="2019",
        promulgated_on="2019-03-04",
        effective_from="2019-06-01",
        effective_to="2024-06-30",
        status="superseded",
        article_count=5,
    )
    new = LawVersionFactory(
        law=law,
        version="2024",
        promulgated_on="2024-05-06",
        effective_from="2024-07-01",
        article_count=7,
    )
    other = LawFactory(code="OTH", name_zh="中华人民共和国其他法", name_en="Other Law")
    LawVersionFactory(law=other, version="2020")
    ArticleFactory(
        version=old, number=3, para=1, item=2, ref="TST@2019:3(1)[2]", gist_zh="保存记录"
    )
    for version, number in ((old, 4), (new, 5)):
        ArticleFactory(version=version, number=number, gist_zh="罚则", penalty=True)
    return law


def run(*arguments, **options) -> str:
    out = StringIO()
    call_command("import_law", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def version(ref: str) -> LawVersion:
    return LawVersion.objects.get(ref=ref)


def test_imports_what_it_recognises(testing_law):
    said = run(OLD, NEW, "--yes")
    assert "TST@2019" in said
    assert "7 articles: 7 new, 0 changed, 0 gone" in said
    provision = Provision.objects.get(version__ref="TST@2024", number=4, suffix=1)
    assert provision.section == "第二节 特别规定"
    assert provision.source == "bold.md"
    assert [each["label"] for each in provision.printed[0]["items"]] == ["（一）", "（二）"]
    row = Article.objects.get(ref="TST@2024:4-1")
    assert (row.whole, row.kind, row.source) == (True, "general", loading.IMPORTED)
    # Rows that had words of their own keep them.
    assert Article.objects.get(ref="TST@2019:4").gist_zh == "罚则"
    event = Event.objects.filter(verb="law.imported").latest("id")
    assert event.data["articles"] == 7


def test_second_run_changes_nothing(testing_law):
    run(OLD, NEW, "--yes")
    before = list(Provision.objects.values_list("pk", "imported_at"))
    assert "Nothing to change." in run(OLD, NEW, "--yes")
    assert list(Provision.objects.values_list("pk", "imported_at")) == before
    assert Event.objects.filter(verb="law.imported").count() == 2


def test_part_of_the_text_for_an_item_and_for_what_is_not_there(testing_law):
    ArticleFactory(version=version("TST@2019"), number=2, para=3, ref="TST@2019:2(3)")
    said = run(OLD, "--yes")
    assert "TST@2019:2(3) stands in the register, but the text has no 第二条第三款" in said
    provision = Provision.objects.get(version__ref="TST@2019", number=3)
    (part,) = provision.part_of(1, 2)
    assert part["text"].startswith("测试人员应当")
    assert [item["text"] for item in part["items"]] == ["保存记录不少于60日；"]
    assert provision.part_of(2, None) == provision.part_of(1, 9) == []


def test_shows_what_it_would_change(testing_law, tmp_path):
    run(OLD, "--yes")
    changed = tmp_path / "测试法.md"
    changed.write_text(
        OLD.read_text(encoding="utf-8").replace("６０日", "九十日"), encoding="utf-8"
    )
    said = run(changed, "--dry-run")
    assert "0 new, 1 changed, 0 gone, 4 as they are" in said
    assert "第三条  -[60] +[九十]" in said
    assert "nothing was written" in said
    assert "60日" in Provision.objects.get(version__ref="TST@2019", number=3).text
    run(changed, "--yes")
    assert "九十日" in Provision.objects.get(version__ref="TST@2019", number=3).text
    assert Provision.objects.get(version__ref="TST@2019", number=1).source == "spaced.md"


def test_article_that_went_away(testing_law, tmp_path):
    run(OLD, "--yes")
    LawVersion.objects.filter(ref="TST@2019").update(article_count=4)
    shorter = tmp_path / "测试法.md"
    text = OLD.read_text(encoding="utf-8")
    kept = text[: text.index("第五条")] + "附件：原第五条\n"
    shorter.write_text(kept, encoding="utf-8")
    assert "gone     第五条" in run(shorter, "--dry-run")
    run(shorter, "--yes")
    assert not Article.objects.filter(ref="TST@2019:5").exists()
    assert Provision.objects.filter(version__ref="TST@2019").count() == 4


def test_wrong_number_of_articles_is_refused(testing_law):
    LawVersion.objects.filter(ref="TST@2019").update(article_count=6)
    with pytest.raises(CommandError, match=r"应当有 6 条，这个文本有 5 条，到第五条为止"):
        run(OLD, "--yes")
    assert not Provision.objects.exists()


def test_all_or_nothing(testing_law, tmp_path):
    broken = tmp_path / "测试法.md"
    broken.write_text(
        NEW.read_text(encoding="utf-8").replace("**第二条**", "**第九条**"), encoding="utf-8"
    )
    with pytest.raises(CommandError, match="第一条之后是第九条"):
        run(OLD, broken, "--yes")
    with pytest.raises(CommandError, match="another of the files is TST@2019 too"):
        run(OLD, OLD, "--yes")
    assert not Provision.objects.exists()


def test_wrong_law_is_refused(testing_law):
    with pytest.raises(
        CommandError, match="标题是“中华人民共和国测试法”，不是《中华人民共和国其他法》"
    ):
        run(OLD, "--law", "OTH", "--version", "2020", "--yes")
    with pytest.raises(CommandError, match="没有代码 XYZ"):
        run(OLD, "--law", "XYZ", "--yes")


def test_asks_or_lists_what_it_cannot_tell(testing_law, tmp_path, monkeypatch):
    undated = tmp_path / "测试法.md"
    lines = NEW.read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if "委员会" not in line]
    undated.write_text("\n".join(lines).replace("2019年6月1日", "公布之日"), encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        run(undated, "--no-input")
    assert "日期不能说明是哪个版本" in str(caught.value)
    assert "TST@2019  中华人民共和国测试法（2019）" in str(caught.value)
    run(undated, "--law", "tst", "--version", "2024", "--no-input")
    assert version("TST@2024").provisions.count() == 7
    Provision.objects.all().delete()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter(["2", "y"])
    monkeypatch.setattr("builtins.input", lambda _prompt: next(answers))
    run(undated)
    assert version("TST@2024").provisions.count() == 7


def test_nobody_to_ask(testing_law):
    with pytest.raises(CommandError, match="say --yes"):
        run(OLD)
    assert not Provision.objects.exists()


def test_files_joined(testing_law, tmp_path):
    text = OLD.read_text(encoding="utf-8")
    at = text.index("## 第二章")
    first, second = tmp_path / "一.md", tmp_path / "二.md"
    first.write_bytes(text[:at].encode("gbk"))
    second.write_bytes(b"\xef\xbb\xbf" + text[at:].encode())
    run(first, second, "--join", "--yes")
    assert version("TST@2019").provisions.count() == 5
    assert Provision.objects.first().source == "一.md、二.md"


def test_load_law_says_nothing_of_imported_rows(law, tmp_path):
    Article.objects.create(
        version=version("CSL@2016"),
        ref="CSL@2016:1",
        number=1,
        kind="general",
        whole=True,
        source=loading.IMPORTED,
    )
    assert loading.load().unknown == []


# --- The back room -------------------------------------------------------------------------------


@pytest.fixture
def administrator(client, db):
    client.force_login(UserFactory(system_admin=True))
    return client


IMPORT = "admin:legal_lawversion_import"


def test_page_shows_first_and_writes_when_confirmed(administrator, testing_law):
    url = reverse(IMPORT)
    page = administrator.post(url, {"texts": [SimpleUploadedFile("法.md", NEW.read_bytes())]})
    assert "全文 7 条，新增 7 条" in page.content.decode()
    assert not Provision.objects.exists()
    signed = page.context["signed"]
    done = administrator.post(url, {"confirmed": signed}, follow=True).content.decode()
    assert "测试法（2024）已导入：新增 7 条" in done
    provision = Provision.objects.filter(version__ref="TST@2024").first()
    assert provision.imported_by is not None
    assert (
        "没有变化" in administrator.post(url, {"confirmed": signed}, follow=True).content.decode()
    )
    again = administrator.post(url, {"texts": [SimpleUploadedFile("法.md", NEW.read_bytes())]})
    assert "没有变化，不需要导入" in again.content.decode()


def test_page_refuses_with_words(administrator, testing_law):
    url = reverse(IMPORT)
    bad = NEW.read_text(encoding="utf-8").replace("**第二条**", "**第九条**").encode()
    page = administrator.post(url, {"texts": [SimpleUploadedFile("法.md", bad)]})
    assert "第一条之后是第九条" in page.content.decode()
    assert "必填" in administrator.post(url, {}).content.decode()
    forged = administrator.post(url, {"confirmed": "forged:x:y"})
    assert "预览已经过期" in forged.content.decode()
    large = SimpleUploadedFile("法.md", b"x" * 2_000_001)
    assert "至多 2 MB" in administrator.post(url, {"texts": [large]}).content.decode()
    assert not Provision.objects.exists()


def test_texts_are_read_in_the_back_room(administrator, testing_law):
    run(OLD, NEW, "--yes")
    provision = Provision.objects.first()
    for name in ("provision", "match"):
        assert administrator.get(reverse(f"admin:legal_{name}_changelist")).status_code == 200
    page = reverse("admin:legal_provision_change", args=[provision.pk])
    assert administrator.get(page).status_code == 200
    match = Match.objects.first()
    page = administrator.get(reverse("admin:legal_match_change", args=[match.pk]))
    assert page.status_code == 200


# --- What the database says ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"number": 0}, "legal_provision_numbered"),
        ({"text": "", "sha256": "0" * 64}, "legal_provision_says_something"),
        ({"sha256": "short"}, "legal_provision_checksums"),
        ({"source_sha256": "Z" * 64}, "legal_provision_checksums"),
    ],
)
@pytest.mark.django_db
def test_constraints(values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ProvisionFactory(**values)


@pytest.mark.django_db
def test_one_text_for_an_article():
    provision = ProvisionFactory()
    with pytest.raises(IntegrityError, match="legal_provision_once"), transaction.atomic():
        ProvisionFactory(version=provision.version, number=provision.number)


@pytest.mark.django_db
def test_no_text_replaces_itself():
    text = LawVersionFactory()
    with (
        pytest.raises(IntegrityError, match="legal_version_not_replaced_by_itself"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE legal_lawversion SET replaced_by_id = id WHERE id = %s", [text.pk])


def test_word_file_through_the_page(administrator, testing_law):
    document = docx.Document()
    for line in NEW.read_text(encoding="utf-8").partition("# ")[2].splitlines():
        document.add_paragraph(line.replace("**", "").lstrip("# "))
    stream = BytesIO()
    document.save(stream)
    upload = SimpleUploadedFile("法.docx", stream.getvalue())
    page = administrator.post(reverse(IMPORT), {"texts": [upload]}).content.decode()
    assert "新增 7 条" in page
