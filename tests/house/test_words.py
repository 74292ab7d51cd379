"""Every word a user sees is Chinese in the code and English in the one catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.utils import translation

from look import words

CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
# Shown inside quotation marks, or after "for example": what is typed on a Chinese form.
EXAMPLE = re.compile("“[^”]*”|For example:? .*|ICP备|\\b号\\b|, 号")
ENTRIES = list(words.catalogue())


def sides(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def told(entry: polib.POEntry) -> str:
    return f"{entry.msgid} → {' ~ '.join(sides(entry))}"


# --- The catalogue ---------------------------------------------------------------------------


def test_every_message_has_english() -> None:
    missing = [f"{message.where}: {message.text}" for message in words.untranslated()]
    assert missing == [], "./run manage update_words, then fill locale/en"


def test_no_english_without_a_message() -> None:
    used = {message.key for message in words.messages()}
    assert [entry.msgid for entry in ENTRIES if words.entry_key(entry) not in used] == []


def test_a_plural_is_a_plural_everywhere() -> None:
    """One id with and without plural would lose one of the two."""
    plain = {m.key for m in words.messages() if not m.plural}
    plural = {m.key for m in words.messages() if m.plural}
    known = {words.entry_key(entry) for entry in ENTRIES if entry.msgid_plural}
    assert plural == known
    assert plain & plural == set()


def test_placeholders_are_the_same() -> None:
    wrong = [
        told(entry)
        for entry in ENTRIES
        for side in sides(entry)
        if sorted(set(PLACEHOLDER.findall(side))) != sorted(set(PLACEHOLDER.findall(entry.msgid)))
    ]
    assert wrong == []


def test_marks_of_html_are_the_same() -> None:
    tag = re.compile(r"<[^>]*>")
    wrong = [
        told(entry)
        for entry in ENTRIES
        for side in sides(entry)
        if sorted(tag.findall(side)) != sorted(tag.findall(entry.msgid))
    ]
    assert wrong == []


def test_english_is_english() -> None:
    """Chinese stands only in examples of what is typed, and in the name of the language."""
    wrong = [
        told(entry)
        for entry in ENTRIES
        for side in sides(entry)
        if CHINESE.search(EXAMPLE.sub("", side)) and entry.msgid not in OWN_NAMES
    ]
    assert wrong == []


# 中文 is how a Chinese reader finds the switch; the samples quote a real number.
OWN_NAMES = {
    "中文",
    "例如 {abbreviation}责通字〔{year}〕{serial}号",
    "已签发，文号 南公（网安）责通字〔2025〕19号。",
    "字库缺少“𬭸”字（企业名称第 4 字）。",
}


def test_english_is_plain() -> None:
    wrong = [
        told(entry)
        for entry in ENTRIES
        for side in sides(entry)
        if "!" in side or re.search(r"\b(please|sorry|etc|e\.g|i\.e)\b", side, re.IGNORECASE)
    ]
    assert wrong == []


# --- The code --------------------------------------------------------------------------------

COMMENTS = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.DOTALL)
TRANSLATED = re.compile(
    r"\{%\s*blocktranslate\b.*?endblocktranslate\s*%\}"
    r"|\{%\s*translate\s+([\"']).*?\1.*?%\}"
    r"|_\(\s*([\"']).*?\2\s*\)",
    re.DOTALL,
)
# Chinese in a template that is not a message, and why.
BARE_TEMPLATES = {
    "layout/language.html": "a language is called by its own name",
    "notices/paper.html": "the sheet of all papers, which are Chinese only",
    "notices/papers/*": "papers are Chinese only",
    "penalties/read_notice.html": "what is told is read aloud as the paper says it",
}


def template_files() -> Iterator[tuple[str, Path]]:
    for folder in words.template_folders():
        for path in words.templates(folder):
            yield path.relative_to(folder).as_posix(), path


def test_templates_hold_no_bare_chinese() -> None:
    bare = {}
    for name, path in template_files():
        text = TRANSLATED.sub("", COMMENTS.sub("", path.read_text(encoding="utf-8")))
        lines = [line.strip() for line in text.splitlines() if CHINESE.search(line)]
        if lines and not any(fnmatch(name, pattern) for pattern in BARE_TEMPLATES):
            bare[name] = lines
    assert bare == {}


# Modules whose Chinese is not a word of a page, and why.
DATA = {
    "*/migrations/*": "frozen as made",
    "config/formats/*": "each language has its own order of the parts of a date",
    "demo/*": "the demonstration is data",
    "bulletins/documents.py": "papers are Chinese only",
    "bulletins/personal.py": "digits as numerals write them",
    "bulletins/reduced.py": "words that names of enterprises are made of",
    "bulletins/wording.py": "papers are Chinese only",
    "accounts/roles.py": "the roles have both names in the data",
    "enterprises/industries.py": "the national classification of industries",
    "enterprises/identifiers.py": "patterns of Chinese numbers",
    "penalties/cases/appraising.py": "the list of exhibits is printed, hence Chinese",
    "penalties/cases/exhibits.py": "the list of exhibits is printed, hence Chinese",
    "penalties/cases/statements.py": "the list of exhibits is printed, hence Chinese",
    "penalties/bank_files.py": "headings and marks that files of banks are read by",
    "penalties/clocks.py": "what starts a period is stored in both languages",
    "penalties/discretion.py": "the derivation is stored in both languages",
    "penalties/grounds.py": "the ground as the paper says it, beside its word on the page",
    "penalties/history.py": "words that names of enterprises end with",
    "penalties/identity.py": "kinds of document and sexes as they are stored and printed",
    "penalties/papers/*": "papers are Chinese only",
    "penalties/ranges.py": "patterns of statutes, and the ground as the notice prints it",
    "vault/sheets.py": "characters that a spreadsheet takes for a formula",
    "enterprises/search.py": "punctuation between words that are searched for",
    "launch/portal.py": "the terminal says both languages at once",
    "legal/calendar_files.py": "headings and words that calendar files are read by",
    "legal/derivations.py": "the derivation is stored in both languages",
    "legal/differences.py": "punctuation at which texts are compared",
    "legal/likeness.py": "punctuation that a comparison leaves out",
    "legal/limits.py": "refusals and derivations are told in both languages",
    "legal/loading.py": "the register is stored in both languages",
    "legal/lookup.py": "patterns of citations as people type them",
    "legal/models/laws.py": "the citation as the papers print it",
    "legal/named_dates.py": "the derivation is stored in both languages",
    "legal/numerals.py": "numerals of the citation",
    "legal/periods.py": "refusals and derivations are told in both languages",
    "legal/published.py": "names of the holidays in calendar files",
    "legal/statutes.py": "patterns of the text of a statute",
    "legal/suspensions.py": "refusals and derivations are told in both languages",
    "legal/working_days.py": "names of the holidays, in both languages",
    "look/dates.py": "each language has its own order of the parts of a date",
    "rectification/orders/_clocks.py": "the derivation is stored in both languages",
    "rectification/orders/_duty.py": "the derivation is stored in both languages",
    "look/samples.py": "sample data as it would be stored",
    "notices/cjk_justify.py": "papers are Chinese only",
    "notices/correction_order.py": "papers are Chinese only",
    "notices/extension_decision.py": "papers are Chinese only",
    "notices/kinds/*": "titles, numbers and signers of papers",
    "notices/batches/*": "cover, catalogue and index are papers",
    "notices/blocks.py": "standing paragraphs of papers",
    "notices/demo_authority.py": "names in a certificate",
    "notices/filing.py": "titles in the catalogue of a case file",
    "notices/receipts.py": "papers are Chinese only",
    "notices/writing.py": "papers are Chinese only",
    "inspections/filing.py": "titles in the catalogue of a case file",
    "inspections/paper_facts.py": "papers are Chinese only",
    "rectification/filing.py": "titles in the catalogue of a case file",
    "rectification/opinion_words.py": "papers are Chinese only",
    "penalties/filing.py": "titles in the catalogue of a case file",
    "notices/marks.py": "papers are Chinese only",
    "notices/papers.py": "papers are Chinese only",
    "notices/pdf.py": "papers are Chinese only",
    "notices/reading.py": "papers are Chinese only",
}
# Single strings, and why.
SINGLE = {
    # What is stored is data: names that stand in the record when nobody acted.
    "audit/trail.py": {"系统"},
    "audit/watch.py": {"（未登录）"},
    # Invisible characters that a spreadsheet would skip.
    "audit/export.py": {" \xa0\u3000\u200b\ufeff"},
    # What an officer writes to remove a number, in either language.
    "enterprises/forms.py": {"无"},
    # Words left out when names are compared.
    "enterprises/models.py": {
        "有限责任公司",
        "股份有限公司",
        "有限公司",
        "分公司",
        "公司",
        "集团",
        "（集团）",
    },
    # A date as typed by hand.
    "deadlines/forms.py": {"%Y年%m月%d日"},
    "enterprises/wording.py": {"%Y年%m月%d日"},
    # The full stop of a sentence that goes into another one.
    "inspections/gates.py": {"。"},
    "penalties/review/people.py": {"。"},
    "penalties/views/deciding.py": {"。"},
    "rectification/review/shown.py": {"。"},
    # Who may decide by a law, as the register's own note says it.
    "legal/citations/rules.py": {"电信", "省级", "主管"},
    # Titles as statutes and collections write them, and the names of several files.
    "legal/importing.py": {
        r"[（(\[【〔].*?[）)\]】〕]\s*$",
        r"[\s《》〈〉]",
        "中华人民共和国",
        r"\1年\2月\3日",
        "第([0-9]+)号",
        "、",
    },
    # The terminal names a text as the register does.
    "legal/management/commands/import_law.py": {"（", "）"},
    "legal/management/commands/load_calendar.py": {
        "Load working calendars from files: holiday-cn JSON, CSV (日期,名称,类型) or .ics. "
        "Safe to run again. Deadlines that stand do not move: see recheck_deadlines."
    },
    # The number of an item in the words of the law: （一）.
    "legal/models/statutes.py": {"（", "）"},
    # The number of an inspection: 检2025-0012.
    "inspections/fieldwork/visits.py": {"检"},
    # Told in both languages, as the derivation is.
    "bulletins/bulletins.py": {"定稿"},
    "bulletins/publications.py": {"作出处罚决定", "决定变动"},
    "penalties/cases/_money.py": {"批准分期或者暂缓"},
    "penalties/cases/enforcing.py": {"暂缓或者分期期限届满", "复议、诉讼的结果生效"},
    "penalties/cases/hearing.py": {"举行听证"},
    "penalties/cases/remedies.py": {"收到行政复议决定书"},
    "penalties/cases/stopping.py": {"送达处罚决定书"},
    # Brackets that banks write in other shapes.
    "penalties/cases/bank.py": {"[]【】〖〗()<>《》", "〔〕〔〕〔〕（）〔〕〔〕", "）", "（"},
    "penalties/forms/bank.py": {"（）", "（）〔〕"},
    # Stored with what an officer writes, and printed on the sheets of the case.
    "penalties/cases/closing.py": {"责令改正：", "评查问题："},
    "penalties/cases/opening.py": {"行政处罚立案", "．", "；\n", "。；"},
    "penalties/cases/sitting.py": {
        "当事人撤回听证要求",
        "无正当理由拒不出席，视为放弃听证",
        "：",
    },
    # Proposed for the paper, and marks as typed by hand.
    "penalties/forms/deciding.py": {"警告自本决定书送达之日起执行", "，"},
    "penalties/forms/spot.py": {"监督检查记录"},
    # A sum, a date as typed by hand.
    "penalties/forms/fields.py": {"。", "元", "，"},
    "penalties/forms/plans.py": {
        r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[\s,，:：]+(\S+)",
    },
    # The sexes as they are stored and printed.
    "penalties/forms/parties.py": {"男", "女"},
    # What stands in the subject of a demonstration's certificate.
    "notices/certificates.py": {"演示"},
    "notices/models/certificate.py": {"演示"},
    # Printed where the number and the day will stand, and in a file's name.
    "notices/previews.py": {"（签发时编号）", "（签发时填写）", "预览-"},
    # Each language has its own order of the parts of a date.
    "look/why.py": {"、", "日", "；"},
    "rectification/reasons.py": {"年", "月", "日"},
    "rectification/telling.py": {"月", "日"},
    # Stands for the serial that is taken at issue.
    "rectification/views/approval.py": {"＿"},
}


def bare_strings(path: Path) -> Iterator[str]:
    """Chinese strings that are neither documentation nor handed to gettext."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = words.translators(tree)
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):  # documentation
            passed.add(id(node.value))
        elif isinstance(node, ast.Call) and words.called(node) in names:
            passed.update(id(argument) for argument in node.args)
    for node in ast.walk(tree):
        if id(node) in passed or not isinstance(node, ast.Constant):
            continue
        if isinstance(node.value, str) and CHINESE.search(node.value):
            yield node.value


