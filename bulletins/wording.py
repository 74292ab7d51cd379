"""The words of a bulletin in the manner of the published ones. Papers are Chinese only.

    facts(case, …)       what the bulletin may know of a case, taken once and frozen with the entry
    case_text(facts)     案例一 in two paragraphs: what was found; articles, measure, correction
    paragraphs(...)      the whole bulletin, [[kind, text], …]; every export is made of this list

Nothing here knows an enterprise's full name: it comes in reduced (`bulletins.reduced`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from accounts.models import Region, Unit
from bulletins import reduced
from inspections.models import Citation, Finding
from legal.models import Article
from legal.numerals import chinese
from notices import glyphs, writing
from penalties.models import Case, Measure
from rectification.models import TermKind

TITLE, TEXT, HEADING, ORGAN, DATE = "title", "text", "heading", "organ", "date"
REMINDER_HEADING = "警方提醒"
MARK = "演示样例 无法律效力"

#: What a bulletin says at its end unless somebody writes something else.
REMINDER = (
    "网络运营者应当按照法律法规的要求履行网络安全保护义务和个人信息保护义务，制定内部安全管理制度和操作规程，"
    "落实访问权限管理、数据加密、漏洞扫描等技术措施，制定网络安全事件应急预案。网站关闭或者停止使用的，"
    "应当及时注销ICP备案信息和域名信息。对不履行网络安全保护义务的，公安机关将依法处罚。"
)

Paragraphs = list[list[str]]


def facts(
    case: Case,
    findings: Sequence[Finding],
    articles: Mapping[int, Article],
    *,
    today: date,
    places: Collection[str],
) -> dict[str, Any]:
    """What a bulletin may say of the case, JSON. `today` tells which texts are still in force.

    `findings` come with their citations; `articles` are those cited, by id.
    """
    enterprise = case.enterprise
    duties, penalties = _cited(findings, articles)
    system = case.inspection.system if case.inspection else None
    return {
        "name": reduced.reduce(
            enterprise.name,
            region=enterprise.region.name,
            industry=enterprise.industry_code,
            places=places,
        ),
        "agency": agency(case.unit),
        "system": reduced.system(system.name) if system else "",
        "findings": found_words(findings),
        "refs": [article.ref for article in (*duties, *penalties)],
        "articles": cite([*duties, *penalties], today),
        "cause": case.cause,
        "measures": list(case.measures),
        "measure_words": measure_words(case),
        "correction": _correction(case),
        "decided_on": case.decided_on,
    }


def known_places() -> list[str]:
    """Names of all regions of the register: one query."""
    return list(Region.objects.values_list("name", flat=True))


def agency(unit: Unit) -> str:
    """南宁网安支队 for a unit called 南宁市公安局网安支队; other units by their short name."""
    name = unit.short_name or unit.name
    for corps in ("网安总队", "网安支队", "网安大队"):
        if name.endswith(corps):
            return f"{reduced.short_place(unit.region.name)}{corps}"
    return name


def found_words(findings: Iterable[Finding]) -> list[str]:
    """What was found, each sentence once.

    In the words of the record where it repeats a publication, otherwise in those that the register
    has for this kind of finding: what an officer notes on site may name persons and systems.
    """
    words = []
    for finding in findings:
        published = any(row.origin == Citation.Origin.PUBLISHED for row in finding.cited())
        kind = finding.violation_type
        usual = next((each for each in kind.phrases if not each.startswith("（")), kind.zh)
        words.append(writing.open_end(finding.seen if published else usual))
    return list(dict.fromkeys(words))


def _cited(
    findings: Iterable[Finding], articles: Mapping[int, Article]
) -> tuple[list[Article], list[Article]]:
    """(duties, penalties), each article once, in the order in which they were cited."""
    duties: dict[int, Article] = {}
    penalties: dict[int, Article] = {}
    for finding in findings:
        for row in finding.cited():
            place = duties if row.role == Citation.Role.DUTY else penalties
            place[row.article_id] = articles[row.article_id]
    return list(duties.values()), list(penalties.values())


def cite(articles: Iterable[Article], today: date) -> str:
    """《中华人民共和国网络安全法》第二十一条、第五十九条: the law once, its articles after it.

    A text that is no longer in force is told by its year: 《…》（2016）.
    """
    by_law: dict[str, list[str]] = {}
    for article in articles:
        name = f"《{article.version.law.name_zh}》"
        if not article.in_force_on(today):
            name += f"（{article.version.version}）"
        places = by_law.setdefault(name, [])
        if article.label_zh and article.label_zh not in places:
            places.append(article.label_zh)
    return "、".join(law + "、".join(places) for law, places in by_law.items())


def measure_words(case: Case) -> str:
    """行政处罚 where the kind was left open; 警告、罚款（50000元）的行政处罚 otherwise."""
    named = []
    for measure in case.measures:
        if measure == Measure.UNSTATED:
            continue
        word = _MEASURES[Measure(measure)]
        if measure == Measure.FINE and case.fine is not None:
            word += f"（{case.fine.normalize():f}元）"
        named.append(word)
    return f"{'、'.join(named)}的行政处罚" if named else "行政处罚"


_MEASURES = {
    Measure.WARNING: "警告",
    Measure.CRITICISM: "通报批评",
    Measure.FINE: "罚款",
    Measure.CONFISCATION: "没收违法所得",
    Measure.SUSPENSION: "责令停产停业",
    Measure.CLOSURE: "责令关闭",
    Measure.REVOCATION: "吊销许可证件",
    Measure.GOODS: "没收非法财物",
    Measure.RESTRICTION: "限制开展生产经营活动",
    Measure.DOWNGRADE: "降低资质等级",
    Measure.BAN: "限制从业",
}


def _correction(case: Case) -> str:
    if case.order is None or case.order.issued_at is None:
        return ""
    if case.order.term_kind == TermKind.IMMEDIATE:
        return "责令其立即改正"
    return "责令其限期改正"


def case_text(facts: Mapping[str, Any], name: str = "") -> str:
    """The two paragraphs of one case. `name` where the reduced name had to be told apart."""
    name = name or str(facts["name"])
    where = f"{name}的{facts['system']}" if facts["system"] else name
    # 存储个人信息且存在未加密…: a finding that says 存在 itself needs no second one before it.
    there_is = "" if facts["findings"] and "存在" in facts["findings"][0] else "存在"
    first = (
        f"{facts['agency']}在网络安全监督检查中发现，{where}{there_is}"
        f"{'，'.join(facts['findings'])}等问题。"
    )
    party = "该公司" if "公司" in name else "该单位"
    second = (
        f"根据{facts['articles']}之规定，网安部门对{party}{facts['cause']}的违法行为"
        f"处以{facts['measure_words']}"
    )
    second += f"，{facts['correction']}。" if facts["correction"] else "。"
    return f"{first}\n{second}"


def default_title(unit: Unit, number: int) -> str:
    return f"{unit.organ}通报{chinese(number)}起网络安全行政处罚典型案例"


def default_intro(unit: Unit) -> str:
    return (
        f"近期，{unit.short_name or unit.name}加大对不履行网络安全保护义务违法行为的打击力度，"
        "切实压紧压实网络运营者的主体责任，依法对多家违法单位给予行政处罚。现将典型案例通报如下。"
    )


def heading(ordinal: int) -> str:
    """案例一, 案例十二."""
    return f"案例{chinese(ordinal)}"


def paragraphs(
    *,
    title: str,
    intro: str,
    texts: Sequence[str],
    reminder: str,
    organ: str,
    day: date | None,
) -> Paragraphs:
    """The bulletin from top to bottom. Without `day` it is not approved yet."""
    found: Paragraphs = [[TITLE, title], *_lines(intro)]
    for ordinal, text in enumerate(texts, 1):
        found.append([HEADING, heading(ordinal)])
        found += _lines(text)
    if reminder.strip():
        found.append([HEADING, REMINDER_HEADING])
        found += _lines(reminder)
    found.append([ORGAN, organ])
    if day is not None:
        found.append([DATE, writing.date(day)])
    return [[kind, glyphs.clean(text).strip()] for kind, text in found]


def _lines(text: str) -> Paragraphs:
    return [[TEXT, line.strip()] for line in text.splitlines() if line.strip()]
