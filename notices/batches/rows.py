"""One part of a batch, as `Batch.entries` keeps it, and the words for what became of it."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notices.filing import Entry
from notices.models import Batch

# What became of a part. Until the batch is made: waiting.
WAITING, IN, SHEET, LEFT_OUT = "waiting", "in", "sheet", "left_out"

WHY: dict[str, str | Promise] = {
    "unprinted": _("还没有打印好"),
    "unprintable": _("打印失败，没有 PDF"),
    "gone": _("已不在可以查看的范围内"),
    "ended": _("已撤回或者被替代"),
    "informant": _("涉及举报人身份，依法保密，另行密封"),
    "personal": _("含个人信息，申请人没有查看权限"),
    "role": _("申请人的角色没有查看权限"),
    "damaged": _("系统里保存的文件缺失，或者与登记的校验值不一致"),
    "bad_pdf": _("PDF 打不开，可能已损坏"),
    "repaired": _("PDF 结构有误，放入的是能够读出的页"),
    "encrypted": _("PDF 有密码或者加密，不能放入"),
    "bad_picture": _("图片打不开，可能已损坏"),
    "large_picture": _("图片有 %(width)s×%(height)s 像素，超过可以放入的上限"),
    "too_long": _("PDF 有 %(pages)s 页，超过一份文件可以放入的上限"),
    "not_a_leaf": _("这种文件不能放成页面"),
}
#: Said beside a part that is in; the others stand in its place.
BESIDE = frozenset({"ended", "repaired"})


@dataclass(frozen=True)
class Row:
    """`state` and `why` are filled when the batch is made; `page` is where it begins there."""

    key: str
    title: str
    sort: str = "paper"
    stage: int = 0
    number: str = ""
    party: str = ""
    day: date | None = None
    name: str = ""
    content_type: str = ""
    size: int = 0
    sha256: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    state: str = WAITING
    why: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    page: int = 0
    pages: int = 0

    @classmethod
    def of(cls, entry: Entry) -> Self:
        stored = entry.file if entry.withheld is None else None
        return cls(
            key=entry.key,
            title=entry.title,
            sort=entry.sort.value,
            stage=int(entry.stage),
            number=entry.number,
            party=entry.party,
            day=entry.day,
            name=stored.name if stored else "",
            content_type=stored.content_type if stored else "",
            size=stored.size if stored else 0,
            sha256=stored.sha256 if stored else "",
            facts=entry.facts if entry.withheld is None else (),
            why=entry.withheld.value if entry.withheld else "ended" if entry.ended else "",
        )

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        day = kept.get("day")
        facts = tuple((label, value) for label, value in kept.get("facts", ()))
        return cls(**{**kept, "day": date.fromisoformat(day) if day else None, "facts": facts})

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    def became(self, state: str, why: str = "", **figures: Any) -> Self:
        return replace(self, state=state, why=why or self.why, figures=figures)

    @property
    def reason(self) -> str:
        """Why it is not as one would expect, in words; empty where nothing is to be said."""
        return str(WHY[self.why]) % self.figures if self.why else ""

    @property
    def is_pages(self) -> bool:
        """Whether the file can be laid out as pages; any other gets a sheet that names it."""
        return self.content_type == "application/pdf" or self.content_type.startswith("image/")

    @property
    def is_withheld(self) -> bool:
        return self.why in {"informant", "personal", "role"}


def rows_of(batch: Batch) -> list[Row]:
    """The parts of a batch in their order."""
    return [Row.read(kept) for kept in batch.entries]
