"""Reading the text of a statute as open collections publish it. Pure: lines in, articles out.

`read(text)` understands Markdown and plain text: a title, the lines of promulgation and amendment,
a table of contents, headings of parts, chapters and sections, articles headed `第一条　…`,
`**第一条**　…` or `第一条…` in Chinese or Arabic numerals with 之一, their paragraphs (款) and
their items （一） (项). What it cannot make count up it refuses with the places; it never guesses
an article. No rule of any law is known here.

What is made even: full-width digits and letters, half-width commas, colons and semicolons, tabs and
ideographic spaces, the brackets of item numbers, line endings, marks of Markdown and HTML. The
wording itself is left alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from legal.numerals import chinese, label, number_of

#: No article of any law comes near; a longer line is no statute (and keeps every search short).
LINE_AT_MOST = 20_000
PROBLEMS_AT_MOST = 6

_NUMERAL = r"[0-9零〇○一二两三四五六七八九十百千]{1,9}"
_MARK = r"(?:\*\*|__)?"
_ARTICLE = re.compile(
    rf"(?:#{{1,6}} *)?(?P<open>{_MARK}) *第 *(?P<number>{_NUMERAL}) *条"
    rf"(?: *之 *(?P<suffix>[一二三四五六七八九十]{{1,3}}))?"
    rf"(?P<close> *{_MARK})(?P<gap>[ :：]*)(?P<rest>.*)"
)
# What follows the number when a paragraph merely begins by naming an article.
_REFERENCE = re.compile(
    r"第|规定|和|至|到|、|，|,|或|及|的|所|中(?!华)|款|项|之|以[上下]|[（(]|-|—|～|~"
)
_HEADING = re.compile(
    rf"#{{0,6}} *{_MARK} *第 *(?P<number>{_NUMERAL}) *(?P<level>分编|编|章|节){_MARK} *"
    rf"(?P<title>[^。；]*?) *{_MARK}"
)
_CONTENTS = re.compile(rf"#{{0,6}} *{_MARK} *目 *[录次] *{_MARK}")
_ITEM = re.compile(
    r"[（(] *(?P<number>[零〇一二三四五六七八九十百]{1,5}) *[）)] *[、.．]? *(?P<text>.*)"
)
_SUBITEM = re.compile(r"(?:[0-9]{1,2} *[.．、]|[（(] *[0-9]{1,2} *[）)]|[①-⑳])")
_APPENDIX = re.compile(rf"#{{0,6}} *{_MARK} *附 *(?:[件录表]|[:：])")
_DATE = re.compile(
    r"(?P<year>[0-9]{4}|[〇零○一二三四五六七八九]{4}) *年"
    r" *(?P<month>[0-9]{1,2}|[一二三四五六七八九十]{1,2}) *月"
    r" *(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3}) *日"
)
_EFFECTIVE = re.compile(
    r"自 *(?P<day>[0-9〇零○一二三四五六七八九十年月日 ]{6,20}) *起(?:施行|实施|生效)"
)
_ORDER = re.compile(rf"第 *(?P<number>{_NUMERAL}) *号")
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
# A half-width mark after a Chinese character is a slip of the keyboard, not of the law.
_HALF = re.compile(r"(?<=[\u4e00-\u9fff》）”])[:;,](?![0-9])")
_WIDE = {":": "：", ";": "；", ",": "，"}
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ENDS = "。；：？！…;:?!"
_CLOSERS = "”’」』）)》〉\"'"
_EVEN = str.maketrans(
    {
        **{chr(0xFF10 + n): chr(0x30 + n) for n in range(10)},
        **{chr(0xFF21 + n): chr(0x41 + n) for n in range(26)},
        **{chr(0xFF41 + n): chr(0x61 + n) for n in range(26)},
        **dict.fromkeys("\t\u00a0\u2002\u2003\u2009\u3000", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", None),
    }
)


class BadStatute(Exception):
    """A text that cannot be taken in; `problems` are sentences, worst first, never empty."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("".join(self.problems))


