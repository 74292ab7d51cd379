"""The standing paragraphs of papers: remedies, rights, contact.

A paragraph has a code, a wording of the house (`BLOCKS`), and placeholders that the unit and the
register fill. A row of `TextBlock` puts another wording in its place from a day on: the nearest
unit upwards that has one, there the latest that is in effect; a row without unit holds for all.

What may be edited is the wording. What the law fixes may not: periods come from the register and
bodies from the unit, so a wording names their placeholders and never spells them out (`validate`).
Officers never supply markup: the words go through autoescape like any others.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from audit.trail import Reason
from legal import limits
from notices import glyphs
from notices.models import TextBlock

LONGEST = 600  # characters of a wording: a paragraph, not a page
OF_THE_UNIT, OF_THE_LAW = "unit", "law"
_NAME = re.compile(r"\{([a-z_]+)\}")
_SPELLED = re.compile(r"[0-9０-９〇一二三四五六七八九十百两]+个?(?:工作日|日|天|月|年)")


@dataclass(frozen=True)
class Placeholder:
    """What `{name}` in a wording stands for.

    `source` says who fills it; `field` is the field of the unit that mends an empty one.
    """

    word: str | Promise
    value: Callable[[Unit], str]
    source: str = OF_THE_UNIT
    field: str = ""


def within(code: str, word: str | Promise) -> Placeholder:
    """A period of the register, as papers write it: 六十日."""
    return Placeholder(word, lambda unit: limits.of(code).words_on_paper, OF_THE_LAW)


PLACEHOLDERS = {
    "organ": Placeholder(_("机关名称"), lambda unit: unit.organ, field="name"),
    "address": Placeholder(_("单位地址"), lambda unit: unit.address, field="address"),
    "phone": Placeholder(_("联系电话"), lambda unit: unit.phone, field="phone"),
    "reconsideration_body": Placeholder(
        _("行政复议机关"), lambda unit: unit.reconsideration_body, field="reconsideration_body"
    ),
    "court": Placeholder(_("行政诉讼法院"), lambda unit: unit.court or "人民法院", field="court"),
    "reconsideration_within": within("RECONSIDERATION", _("申请行政复议的期限")),
    "litigation_within": within("LITIGATION", _("提起行政诉讼的期限")),
    "review_first_within": within("ARL_PREREQ_SPOT", _("先申请行政复议的期限")),
    "litigation_after_review_within": within("LITIGATION_AFTER_ARL", _("复议后提起诉讼的期限")),
    "payment_within": within("FINE_PAYMENT", _("缴纳罚款的期限")),
    "hearing_within": within("HEARING_REQUEST", _("申请听证的期限")),
    "demand_within": within("DEMAND_10", _("催告后履行的期限")),
}


@dataclass(frozen=True)
class Block:
    """One standing paragraph.

    Args:
        code: its name in `Kind.blocks` and in the template.
        word: what pages call it.
        default: printed where no unit has its own wording. Every placeholder in it is necessary
            in other wordings, too, but for those in `optional`.
        basis: the articles that demand it.
    """

    code: str
    word: str | Promise
    default: str
    basis: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def needed(self) -> tuple[str, ...]:
        """The placeholders that no wording of it may leave out, in their order."""
        return tuple(name for name in names_in(self.default) if name not in self.optional)


BLOCKS = {
    block.code: block
    for block in (
        Block(
            "remedies",
            _("救济途径"),
            "如不服本决定，可以自收到本通知书之日起{reconsideration_within}内向"
            "{reconsideration_body}申请行政复议，或者自收到本通知书之日起{litigation_within}内"
            "依法向{court}提起行政诉讼。",
            ("ARL@2023:20(1)", "ALL@2017:46"),
        ),
        Block(
            "inspection_rights",
            _("被检查对象的权利和义务"),
            "你单位有权要求检查人员出示人民警察证和本通知书，有权对检查情况作出说明、提出异议；"
            "应当配合检查，如实提供有关情况和材料。检查人员不少于二人，不收取费用，不指定购买产品和"
            "服务，对检查中知悉的商业秘密、个人信息和隐私依法保密。",
            ("MPS176@2026:11", "MPS176@2026:14", "MPS176@2026:15(1)", "MPS176@2026:20(2)"),
        ),
        Block(
            "remedies_decision",
            _("决定书的救济途径"),
            "如不服本决定，可以自收到本决定书之日起{reconsideration_within}内向"
            "{reconsideration_body}申请行政复议，或者自收到本决定书之日起{litigation_within}内"
            "依法向{court}提起行政诉讼。",
            ("APL@2021:59", "ARL@2023:20(1)", "ALL@2017:46"),
        ),
        Block(
            "remedies_spot",
            _("当场处罚的救济途径（先复议）"),
            "如不服本决定，应当自收到本决定书之日起{review_first_within}内先向"
            "{reconsideration_body}申请行政复议，也可以通过{organ}提交行政复议申请；对行政复议决定"
            "不服的，可以再自收到行政复议决定书之日起{litigation_after_review_within}内依法向"
            "人民法院提起行政诉讼。",
            ("ARL@2023:23(1)", "ARL@2023:23(2)", "ARL@2023:32", "ALL@2017:45"),
        ),
        Block(
            "payment",
            _("缴纳罚款"),
            "被处罚人应当自收到本决定书之日起{payment_within}内，到指定的银行或者通过电子支付"
            "系统缴纳罚款。",
            ("APL@2021:67(3)",),
        ),
        Block(
            "surcharge",
            _("加处罚款"),
            "到期不缴纳罚款的，每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出罚款的数额。",
            ("APL@2021:72(1)", "AEL@2011:45", "MPSP@2020:175"),
        ),
        Block(
            "defence_right",
            _("陈述申辩权"),
            "根据《中华人民共和国行政处罚法》第四十四条、第四十五条之规定，你（单位）有权进行陈述"
            "和申辩。对你（单位）提出的事实、理由和证据，公安机关将进行复核；成立的，予以采纳。"
            "公安机关不因陈述、申辩而给予更重的处罚。",
            ("APL@2021:44", "APL@2021:45"),
        ),
        Block(
            "hearing_right",
            _("要求听证的权利"),
            "根据《中华人民共和国行政处罚法》第六十三条、第六十四条之规定，你（单位）有权要求举行"
            "听证。要求听证的，应当在被告知后{hearing_within}内提出；逾期不提出的，视为放弃要求"
            "听证的权利。你（单位）不承担组织听证的费用。",
            ("APL@2021:63(1)", "APL@2021:64", "APL@2021:85"),
        ),
        Block(
            "hearing_rights",
            _("听证中的权利"),
            "你（单位）可以亲自参加听证，也可以委托一至二人代理；认为听证主持人、听证员、记录员与"
            "本案有直接利害关系的，有权申请回避；举行听证时，有权就案件的事实、证据和处罚建议进行"
            "申辩和质证；有权核对听证笔录。你（单位）及代理人无正当理由拒不出席听证或者未经许可中途"
            "退出听证的，视为放弃听证权利，听证终止。",
            ("APL@2021:64",),
        ),
        Block(
            "told_orally",
            _("处罚前口头告知"),
            "处罚前，已出示人民警察证，并口头告知被处罚人拟作出处罚的事实、理由和依据，以及依法"
            "享有的陈述权和申辩权。",
            ("MPSP@2020:38",),
        ),
        Block(
            "demand_within",
            _("催告的履行期限"),
            "请你（单位）自收到本催告书之日起{demand_within}内履行下列义务：",
            ("AEL@2011:35", "AEL@2011:54", "AEL@2011:69"),
        ),
        Block(
            "demand_consequence",
            _("逾期不履行的后果"),
            "逾期仍不履行的，本机关将依法申请人民法院强制执行。",
            ("AEL@2011:54",),
        ),
        Block(
            "demand_rights",
            _("催告后的陈述申辩权"),
            "你（单位）收到本催告书后有权进行陈述和申辩。对你（单位）提出的事实、理由和证据，本机关"
            "将进行记录、复核；成立的，予以采纳。",
            ("AEL@2011:35",),
        ),
    )
}


@dataclass(frozen=True)
class Standing:
    """A paragraph as a unit prints it on a day. `row` is None where the default holds."""

    code: str
    text: str
    row: TextBlock | None


def names_in(wording: str) -> tuple[str, ...]:
    """The placeholders of a wording, each once."""
    return tuple(dict.fromkeys(_NAME.findall(wording)))


def values(unit: Unit, names: Iterable[str]) -> dict[str, str]:
    """What these placeholders stand for; one small query for each period."""
    return {name: PLACEHOLDERS[name].value(unit) for name in names if name in PLACEHOLDERS}


def fill(wording: str, given: dict[str, str]) -> str:
    """In one pass, so that a value is never read as a placeholder. Nothing is a format string."""
    return _NAME.sub(lambda found: given.get(found[1], found[0]), wording)


def pieces(wording: str, given: dict[str, str]) -> list[tuple[str, str]]:
    """(text, name of the placeholder that it fills, or "") in order, to show what was filled."""
    found, at = [], 0
    for match in _NAME.finditer(wording):
        found += [(wording[at : match.start()], ""), (given.get(match[1], ""), match[1])]
        at = match.end()
    return [piece for piece in (*found, (wording[at:], "")) if any(piece)]


def choose(unit: Unit, codes: Iterable[str], on: date) -> dict[str, TextBlock | None]:
    """The row whose wording holds for the unit on that day; None where the default does."""
    codes = list(codes)
    if not codes:
        return {}
    nearest = {pk: place for place, pk in enumerate(reversed(unit.ancestor_ids()))}
    rows = TextBlock.objects.filter(
        Q(unit=None) | Q(unit__in=nearest), code__in=codes, effective_from__lte=on
    )
    best: dict[str, TextBlock | None] = dict.fromkeys(codes)

    def rank(row: TextBlock) -> tuple[int, int]:
        return nearest.get(row.unit_id or 0, len(nearest)), -row.effective_from.toordinal()

    for row in sorted(rows, key=rank, reverse=True):
        best[row.code] = row
    return best


def standing(unit: Unit, codes: Iterable[str], on: date) -> dict[str, Standing]:
    """code -> the paragraph of that unit on that day, and where it comes from."""
    found = {}
    for code, row in choose(unit, codes, on).items():
        wording = row.text if row else BLOCKS[code].default
        found[code] = Standing(code, fill(wording, values(unit, names_in(wording))), row)
    return found


def filled(unit: Unit, codes: Iterable[str], on: date) -> dict[str, str]:
    """code -> the paragraph as it is printed on that day."""
    return {code: each.text for code, each in standing(unit, codes, on).items()}


def lacking(unit: Unit, codes: Iterable[str], on: date) -> list[Reason]:
    """What the unit must name before these paragraphs can be printed; one query."""
    named = [
        name
        for code, row in choose(unit, codes, on).items()
        for name in names_in(row.text if row else BLOCKS[code].default)
    ]
    of_unit = [name for name in dict.fromkeys(named) if _is_of_unit(name)]
    names = [name for name, value in values(unit, of_unit).items() if not value]
    sentence = _now("%(unit)s没有设置%(what)s，文书的固定段落要用它。由系统管理员在“单位”里设置。")
    return [
        Reason(
            text=sentence % {"unit": unit.name, "what": PLACEHOLDERS[name].word},
            field=f"unit.{PLACEHOLDERS[name].field}",
        )
        for name in names
    ]


def _is_of_unit(name: str) -> bool:
    return name in PLACEHOLDERS and PLACEHOLDERS[name].source == OF_THE_UNIT


# --- A new wording ------------------------------------------------------------------------------


def validate(code: str, wording: str) -> list[Reason]:
    """Everything that is wrong with a wording; the field of each reason is `text`."""
    if not wording.strip():
        return [_fault(_now("写下这一段的文字。"))]
    if len(wording) > LONGEST:
        sentence = _now("有 %(length)d 字，超过 %(most)d 字。一段话写不下的，请缩短。")
        return [_fault(sentence % {"length": len(wording), "most": LONGEST})]
    return [*_characters(wording), *_braces(wording), *_necessary(code, wording)]


def _fault(text: str) -> Reason:
    return Reason(text=text, field="text")


def _characters(wording: str) -> list[Reason]:
    """Nothing that draws nothing, breaks the paragraph, or looks like markup."""
    found = []
    hidden = sorted(set(wording) - set(glyphs.clean(wording)) - {"\r"})
    if hidden:
        found.append(
            _fault(
                _now("有看不见的控制字符：%(chars)s。请删去。")
                % {"chars": _now("、").join(f"U+{ord(char):04X}" for char in hidden)}
            )
        )
    if "\n" in wording.strip():
        found.append(_fault(_now("中间有换行。固定段落是一段话，请写成一行。")))
    if "<" in wording or ">" in wording:
        found.append(_fault(_now("有尖括号。文书不认标记，尖括号会照样印出来，请删去。")))
    undrawn = [char for char in glyphs.missing(wording) if char not in hidden]
    if undrawn:
        found.append(_fault(glyphs.sentence(undrawn)))
    return found


def _braces(wording: str) -> list[Reason]:
    found = []
    unknown = [name for name in names_in(wording) if name not in PLACEHOLDERS]
    if unknown:
        found.append(
            _fault(
                _now("没有这样的占位符：%(names)s。")
                % {"names": _now("、").join(f"{{{name}}}" for name in unknown)}
            )
        )
    rest = _NAME.sub("", wording)
    if "{" in rest or "}" in rest:
        found.append(
            _fault(_now("花括号只用来写占位符，例如 {court}：里面是小写字母，前后各一个花括号。"))
        )
    return found


def _necessary(code: str, wording: str) -> list[Reason]:
    block = BLOCKS.get(code)
    if block is None:
        return [Reason(text=_now("没有这个固定段落。"), field="code")]
    named = names_in(wording)
    found = [
        Reason(
            text=_now("没有写%(what)s，请用占位符 %(name)s。")
            % {"what": PLACEHOLDERS[name].word, "name": f"{{{name}}}"},
            field="text",
            basis=block.basis[0] if block.basis else "",
        )
        for name in block.needed
        if name not in named
    ]
    if any(PLACEHOLDERS[name].source == OF_THE_LAW for name in block.needed):
        spelled = list(dict.fromkeys(_SPELLED.findall(_NAME.sub(" ", wording))))
        if spelled:
            found.append(
                _fault(
                    _now("“%(words)s”：期限由法规库填写，不在文字里写死，请用占位符。")
                    % {"words": _now("”“").join(spelled)}
                )
            )
    return found
