"""The sentences of the notes, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Unit
from legal.citations import fines
from legal.models import Article, PenaltyTier, Role

if TYPE_CHECKING:
    from legal.citations.note import Note


def sentence(note: Note) -> str:
    """What the note says."""
    return _SENTENCES[note.code](note)


def lines(note: Note) -> list[str]:
    """What stands below the sentence: the penalties that were weighed, one line each."""
    if note.code == "lighter_law":
        found = [_situation_line(each) for each in note.facts["comparison"].situations]
        return [*found, _("比较只供参考，适用哪一规定由办案人员决定。")]
    if note.code == "same_act_two_laws":
        return [_threat_line(article, tiers) for article, tiers in note.facts["threats"]]
    return []


def listed(articles: Sequence[Article]) -> str:
    """Several articles in one phrase, each law named once: 《…》第四十一条、第六十四条."""
    by_version: dict[int, list[Article]] = {}
    for article in articles:
        by_version.setdefault(article.version_id, []).append(article)
    phrases = []
    for group in by_version.values():
        first, *others = group
        phrases.append(_("、").join([first.cite_short, *(each.label for each in others)]))
    return _("，").join(phrases)


def kind_link(name: str) -> str:
    """The register's entry for a kind of violation, as a link is called."""
    return _("违法类型：%(name)s") % {"name": name}


def _day(day: date) -> str:
    return date_format(day)


def _name(note: Note) -> str:
    kind = note.facts.get("type")
    return kind.name if kind is not None else ""


def _cited(note: Note, **more: Any) -> dict[str, Any]:
    assert note.article is not None
    return {"cited": note.article.cite_short, "offered": listed(note.articles), **more}


def _say_not_in_force(note: Note) -> str:
    words = _cited(note, day=_day(note.facts["on"]))
    if note.facts.get("visit"):
        if note.articles:
            return _("%(cited)s在检查之日（%(day)s）未施行，当时有效的是%(offered)s。") % words
        return _("%(cited)s在检查之日（%(day)s）未施行。") % words
    if note.articles:
        return _("%(cited)s在行为发生之日（%(day)s）未施行，当时有效的是%(offered)s。") % words
    return _("%(cited)s在行为发生之日（%(day)s）未施行。") % words


def _say_two_regimes(note: Note) -> str:
    words = _cited(note, began=_day(note.facts["began"]), ended=_day(note.facts["on"]))
    if note.articles and note.facts["since"] is not None:
        words["since"] = _day(note.facts["since"])
        return (
            _(
                "行为自%(began)s持续到%(ended)s，跨越新旧文本：此前为%(cited)s，%(since)s起为"
                "%(offered)s。持续到新文本施行之后的行为，一般适用新文本。"
            )
            % words
        )
    return _("行为自%(began)s持续到%(ended)s，其间%(cited)s已被取代，一般适用新文本。") % words


def _say_better_fit(note: Note) -> str:
    words = _cited(note, type=_name(note))
    if note.role == Role.DUTY:
        return _("“%(type)s”引用的%(cited)s不涉及这一行为，义务在%(offered)s。") % words
    return _("“%(type)s”引用的罚则%(cited)s与这一行为不符，罚则在%(offered)s。") % words


def _say_article_missing(note: Note) -> str:
    words = _cited(note)
    if note.articles:
        return _("引用%(cited)s没有写明条款，对应的是%(offered)s。") % words
    return _("引用%(cited)s没有写明条款。") % words


def _say_not_a_pair(note: Note) -> str:
    words = _cited(note, duties=listed(note.facts["duties"]))
    return _("%(cited)s不是%(duties)s的罚则，对应的罚则在%(offered)s。") % words


def _say_referral(note: Note) -> str:
    words = _cited(note)
    if note.articles:
        return (
            _("%(cited)s自身没有规定罚款，依照其他法律处罚；作出处罚须同时引用%(offered)s。")
            % words
        )
    return _("%(cited)s自身没有规定罚款，依照其他法律处罚；作出处罚须同时引用该法律。") % words


def _say_not_competent(note: Note) -> str:
    words = _cited(note, part=note.facts["part"].cite_short)
    if not note.facts["level"]:
        return _("%(part)s的处罚由电信主管部门作出，不属于公安机关的职权。") % words
    words["level"] = Unit.Level(note.facts["level"]).label
    words["unit"] = Unit.Level(note.facts["unit"]).label
    if not note.facts["whole"]:
        return (
            _(
                "引用%(cited)s包括%(part)s，后者限%(level)s以上部门作出；本单位（%(unit)s）依其余各款处罚。"
            )
            % words
        )
    if note.articles:
        return (
            _(
                "%(part)s的处罚限%(level)s以上部门作出，本单位（%(unit)s）不能据此决定；可以引用"
                "%(offered)s，或者报请有权机关处理。"
            )
            % words
        )
    return (
        _(
            "%(part)s的处罚限%(level)s以上部门作出，本单位（%(unit)s）不能据此决定；"
            "报请有权机关处理。"
        )
        % words
    )


def _say_two_laws(note: Note) -> str:
    names = listed([article for article, _tiers in note.facts["threats"]])
    highest: Article | None = note.facts["highest"]
    if highest is not None:
        return _(
            "同一行为引用了不同法律的罚款条款：%(names)s。同一个违法行为只罚款一次，按罚款数额高的"
            "规定处罚；%(highest)s的上限最高（%(amount)s）。"
        ) % {
            "names": names,
            "highest": highest.cite_short,
            "amount": _("%(amount)s 元") % {"amount": f"{note.facts['ceiling']:,}"},
        }
    return _(
        "同一行为引用了不同法律的罚款条款：%(names)s。同一个违法行为只罚款一次，按罚款数额高的"
        "规定处罚；哪一条较高，按本案情节比较。"
    ) % {"names": names}