def test_modules_hold_no_bare_chinese() -> None:
    bare = {}
    for path in words.modules():
        name = path.relative_to(settings.BASE_DIR).as_posix()
        if any(fnmatch(name, pattern) for pattern in DATA):
            continue
        found = [text for text in bare_strings(path) if text not in SINGLE.get(name, set())]
        if found:
            bare[name] = found
    assert bare == {}


def test_the_lists_of_exceptions_are_used() -> None:
    modules = {p.relative_to(settings.BASE_DIR).as_posix(): p for p in words.modules()}
    for pattern in DATA:
        hits = [path for name, path in modules.items() if fnmatch(name, pattern)]
        assert any(any(bare_strings(path)) for path in hits), pattern
    for name, texts in SINGLE.items():
        assert texts - set(bare_strings(modules[name])) == set(), name
    templates = [name for name, _path in template_files()]
    for pattern in BARE_TEMPLATES:
        assert any(fnmatch(name, pattern) for name in templates), pattern


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('from django.utils.translation import gettext as _\n_("甲")', [("", "甲", "")]),
        ('from django.utils.translation import gettext as _now\n_now("甲")', [("", "甲", "")]),
        (
            'from django.utils.translation import ngettext\nngettext("甲", "乙", 2)',
            [("", "甲", "乙")],
        ),
        (
            'from django.utils.translation import pgettext_lazy as p\np("列", "甲")',
            [("列", "甲", "")],
        ),
        ('from django.utils import translation\ntranslation.gettext("甲")', [("", "甲", "")]),
        ('def gettext(x): ...\ngettext("甲")', []),
    ],
)
def test_messages_of_a_module(tmp_path: Path, settings: Any, code: str, found: list[Any]) -> None:
    settings.BASE_DIR = tmp_path
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]
    (tmp_path / "module.py").write_text(code, encoding="utf-8")
    assert [(m.context, m.text, m.plural) for m in words.messages()] == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('{% translate "甲" %}', [("", "甲", "")]),
        ('{% translate "甲 5%" context "列" as x %}{{ x }}', [("列", "甲 5%%", "")]),
        (
            "{% blocktranslate trimmed %}\n甲\n{{ a }}\n{% endblocktranslate %}",
            [("", "甲 %(a)s", "")],
        ),
        (
            "{% blocktranslate count n=m %}{{ n }} 甲{% plural %}{{ n }} 乙{% endblocktranslate %}",
            [("", "%(n)s 甲", "%(n)s 乙")],
        ),
        ('{{ a|join:_("、") }}', [("", "、", "")]),
        ('{% include "inner.html" with a=_("甲") %}', [("", "甲", "")]),
        (
            '{% extends "inner.html" %}{% load i18n %}'
            '{% block b %}{% if a %}{% translate "甲" %}{% endif %}{% endblock %}',
            [("", "甲", "")],
        ),
        ('{% for a in b %}{% empty %}{% translate "甲" %}{% endfor %}', [("", "甲", "")]),
    ],
)
def test_messages_of_a_template(tmp_path: Path, settings: Any, code: str, found: list[Any]) -> None:
    settings.BASE_DIR = tmp_path
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    code = code if "extends" in code else "{% load i18n %}" + code
    (tmp_path / "outer.html").write_text(code, encoding="utf-8")
    (tmp_path / "inner.html").write_text("{% block b %}{% endblock %}", encoding="utf-8")
    with translation.override("en"):  # the id is asked for, not what it says in some language
        assert [(m.context, m.text, m.plural) for m in words.messages()] == found