@dataclass(frozen=True)
class Item:
    """One item (项) of a paragraph; sub-items stand in its text as lines of their own."""

    number: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph (款): its words, its items, and what goes on after the last item."""

    text: str
    items: tuple[Item, ...] = ()
    tail: str = ""

    @property
    def lines(self) -> list[str]:
        items = [f"（{chinese(item.number)}）{item.text}" for item in self.items]
        return [line for line in (self.text, *items, self.tail) if line]

    def as_data(self) -> dict:
        """The shape in which `Provision.paragraphs` keeps it."""
        items = [{"number": item.number, "text": item.text} for item in self.items]
        return {"text": self.text, "items": items, "tail": self.tail}


@dataclass(frozen=True)
class ArticleText:
    """One article as printed: number, 之, the headings above it, its paragraphs."""

    number: int
    suffix: int
    line: int
    part: str
    chapter: str
    section: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def label(self) -> str:
        """第二十一条."""
        return label(self.number, self.suffix)

    @property
    def text(self) -> str:
        """All words of the article as lines, without its number."""
        return "\n".join(line for paragraph in self.paragraphs for line in paragraph.lines)


@dataclass(frozen=True)
class Statute:
    """A whole text. `titles` are the short lines above the body that may be its name."""

    titles: tuple[str, ...]
    dates: tuple[date, ...]
    orders: tuple[int, ...]
    effective_from: date | None
    articles: tuple[ArticleText, ...]
    left_out: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The first of the titles; "" for a text without any."""
        return self.titles[0] if self.titles else ""


@dataclass(frozen=True)
class _Line:
    number: int
    text: str
    after_blank: bool


@dataclass(frozen=True)
class _Head:
    index: int
    line: int
    number: int
    suffix: int
    rest: str
    strong: bool

    @property
    def place(self) -> tuple[int, int]:
        return self.number, self.suffix

    @property
    def label(self) -> str:
        return label(self.number, self.suffix)


def read(text: str, *more: str) -> Statute:
    """Read one statute; `more` are its further files, in their order.

    Raises BadStatute for a text without articles, whose articles or items do not count up, or
    with a line that no statute has.
    """
    title, lines = "", list[_Line]()
    for each in (text, *more):
        found, body = _front_matter(each)
        title = title or found
        lines += _lines(body, lines[-1].number if lines else 0)
    heads = _body_heads(lines, _heads(lines))
    if not heads:
        raise BadStatute([_("没有找到条文：没有一行以“第一条”的样子开头。")])
    problems = _sequence(heads)
    if problems:
        raise BadStatute(problems)
    articles, left_out = _articles(lines, heads)
    problems = [problem for article in articles for problem in _items(article)]
    if problems:
        raise BadStatute(problems[:PROBLEMS_AT_MOST])
    above = [line.text for line in lines[: heads[0].index]]
    return Statute(
        titles=_titles(title, above),
        dates=tuple(day for line in above for day in dates(line)),
        orders=tuple(
            number_of(found["number"]) or 0 for line in above for found in _ORDER.finditer(line)
        ),
        effective_from=_effective(articles[-1].text),
        articles=articles,
        left_out=left_out,
    )


# --- Lines ---------------------------------------------------------------------------------------