def _say_lighter_law(note: Note) -> str:
    words = {
        "old": note.facts["old"].cite_short,
        "new": note.facts["new"].cite_short,
        "day": _day(note.facts["on"]),
        "decided": _day(note.facts["decided"]),
    }
    lighter = note.facts["comparison"].lighter
    if lighter == fines.NEW:
        return (
            _(
                "行为之日（%(day)s）为%(old)s，决定之日（%(decided)s）已改为%(new)s。逐档比较，"
                "新规定较轻：新规定处罚较轻的，适用新规定。"
            )
            % words
        )
    if lighter == fines.OLD:
        return (
            _(
                "行为之日（%(day)s）为%(old)s，决定之日（%(decided)s）已改为%(new)s。逐档比较，"
                "旧规定较轻：适用行为发生时的旧规定。"
            )
            % words
        )
    if lighter == fines.SAME:
        return (
            _(
                "行为之日（%(day)s）为%(old)s，决定之日（%(decided)s）已改为%(new)s。逐档比较，"
                "处罚相同：适用行为发生时的旧规定。"
            )
            % words
        )
    return (
        _(
            "行为之日（%(day)s）为%(old)s，决定之日（%(decided)s）已改为%(new)s。两者互有轻重，"
            "不能一概比较：按本案应适用的档次比较，新规定较轻的才适用新规定。"
        )
        % words
    )


def _say_persons(note: Note) -> str:
    return _("%(cited)s对个人的罚款只及于直接负责的主管人员，不及于其他直接责任人员。") % _cited(
        note
    )


_SENTENCES: dict[str, Callable[[Note], str]] = {
    "not_in_force": _say_not_in_force,
    "two_regimes": _say_two_regimes,
    "better_fit": _say_better_fit,
    "article_missing": _say_article_missing,
    "not_a_pair": _say_not_a_pair,
    "referral": _say_referral,
    "not_competent": _say_not_competent,
    "same_act_two_laws": _say_two_laws,
    "lighter_law": _say_lighter_law,
    "persons": _say_persons,
}


# --- Penalties in words --------------------------------------------------------------------------


def _situation_line(situation: fines.Situation) -> str:
    words = {
        "tier": PenaltyTier.Tier(situation.tier).label,
        "old": _penalty(situation.old),
        "new": _penalty(situation.new),
    }
    if situation.lighter == fines.OLD:
        return _("%(tier)s：旧规定 %(old)s；新规定 %(new)s。旧规定较轻") % words
    if situation.lighter == fines.NEW:
        return _("%(tier)s：旧规定 %(old)s；新规定 %(new)s。新规定较轻") % words
    if situation.lighter == fines.SAME:
        return _("%(tier)s：旧规定 %(old)s；新规定 %(new)s。相同") % words
    return _("%(tier)s：旧规定 %(old)s；新规定 %(new)s。互有轻重") % words


def _threat_line(article: Article, tiers: Sequence[PenaltyTier]) -> str:
    found = [
        _("%(tier)s %(penalty)s") % {"tier": tier.get_tier_display(), "penalty": _penalty(tier)}
        for tier in tiers
        if tier.unit_fine or tier.person_fine
    ]
    return _("%(cited)s：%(penalties)s") % {
        "cited": article.cite_short,
        "penalties": _("；").join(found),
    }


def _penalty(tier: PenaltyTier | fines.Threat | None) -> str:
    """单位罚款 10,000 元至 100,000 元，个人罚款 …，其他措施 …."""
    if tier is None:
        return _("没有规定")
    parts = []
    if tier.unit_fine:
        amount = _fine(tier.unit_fine)
        if tier.unit_fine_alt:
            amount = _("%(one)s或者%(other)s") % {
                "one": amount,
                "other": _fine(tier.unit_fine_alt),
            }
        if tier.unit_fine_mode == "may":
            parts.append(_("单位可以罚款 %(amount)s") % {"amount": amount})
        else:
            parts.append(_("单位罚款 %(amount)s") % {"amount": amount})
    if tier.person_fine:
        words = {"amount": _fine(tier.person_fine)}
        if len(tier.person_roles) == 1:
            parts.append(_("主管人员罚款 %(amount)s") % words)
        else:
            parts.append(_("主管人员和其他直接责任人员罚款 %(amount)s") % words)
    if not parts:
        parts.append(_("不罚款"))
    if tier.other_measures:
        parts.append(_("并有停业、关闭、吊销等措施"))
    return _("，").join(parts)


def _fine(fine: dict[str, Any]) -> str:
    if fine["basis"] == "illegal_gains":
        return _("违法所得 %(low)s 至 %(high)s 倍") % {"low": fine["min"], "high": fine["max"]}
    if fine["basis"] == "prior_year_turnover":
        return _("上一年度营业额 %(high)s%% 以下") % {"high": fine["max_percent"]}
    high = f"{fine['max']:,}"
    if not fine.get("min"):
        return pgettext("罚款", "%(high)s 元以下") % {"high": high}
    low = f"{fine['min']:,}"
    return pgettext("罚款", "%(low)s 至 %(high)s 元") % {"low": low, "high": high}
