"""Taking the full text of a statute into the register: recognise, show, bring in.

`recognise` finds the law and the version by the title and the dates of the text. `plan` says what
would change and writes nothing; `bring_in` does it, in one transaction, and puts one line into the
record. Both doors (the command and the back room) use the same three.

Articles that the register lacks get a row, so that they can be cited; rows with a gist keep their
words and links. Statute text is never written over a gist, nor a gist over statute text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts import hooks
from accounts.models import User
from legal import concordance, statutes
from legal.loading import IMPORTED
from legal.models import Article, Law, LawVersion, Provision
from legal.numerals import label, locator
from legal.statute_files import StatuteFile
from legal.statutes import ArticleText, BadStatute, Statute

Place = tuple[int, int]


@dataclass(frozen=True)
class Text:
    """A statute as read from its files, with their names and one checksum for all of them."""

    statute: Statute
    source: str
    sha256: str


class Unrecognised(BadStatute):
    """Which text this is cannot be told; `candidates` are the versions to choose from."""

    def __init__(self, problem: str, candidates: Iterable[LawVersion]) -> None:
        self.candidates = list(candidates)
        super().__init__([problem])


@dataclass
class Plan:
    """What taking in a text would change. Places are (article, 之)."""

    version: LawVersion
    text: Text
    new: list[ArticleText] = field(default_factory=list)
    changed: list[tuple[Provision, ArticleText]] = field(default_factory=list)
    gone: list[Provision] = field(default_factory=list)
    same: int = 0
    rows: list[ArticleText] = field(default_factory=list)  # articles that get a row to be cited by
    leaving: list[Article] = field(default_factory=list)  # imported rows without a text any more
    lost: list[Article] = field(default_factory=list)  # gists whose place the text does not have
    proposals: list[concordance.Proposals] = field(default_factory=list)  # once it is done

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to change."""
        return not (self.new or self.changed or self.gone or self.rows or self.leaving)


def text_of(files: Sequence[StatuteFile]) -> Text:
    """One statute out of its files, in their order. Raises BadStatute."""
    name = "、".join(file.name for file in files)
    digest = hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()
    return Text(
        statute=statutes.read(*(file.text for file in files)),
        source=name if len(name) <= 200 else f"{name[:199]}…",
        sha256=files[0].sha256 if len(files) == 1 else digest,
    )


# --- Which text is it ----------------------------------------------------------------------------


def recognise(text: Text, *, law: str = "", version: str = "") -> LawVersion:
    """The version of the register that the text is, by its title and its dates.

    `law` (a code) and `version` say it beforehand; then the title must not be that of another law.
    Raises Unrecognised with the candidates where it cannot be told, BadStatute for a wrong law.
    """
    versions = list(LawVersion.objects.select_related("law").order_by("law", "effective_from"))
    codes = {each.law_id.lower(): each.law for each in versions}
    named = _named(text.statute, codes.values())
    if law and law.lower() not in codes:
        raise BadStatute([_("登记的法规里没有代码 %(code)s。") % {"code": law}])
    wanted = codes[law.lower()] if law else None
    if wanted and text.statute.title and wanted not in named:
        raise BadStatute(
            [
                _("这个文本的标题是“%(title)s”，不是《%(law)s》。")
                % {"title": text.statute.title, "law": wanted.name_zh}
            ]
        )
    laws = [wanted] if wanted else named
    of_law = [each for each in versions if each.law in laws]
    if version:
        chosen = [each for each in of_law or versions if version in (each.version, each.ref)]
        if len(chosen) == 1:
            return chosen[0]
        raise Unrecognised(
            _("没有这个版本：%(version)s。") % {"version": version}, of_law or chosen
        )
    if not of_law:
        title = text.statute.title
        raise Unrecognised(
            _("标题“%(title)s”不是登记的任何法规。") % {"title": title}
            if title
            else _("文本没有标题。"),
            versions,
        )
    fitting = _fitting(text, of_law)
    if len(fitting) == 1:
        return fitting[0]
    raise Unrecognised(
        _("标题是“%(title)s”，但文本的日期不能说明是哪个版本。") % {"title": text.statute.title},
        fitting or of_law,
    )


def _plain(name: str) -> str:
    """A title without brackets, spaces, the country and the words after it."""
    name = re.sub(r"[（(\[【〔].*?[）)\]】〕]\s*$", "", name.strip())
    name = re.sub(r"[\s《》〈〉]", "", name)
    return name.removeprefix("中华人民共和国")


def _named(statute: Statute, laws: Iterable[Law]) -> list[Law]:
    """The laws whose name stands above the body; that of the first title alone, if it is one."""
    by_name: dict[str, Law] = {}
    for law in laws:
        by_name.setdefault(_plain(law.short_zh), law)
    for law in laws:
        by_name[_plain(law.name_zh)] = law
    found = [by_name[name] for name in map(_plain, statute.titles) if name in by_name]
    return found[:1]


def _fitting(text: Text, versions: Sequence[LawVersion]) -> list[LawVersion]:
    """The versions that the last date above the body speaks for.

    A newer text lists the older amendments too, so only the last date tells. Without any, the day
    from which the last article puts it in force, then the date in the name of the file.
    """
    statute = text.statute
    evidence: list[date | None] = [
        max(statute.dates, default=None),
        statute.effective_from,
        max(statutes.dates(_dated(text.source)), default=None),
    ]
    for day in evidence:
        if day is None:
            continue
        exact = [each for each in versions if day in (each.promulgated_on, each.effective_from)]
        fitting = exact or [each for each in versions if str(day.year) == each.version]
        if fitting:
            return fitting
        if day is evidence[0] and len(versions) > 1:
            return []
    return [each for each in versions if _order(each) in statute.orders[-1:]]