def _front_matter(text: str) -> tuple[str, str]:
    """The title of a YAML block at the top, and the text below it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.startswith("---\n"):
        return "", text
    block, mark, body = text[4:].partition("\n---")
    if not mark or len(block) > LINE_AT_MOST:
        return "", text
    named = [line[6:] for line in block.splitlines() if line.startswith("title:")]
    # The block keeps its place, so that the numbers of the lines stay those of the file.
    gap = "\n" * (block.count("\n") + 2)
    return (named[0].strip(" \"'") if named else ""), gap + body.partition("\n")[2]


def _without_comments(text: str) -> str:
    """The text without <!-- … -->, its lines still counting up."""
    kept, at = [], 0
    while (begin := text.find("<!--", at)) >= 0:
        end = text.find("-->", begin)
        if end < 0:
            break
        kept += [text[at:begin], "\n" * text.count("\n", begin, end)]
        at = end + 3
    return "".join([*kept, text[at:]])


def _lines(text: str, above: int) -> list[_Line]:
    """The lines that say something, without the marks of Markdown and HTML around them."""
    found, blank = [], True
    for number, raw in enumerate(_without_comments(text).split("\n"), start=above + 1):
        if len(raw) > LINE_AT_MOST:
            raise BadStatute(
                [
                    _("第 %(line)d 行有 %(length)d 个字，不是法律文本的样子。")
                    % {"line": number, "length": len(raw)}
                ]
            )
        line = _plain(raw)
        if line:
            found.append(_Line(number, line, blank))
        blank = not line
    return found


def _plain(line: str) -> str:
    if "&" in line:
        line = html.unescape(line)
    line = line.translate(_EVEN)
    if "](" in line:
        line = _LINK.sub(r"\1", _IMAGE.sub("", line))
    if "<" in line:
        line = _TAG.sub("", line)
    line = line.strip().lstrip(">").strip()
    if line[:2] in ("- ", "* ", "+ "):
        line = line[2:].strip()
    if set(line) <= set("-=*_#|: "):
        return ""
    return _HALF.sub(lambda mark: _WIDE[mark[0]], re.sub(" {2,}", " ", line))


def _bare(text: str) -> str:
    """The words of a line without marks of emphasis and heading."""
    return text.replace("**", "").replace("__", "").lstrip("#").strip().strip("*")


# --- Articles ------------------------------------------------------------------------------------


def _heads(lines: Sequence[_Line]) -> list[_Head]:
    """Every line that opens an article.

    Bold numbers and those followed by a space are taken at once. A number that runs straight into
    its words counts only where no such line has the same number, and where it is no reference.
    """
    found = []
    for index, line in enumerate(lines):
        match = _ARTICLE.fullmatch(line.text) if "条" in line.text[:24] else None
        number = number_of(match["number"]) if match else None
        if match is None or not number:
            continue
        bold = bool(match["open"]) and bool(match["close"].strip())
        spaced = bool(match["gap"]) or match["close"].endswith(" ") or not match["rest"]
        if not (bold or spaced) and _REFERENCE.match(match["rest"]):
            continue
        suffix = number_of(match["suffix"]) or 0 if match["suffix"] else 0
        rest = _bare(match["rest"])
        found.append(_Head(index, line.number, number, suffix, rest, bold or spaced))
    strong = {head.place for head in found if head.strong}
    return [head for head in found if head.strong or head.place not in strong]


def _body_heads(lines: Sequence[_Line], heads: list[_Head]) -> list[_Head]:
    """The heads without those that a table of contents lists before the body."""
    contents = next((n for n, line in enumerate(lines) if _CONTENTS.fullmatch(line.text)), None)
    first = [n for n, head in enumerate(heads) if head.place == (1, 0)]
    if contents is None or len(first) < 2 or heads[first[0]].index < contents:
        return heads
    listed = heads[first[0] : first[1]]
    between = lines[listed[0].index : heads[first[1]].index]
    if any(line.text.rstrip(_CLOSERS).endswith("。") for line in between):
        return heads
    return heads[first[1] :]


def _sequence(heads: Sequence[_Head]) -> list[str]:
    """What is wrong with the numbers of the articles, naming the one before and the one after."""
    problems: list[str] = []
    lines: dict[tuple[int, int], int] = {}
    before: _Head | None = None
    for head in heads:
        words = {
            "before": before.label if before else "",
            "after": head.label,
            "line": head.line,
        }
        if head.place in lines:
            problems.append(
                _("%(after)s出现了两次（第 %(first)d 行和第 %(line)d 行）。")
                % {**words, "first": lines[head.place]}
            )
        elif before is None:
            if head.place != (1, 0):
                problems.append(_("全文从%(after)s开始，前面缺少第一条。") % words)
        elif head.place not in _next_of(before):
            missing = _next_of(before)[0 if head.suffix == 0 or head.number > before.number else 1]
            if head.place > before.place:
                words["missing"] = label(*missing)
                problems.append(
                    _("%(before)s之后是%(after)s（第 %(line)d 行），缺少%(missing)s或者条号有误。")
                    % words
                )
            else:
                problems.append(
                    _("%(before)s之后是%(after)s（第 %(line)d 行），顺序不对。") % words
                )
        lines.setdefault(head.place, head.line)
        before = head
    return problems[:PROBLEMS_AT_MOST]


def _next_of(head: _Head) -> list[tuple[int, int]]:
    return [(head.number + 1, 0), (head.number, head.suffix + 1)]


_LEVELS = {"编": 0, "分编": 0, "章": 1, "节": 2}


def _articles(
    lines: Sequence[_Line], heads: Sequence[_Head]
) -> tuple[tuple[ArticleText, ...], tuple[str, ...]]:
    """The articles with the headings above them, and the lines after the end of the statute."""
    above = ["", "", ""]
    for level, words in _headings_before(lines, heads[0].index):
        above[level] = words
    found, left_out = [], list[str]()
    for n, head in enumerate(heads):
        stop = heads[n + 1].index if n + 1 < len(heads) else len(lines)
        part, chapter, section = above
        body, dropped = [], list[str]()
        for line in lines[head.index + 1 : stop]:
            heading = _heading(line.text)
            if heading is not None:
                level, words = heading
                above[level:] = [words] + [""] * (2 - level)
            else:
                body.append(line)
        if n + 1 == len(heads):
            body, dropped = _ending(body)
            left_out = dropped
        paragraphs = tuple(_paragraphs(head.rest, body))
        if not paragraphs:
            raise BadStatute(
                [
                    _("%(article)s没有内容（第 %(line)d 行）。")
                    % {"article": head.label, "line": head.line}
                ]
            )
        found.append(
            ArticleText(head.number, head.suffix, head.line, part, chapter, section, paragraphs)
        )
    return tuple(found), tuple(left_out)


def _heading(text: str) -> tuple[int, str] | None:
    """(level, words) of a heading of a part, chapter or section; 附则 alone is a chapter."""
    match = _HEADING.fullmatch(text) if len(text) <= 120 else None
    if match:
        number = number_of(match["number"])
        if number is None:
            return None
        title = re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", match["title"])
        name = f"第{chinese(number)}{match['level']}"
        return _LEVELS[match["level"]], f"{name} {title}".strip()
    words = _bare(text).replace(" ", "")
    if words == "附则":
        return 1, words
    if text.startswith("#") and len(words) <= 40 and not words.endswith("。"):
        return None if _APPENDIX.match(text) else (1, words)
    return None


def _headings_before(lines: Sequence[_Line], first: int) -> list[tuple[int, str]]:
    """The headings right above the first article, not those of the table of contents."""
    found: list[tuple[int, str]] = []
    for line in reversed(lines[:first]):
        match = _HEADING.fullmatch(line.text) if len(line.text) <= 120 else None
        heading = _heading(line.text) if match else None
        if match is None or heading is None or number_of(match["number"]) != 1:
            break
        if found and heading[0] >= found[-1][0]:
            break
        found.append(heading)
    return found[::-1]


def _ending(body: list[_Line]) -> tuple[list[_Line], list[str]]:
    """What follows the last article and is none of it: an appendix, a source, a web page's foot."""
    for n, line in enumerate(body):
        words = _bare(line.text)
        closed = words.rstrip(_CLOSERS).endswith(tuple(_ENDS)) or _ITEM.match(words)
        # A wrapped line goes on without a blank one, and comes to its end.
        wrapped = n + 1 < len(body) and not body[n + 1].after_blank and not line.after_blank
        if _APPENDIX.match(line.text) or not (closed or wrapped) or len(words) < 2:
            return body[:n], [_bare(each.text) for each in body[n:]]
    return body, []


