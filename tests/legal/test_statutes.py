"""Reading statutes: every shape in which they are published, every fault that they may have."""

import time
import tracemalloc
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest

from legal import statute_files, statutes
from legal.numerals import chinese, number_of
from legal.statutes import BadStatute

SAMPLES = Path(__file__).parent / "statutes"
PLAIN = "测试法\n第一条 甲。\n第二条 乙。\n第三条 丙。\n"


def sample(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def labels(read: statutes.Statute) -> list[str]:
    return [article.label for article in read.articles]


def test_bold_numbers():
    read = statutes.read(sample("bold.md"))
    assert read.title == "中华人民共和国测试法"
    assert read.dates == (date(2019, 3, 4), date(2024, 5, 6))
    assert read.effective_from == date(2019, 6, 1)
    assert labels(read) == [
        "第一条",
        "第二条",
        "第三条",
        "第四条",
        "第四条之一",
        "第五条",
        "第六条",
    ]
    third, inserted = read.articles[2], read.articles[4]
    assert (third.chapter, third.section) == ("第二章 测试", "第一节 一般规定")
    assert inserted.section == "第二节 特别规定"
    assert (read.articles[-1].chapter, read.articles[-1].section) == ("第三章 附则", "")
    assert [item.number for item in third.paragraphs[0].items] == [1, 2, 3]
    assert inserted.paragraphs[0].tail == "应当重新测试。"
    assert len(inserted.paragraphs) == 1
    assert len(read.articles[1].paragraphs) == 2


def test_spaced_numbers_half_width_marks_and_full_width_digits():
    read = statutes.read(sample("spaced.md"))
    assert read.dates == (date(2019, 3, 4),)
    assert read.articles[0].chapter == "第一章 总则"
    assert read.articles[0].text == "为了让测试有章可循，制定本法。"
    third = read.articles[2].paragraphs[0]
    assert third.text.endswith("义务：")
    assert third.lines[2] == "（二）保存记录不少于60日；"
    assert read.effective_from == date(2019, 6, 1)


def test_plain_text_with_contents_tabs_wrapped_lines_and_an_appendix():
    for text in (sample("plain.txt"), sample("plain.txt").replace("\n", "\r\n")):
        read = statutes.read(text)
        assert read.title == "中华人民共和国测试法"
        assert labels(read) == [f"第{chinese(n)}条" for n in range(1, 6)]
        assert read.articles[0].text == "为了让测试有章可循，制定本法。"
        # A paragraph that begins with an article's name is not that article.
        assert read.articles[1].paragraphs[1].text == "第三条所称义务，包括记录。"
        assert read.articles[2].paragraphs[0].items[0].text.count("\n") == 2
        assert read.left_out[0] == "附件：用例格式"


def test_numbers_that_run_into_their_words():
    read = statutes.read(
        "测试法\n第一条中华测试。\n第二条所称测试，第一条第一款已有规定。".replace("所称", "凡")
    )
    assert labels(read) == ["第一条", "第二条"]
    assert read.articles[0].text == "中华测试。"


def test_arabic_numbers_and_more_than_a_hundred():
    body = "\n".join(f"第{n}条 内容{n}。" for n in range(1, 131))
    assert len(statutes.read("测试法\n" + body).articles) == 130
    body = "\n".join(f"第{chinese(n)}条 内容{n}。" for n in range(1, 131))
    assert labels(statutes.read("测试法\n" + body))[102] == "第一百零三条"


def test_several_files_are_one_statute():
    parts = ["# 测试法\n\n2019年3月4日通过\n", "# 第一编　总则\n\n**第一条**　甲。\n"]
    parts.append("---\nprev: x\n---\n\n# 第二编　分则\n\n**第二条**　乙。\n")
    read = statutes.read(*parts)
    assert [article.part for article in read.articles] == ["第一编 总则", "第二编 分则"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("测试法\n第一条 甲。\n第三条 丙。\n", ["第一条之后是第三条", "缺少第二条"]),
        (
            "测试法\n第一条 甲。\n第二条 乙。\n第二条 乙。\n",
            ["第二条出现了两次", "第 3 行和第 4 行"],
        ),
        ("测试法\n第一条 甲。\n第二条 乙。\n第三条 丙。\n第一条 丁。", ["第一条出现了两次"]),
        ("测试法\n第二条 乙。\n第三条 丙。\n", ["缺少第一条"]),
        ("测试法\n第一条 甲。\n第二条之二 乙。\n", ["第二条之二", "缺少第二条"]),
        ("测试法\n第一条 甲：\n（一）子；\n（三）丑。\n", ["第一条第一款", "应当是第二项"]),
        ("测试法\n第一条 甲。\n第二条\n第三条 丙。\n", ["第二条没有内容"]),
        ("测试法\n没有条文的文章。\n", ["没有找到条文"]),
        ("", ["没有找到条文"]),
        ("测试法\n第一条 " + "甲" * 30_000, ["不是法律文本"]),
    ],
)
def test_refused_with_the_place(text, words):
    with pytest.raises(BadStatute) as caught:
        statutes.read(text)
    for each in words:
        assert each in str(caught.value)