def _dated(name: str) -> str:
    """(2016-11-07) in a file's name, as the date it is."""
    return re.sub(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", r"\1年\2月\3日", name)


def _order(version: LawVersion) -> int | None:
    number = re.search(r"第([0-9]+)号", version.doc_no)
    return int(number[1]) if number else None


# --- What would change ---------------------------------------------------------------------------


def plan(text: Text, version: LawVersion) -> Plan:
    """Compare the text with what the register holds of the version. Writes nothing.

    Raises BadStatute when the number of articles is not that of the register.
    """
    articles = text.statute.articles
    if version.article_count not in (None, len(articles)):
        raise BadStatute(
            [
                _(
                    "%(version)s应当有 %(expected)d 条，这个文本有 %(found)d 条，"
                    "到%(last)s为止。登记的条数有误的，请先在管理后台改正。"
                )
                % {
                    "version": str(version),
                    "expected": version.article_count,
                    "found": len(articles),
                    "last": articles[-1].label,
                }
            ]
        )
    result = Plan(version=version, text=text)
    present = {(each.number, each.suffix): each for each in version.provisions.all()}
    printed: dict[Place, ArticleText] = {(each.number, each.suffix): each for each in articles}
    for place, article in printed.items():
        provision = present.get(place)
        if provision is None:
            result.new.append(article)
        elif _columns(article) != {name: getattr(provision, name) for name in _columns(article)}:
            result.changed.append((provision, article))
        else:
            result.same += 1
    result.gone = [each for place, each in present.items() if place not in printed]
    rows = list(Article.objects.with_law().filter(version=version, number__isnull=False))
    whole = {(each.number, each.suffix) for each in rows if each.para is None}
    result.rows = [article for place, article in printed.items() if place not in whole]
    for row in rows:
        found = printed.get((row.number or 0, row.suffix))
        if found is None and row.source == IMPORTED and not row.by_hand:
            result.leaving.append(row)
        elif found is None or not _holds(found, row):
            result.lost.append(row)
    return result


def _columns(article: ArticleText) -> dict[str, Any]:
    return {
        "part": article.part[:120],
        "chapter": article.chapter[:120],
        "section": article.section[:120],
        "paragraphs": [each.as_data() for each in article.paragraphs],
    }


def _holds(article: ArticleText, row: Article) -> bool:
    if row.para is None:
        return True
    if row.para > len(article.paragraphs):
        return False
    return row.item is None or row.item <= len(article.paragraphs[row.para - 1].items)


# --- Bringing it in ------------------------------------------------------------------------------


@transaction.atomic
def bring_in(text: Text, version: LawVersion, *, by: User | None, at: datetime) -> Plan:
    """Write the text into the register; what it changed. All of it or nothing.

    Run again with the same text it changes nothing and says so. The concordance with the texts
    before and after is proposed anew where they are imported too. Raises BadStatute.
    """
    version = LawVersion.objects.select_for_update().select_related(None).get(pk=version.pk)
    done = plan(text, version)
    if done.is_quiet:
        return done
    stamp = {
        "source": text.source,
        "source_sha256": text.sha256,
        "imported_at": at,
        "imported_by": by,
    }
    fresh = [_provision(version, article, stamp) for article in done.new]
    for provision, article in done.changed:
        values = _provision(version, article, stamp)
        values.pk = provision.pk
        values.save(force_update=True)
    Provision.objects.bulk_create(fresh)
    Provision.objects.filter(pk__in=[each.pk for each in done.gone]).delete()
    Article.objects.bulk_create(_row(version, article) for article in done.rows)
    done.leaving = [row for row in done.leaving if _dropped(row)]
    hooks.tell(
        "law.imported",
        version,
        by=by,
        at=at,
        data={
            "source": text.source,
            "sha256": text.sha256,
            "articles": len(text.statute.articles),
            "new": len(done.new),
            "changed": [article.label for _old, article in done.changed],
            "gone": [each.label_zh for each in done.gone],
        },
    )
    done.proposals = concordance.propose_around(version, at=at)
    return done


def _provision(version: LawVersion, article: ArticleText, stamp: dict[str, Any]) -> Provision:
    words = article.text
    return Provision(
        version=version,
        number=article.number,
        suffix=article.suffix,
        text=words,
        sha256=hashlib.sha256(words.encode()).hexdigest(),
        **_columns(article),
        **stamp,
    )


def _row(version: LawVersion, article: ArticleText) -> Article:
    return Article(
        version=version,
        ref=f"{version.ref}:{locator(article.number, article.suffix)}",
        number=article.number,
        suffix=article.suffix,
        kind=Article.Kind.GENERAL,
        whole=True,
        source=IMPORTED,
    )


def _dropped(row: Article) -> bool:
    """Delete a row that an import made and nothing cites; False where something does."""
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        return False
    return True


def place_of(row: Article) -> str:
    """第二十一条第一款第四项, for the report on gists without a place in the text."""
    return label(row.number, row.suffix, row.para, row.item)