def _paragraphs(rest: str, body: Iterable[_Line]) -> list[Paragraph]:
    """The words of an article in paragraphs and items."""
    found: list[list] = []  # [text, [(number, text)…], tail]
    open_line = False
    for text, after_blank in [(rest, True), *((line.text, line.after_blank) for line in body)]:
        words = _bare(text)
        if not words:
            continue
        item = _ITEM.fullmatch(words)
        current = found[-1] if found else None
        if item:
            number = number_of(item["number"]) or 0
            if current is None or (number == 1 and current[1]) or current[2]:
                current = ["", [], ""]
                found.append(current)
            current[1].append((number, item["text"]))
        elif current is None:
            found.append([words, [], ""])
        elif open_line and not after_blank:
            _append(current, words)
        elif current[1] and _SUBITEM.match(words):
            _append(current, "\n" + words)
        elif current[1] and not current[2] and not _closed(current[1][-1][1]):
            current[2] = words
        else:
            found.append([words, [], ""])
        open_line = not _closed(words)
    return [
        Paragraph(text, tuple(Item(number, words) for number, words in items), tail)
        for text, items, tail in found
    ]


def _closed(words: str) -> bool:
    """Whether a sentence or a clause ends here, so that the next line is one of its own."""
    return words.rstrip(_CLOSERS).endswith(tuple(_ENDS))