def test_noise_of_any_kind_is_refused_quickly():
    for noise in (
        "<!--" * 200_000,
        "[[" * 9_000 + "\n",
        "第" * 19_000,
        "---\n" + "x: y\n" * 50_000,
    ):
        began = time.perf_counter()
        with pytest.raises(BadStatute):
            statutes.read(noise)
        assert time.perf_counter() - began < 2


def test_numerals_both_ways():
    for n in [*range(1, 1300), 2000, 9999]:
        assert number_of(chinese(n)) == n
    for text, number in [("一〇三", 103), ("２１", 21), ("廿", None), ("十十", None), ("", None)]:
        assert number_of(text) == number


# --- Files ---------------------------------------------------------------------------------------


def file(data: bytes, name: str = "测试法.md") -> statute_files.StatuteFile:
    return statute_files.from_stream(name, BytesIO(data), len(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_encodings(encoding):
    read = statutes.read(file(PLAIN.encode(encoding)).text)
    assert labels(read) == ["第一条", "第二条", "第三条"]
    assert read.title == "测试法"


def test_word_file():
    document = docx.Document()
    for line in sample("spaced.md").replace("<!-- INFO END -->", "").splitlines():
        document.add_paragraph(line.lstrip("# "))
    stream = BytesIO()
    document.save(stream)
    read = statutes.read(file(stream.getvalue(), "测试法.docx").text)
    assert read.articles == tuple(
        # The numbers of the lines differ, the words do not.
        type(each)(**{**vars(each), "line": mine.line})
        for each, mine in zip(
            statutes.read(sample("spaced.md")).articles, read.articles, strict=True
        )
    )


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "空.md", "是空的"),
        (b" \r\n\x00", "空.md", "是空的"),
        (b"%PDF-1.7 ...", "法.pdf", "PDF"),
        (b"\xd0\xcf\x11\xe0 ...", "法.doc", "Word 97"),
        (b"PK\x03\x04 broken", "法.docx", "不是完好的"),
        (b"\x80\xff\x00\x01" * 50, "法.txt", "编码"),
        (PLAIN.encode("utf-16-be"), "法.txt", "编码"),
    ],
)
def test_files_that_are_none(data, name, words):
    with pytest.raises(BadStatute, match=words):
        file(data, name)


def test_ten_megabytes_are_refused_unread(tmp_path):
    path = tmp_path / "噪声.md"
    path.write_bytes(b"\xe7\xac\xac" * 3_500_000)
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(BadStatute, match=r"10\.5 MB，至多 2 MB"):
        statute_files.from_path(path)
    assert time.perf_counter() - began < 0.5
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_word_file_that_unpacks_too_large():
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 21_000_000)
    with pytest.raises(BadStatute, match="解开后过大"):
        file(stream.getvalue(), "法.docx")


def test_file_that_is_not_there(tmp_path):
    with pytest.raises(BadStatute, match="没有这个文件"):
        statute_files.from_path(tmp_path / "无.md")
