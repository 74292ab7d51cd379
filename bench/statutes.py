"""Importing a statute of 270 articles: `./run bench statutes`.

The text is made up: chapters, sections, paragraphs and items of the usual length. The same law is
imported into the bench's own register in two versions, so that the concordance is proposed too.
"""

import random
import time
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import Row
from legal import importing
from legal.models import Article, Law, LawVersion, Match, Provision
from legal.numerals import chinese
from legal.statute_files import from_path
from legal.statutes import BadStatute

ARTICLES = 270
PROMISE_S = 2.0
AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
WORDS = [
    "测试部门", "测试人员", "应当", "如实", "记录", "结果", "不得", "涂改", "用例", "编号", "保存",
    "期限", "责令", "改正", "重新", "说明", "来源", "负责", "检查", "报告", "机构", "制度",
]  # fmt: skip


def statute(year: int, changed: int) -> str:
    """The text of that year's version; every `changed`-th article says something else."""
    lines = ["# 中华人民共和国压力测试法", "", f"{year}年3月4日压力测试委员会第一次会议通过", ""]
    for number in range(1, ARTICLES + 1):
        dice = random.Random(number if number % changed else number + year)  # noqa: S311
        if number % 30 == 1:
            lines += [
                f"## 第{chinese(number // 30 + 1)}章　{''.join(dice.choices(WORDS, k=2))}",
                "",
            ]
        first, *others = ["".join(dice.choices(WORDS, k=40)) for _ in range(dice.randint(1, 4))]
        lines += [f"**第{chinese(number)}条**　{first}。", ""]
        for other in others:
            lines += [f"{other}：", ""]
            lines += [f"（{chinese(n)}）{''.join(dice.choices(WORDS, k=12))}；" for n in (1, 2, 3)]
            lines += [f"（四）{''.join(dice.choices(WORDS, k=12))}。", ""]
    return "\n".join(lines)


def rows() -> list[Row]:
    """Seconds and memory of an import, of the second one, and of a refusal."""
    old, new = _versions()
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{year}.md" for year in (2019, 2024)]
        for file, year, changed in zip(files, (2019, 2024), (10_000, 5), strict=True):
            file.write_text(statute(year, changed), encoding="utf-8")
        noise = Path(folder) / "noise.md"
        noise.write_bytes(b"\xe7\xac\xac" * 3_500_000)
        _clear(old, new)
        _import(files[0], old)
        first = _timed(_import, files[1], new)
        again = _timed(_import, files[1], new)
        _clear(new)
        tracemalloc.start()
        _import(files[1], new)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        refused = _timed(_refuse, noise)
        size = files[1].stat().st_size / 1e3
    return [
        Row("size of the text", size, "KB"),
        Row(f"{ARTICLES} articles, with their concordance", first, "s", PROMISE_S),
        Row("… the same text again: nothing to change", again, "s", PROMISE_S),
        Row("… peak memory", peak, "MB", 100),
        Row("10 MB of noise, refused", refused, "s", 0.5),
    ]


def _timed(work, *arguments) -> float:  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began


def _import(file: Path, expected: LawVersion) -> None:
    """What the command does with a file, from its bytes on."""
    text = importing.text_of([from_path(file)])
    version = importing.recognise(text)
    assert version == expected
    importing.plan(text, version)
    importing.bring_in(text, version, by=None, at=AT)


def _refuse(file: Path) -> None:
    try:
        from_path(file)
    except BadStatute:
        return
    raise AssertionError("10 MB were read.")


def _versions() -> tuple[LawVersion, LawVersion]:
    law, _ = Law.objects.get_or_create(
        code="BENCH",
        defaults={
            "name_zh": "中华人民共和国压力测试法",
            "short_zh": "压力测试法",
            "name_en": "Load Test Law of the PRC",
            "level": Law.Level.LAW,
            "position": 999,
        },
    )
    found = [
        LawVersion.objects.get_or_create(
            ref=f"BENCH@{year}",
            defaults={
                "law": law,
                "version": str(year),
                "promulgated_on": date(year, 3, 4),
                "effective_from": date(year, 6, 1),
                "effective_to": date(2024, 5, 31) if year == 2019 else None,
                "status": LawVersion.Status.IN_FORCE,
            },
        )[0]
        for year in (2019, 2024)
    ]
    return found[0], found[1]


def _clear(*versions: LawVersion) -> None:
    Match.objects.filter(new__version__in=versions).delete()
    Provision.objects.filter(version__in=versions).delete()
    Article.objects.filter(version__in=versions).delete()