def _append(paragraph: list, words: str) -> None:
    """Go on with the last line of the paragraph."""
    if paragraph[2]:
        paragraph[2] += words
    elif paragraph[1]:
        number, text = paragraph[1][-1]
        paragraph[1][-1] = (number, text + words)
    else:
        paragraph[0] += words


def _items(article: ArticleText) -> Iterable[str]:
    """What is wrong with the numbers of the items."""
    for n, paragraph in enumerate(article.paragraphs, start=1):
        for expected, item in enumerate(paragraph.items, start=1):
            if item.number != expected:
                yield _("%(place)s的项不连续：应当是第%(expected)s项，写的是第%(found)s项。") % {
                    "place": label(article.number, article.suffix, n),
                    "expected": chinese(expected),
                    "found": chinese(item.number) if item.number else "？",
                }
                break


# --- What stands above the body ------------------------------------------------------------------


def _titles(title: str, above: Iterable[str]) -> tuple[str, ...]:
    """Lines that may be the name: short, no sentence, no date, no heading; each once."""
    found = [title] if title else []
    pending = ""
    for line in above:
        words = pending + _bare(line)
        pending = ""
        if words == "中华人民共和国":
            pending = words
            continue
        if _HEADING.fullmatch(line) or _CONTENTS.fullmatch(line):
            continue
        if len(words) <= 60 and not words.endswith(tuple(_ENDS)) and not _DATE.search(words):
            found.append(words)
    return tuple(dict.fromkeys(found))


def dates(text: str) -> list[date]:
    """The civil dates that a line names, in Arabic or Chinese numerals."""
    found = []
    for match in _DATE.finditer(text.translate(_EVEN)):
        numbers = [number_of(match[name]) for name in ("year", "month", "day")]
        try:
            found.append(date(*(each or 0 for each in numbers)))
        except ValueError:
            continue  # 2月30日 is a slip of the source, and no date
    return found


def _effective(text: str) -> date | None:
    """The day from which the last article puts the statute in force."""
    match = _EFFECTIVE.search(text)
    days = dates(match["day"]) if match else []
    return days[0] if days else None
