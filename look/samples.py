"""What the components page shows: invented samples, one for each component and state."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHANGHAI = ZoneInfo("Asia/Shanghai")
HASH = "9f2c41d75b08e6a3c4d1f72e80ab39c516e7d2f04a93b85cd70f21e60be37a15"
TODAY = date(2025, 2, 8)


_DATE: dict[str, Any] = {"aria-label": gettext_lazy("日期")}
_TIME: dict[str, Any] = {"aria-label": gettext_lazy("时间")}


class ServiceForm(forms.Form):
    """A form with one field of each kind, bound to wrong input."""

    manner = forms.ChoiceField(
        label=gettext_lazy("送达方式"),
        choices=[
            ("direct", gettext_lazy("直接送达")),
            ("left", gettext_lazy("留置送达，对方拒绝签收")),
            ("post", gettext_lazy("邮寄送达")),
        ],
        widget=forms.RadioSelect,
    )
    served_on = forms.DateField(
        label=gettext_lazy("送达日期"), help_text=gettext_lazy("例如 2025-1-9")
    )
    server = forms.CharField(
        label=gettext_lazy("送达人二"), help_text=gettext_lazy("输入姓名或警号")
    )
    begun_at = forms.SplitDateTimeField(
        label=gettext_lazy("开始时间"),
        widget=forms.SplitDateTimeWidget(
            date_attrs=_DATE,
            time_attrs=_TIME,
        ),
    )
    place = forms.CharField(label=gettext_lazy("送达地点"), required=False)
    unit = forms.ChoiceField(
        label=gettext_lazy("承办单位"),
        choices=[("1", gettext_lazy("网安支队一大队")), ("2", gettext_lazy("网安支队二大队"))],
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("涉及的个人信息"),
        choices=[("name", gettext_lazy("姓名")), ("phone", gettext_lazy("手机号"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    proof = forms.FileField(label=gettext_lazy("送达回证"), required=False)
    seen = forms.CharField(
        label=gettext_lazy("说明"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    whole = forms.BooleanField(label=gettext_lazy("所附文书齐全"))


class FilterForm(forms.Form):
    """The conditions above a list."""

    q = forms.CharField(label=gettext_lazy("企业、文号、发现"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("状态"),
        choices=[("", gettext_lazy("全部")), ("open", gettext_lazy("在办"))],
        required=False,
    )
    due_from = forms.DateField(label=gettext_lazy("期限从"), required=False)
    due_to = forms.DateField(label=gettext_lazy("到"), required=False)


def page() -> dict[str, Any]:
    """The whole context of the components page."""
    form = ServiceForm({"manner": "left", "served_on": "2025-13-1", "place": _("企业办公室")})
    return {
        "colours": _colours(),
        "states": _states(),
        "dues": _dues(),
        "derivation": derivation(),
        "derivation_named": _named(),
        "today": TODAY,
        "steps": _steps(),
        "facts": _facts(),
        "events": _events(),
        "actions": _actions(),
        "papers": _papers(),
        "lacking": _lacking(),
        "gates": _gates(),
        "kpis": _kpis(),
        "bars": _bars(),
        "bar_head": [_("结论"), _("件")],
        "stack": [(96, "green"), (38, "blue"), (22, "red")],
        "chart": _chart(),
        "spark": [71, 70, 78, 80, 83, 86, 84],
        "counts": _counts(),
        "tasks": _tasks(),
        "views": _views(),
        "chips": [{"word": _("在办"), "url": "?"}],
        "filter_form": FilterForm({}),
        "form": form,
        "hash": HASH,
        "digests": [HASH[:8], HASH[8:16]],
        "moment": datetime(2025, 1, 9, 10, 25, tzinfo=SHANGHAI),
        "number": "南公（网安）责通字〔2025〕12号",
    }


def _colours() -> list[tuple[str, str, str]]:
    return [
        ("b8", _("顶栏"), "--zg-blue-800"),
        ("b7", _("链接、主按钮"), "--zg-blue-700"),
        ("b1", _("计入的工作日"), "--zg-blue-100"),
        ("ink", _("正文"), "--zg-ink"),
        ("ink3", _("说明"), "--zg-ink-3"),
        ("g", _("页面"), "--zg-ground"),
        ("r", _("逾期、拒绝"), "--zg-red"),
        ("a", _("临近"), "--zg-amber-mark"),
        ("gr", _("达成"), "--zg-green"),
    ]


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("草稿")),
        ("wait", _("待签批")),
        ("wait", _("待送达")),
        ("live", _("改正期内")),
        ("soon", _("即将到期")),
        ("over", _("逾期")),
        ("live", _("待复查")),
        ("met", _("按期改正")),
        ("", _("逾期改正")),
        ("refused", _("未改正")),
        ("refused", _("退回")),
        ("void", _("已撤回")),
    ]


def _dues() -> list[dict[str, Any]]:
    label = _("改正期限")
    return [
        {"label": label, "day": date(2025, 2, 20), "left": _("还剩 9 个工作日"), "tone": ""},
        {"label": label, "day": date(2025, 2, 12), "left": _("还剩 3 个工作日"), "tone": "soon"},
        {"label": label, "day": date(2025, 1, 24), "left": _("逾期 6 个工作日"), "tone": "over"},
        {
            "label": label,
            "day": date(2025, 2, 7),
            "left": _("提前 2 个工作日改正"),
            "tone": "met",
        },
    ]


def _entry(day: date, why: str, name: str, name_en: str) -> dict[str, str]:
    return {"date": day.isoformat(), "why": why, "name": name, "name_en": name_en}


def derivation() -> dict[str, Any]:
    """Twenty working days over the Spring Festival of 2025, in the form in which it is stored."""
    festival = {date(2025, 1, 28) + timedelta(days=step) for step in range(8)}
    made_up = [date(2025, 1, 26), date(2025, 2, 8)]
    first, due = date(2025, 1, 10), date(2025, 2, 12)
    skipped = []
    for step in range((due - first).days + 1):
        day = first + timedelta(days=step)
        if day in festival:
            skipped.append(_entry(day, "holiday", "春节", "Spring Festival"))
        elif day.weekday() >= 5 and day not in made_up:
            skipped.append(_entry(day, "weekend", "周末", "weekend"))
    return {
        "kind": "counted",
        "event": {"zh": "送达", "en": "service"},
        "trigger": "2025-01-09",
        "length": 20,
        "unit": "working_day",
        "first_day": first.isoformat(),
        "skipped": skipped,
        "made_up": [_entry(day, "made_up", "调休上班", "make-up day") for day in made_up],
        "last_day": due.isoformat(),
        "rolled": [],
        "due": due.isoformat(),
        "calendar": [{"year": 2025, "status": "official", "checksum": HASH}],
        "basis": ["MPSP@2020:35"],
        "warnings": [],
        "sentence_zh": "2025年1月9日（周四）送达，当日不计入，自1月10日起算20个工作日。",
        "sentence_en": "20 working days from the day after service (Thu 9 Jan 2025).",
    }


def _named() -> dict[str, Any]:
    return derivation() | {
        "kind": "named",
        "length": None,
        "unit": "named",
        "skipped": [],
        "made_up": [],
        "warnings": [
            {
                "zh": "送达后只剩2个工作日。",
                "en": "Only 2 working days left after service.",
            }
        ],
        "sentence_zh": "文书载明期限为2025年2月12日（周三），期限按载明日期，不另计算。",
        "sentence_en": "The paper names Wed 12 Feb 2025. The date stands as named.",
    }


def _steps() -> list[dict[str, str]]:
    return [
        {"name": _("拟稿"), "state": "done", "note": _("1月6日 韦志远")},
        {"name": _("审批"), "state": "done", "note": _("1月7日 覃海波")},
        {"name": _("签发"), "state": "done", "note": _("1月8日 取号 12")},
        {"name": _("送达"), "state": "bad", "note": _("1月9日 退回")},
        {"name": _("改正期内"), "state": "soon", "note": _("第 17 日，共 20 日")},
        {"name": _("复查"), "state": "", "note": ""},
        {"name": _("结论"), "state": "", "note": _("按期 / 逾期 / 未改正")},
    ]


def _facts() -> list[dict[str, Any]]:
    return [
        {"label": _("企业"), "value": _("东兰县某物业服务公司"), "url": "#facts"},
        {"label": _("信用代码"), "value": "91450100MA5K7Q2R04", "number": True},
        {"label": _("线索"), "value": _("群众反映")},
        {"label": _("等保备案"), "value": ""},
        {
            "label": _("个人信息"),
            "value": _("姓名、身份证号码、电话、家庭住址"),
            "note": _("400 余条"),
            "full": True,
        },
    ]


def _events() -> list[dict[str, Any]]:
    return [
        {
            "at": datetime(2025, 2, 7, 15, 32, tzinfo=SHANGHAI),
            "title": _("企业报告改正第 1 项"),
            "text": _("附改造前后截图共 5 个文件 · 韦志远登记"),
            "tone": "ok",
            "entered": datetime(2025, 2, 8, 9, 0, tzinfo=SHANGHAI),
        },
        {
            "at": datetime(2025, 1, 9, 10, 25, tzinfo=SHANGHAI),
            "title": _("送达，期限确定为 2025年2月12日"),
            "text": _("韦志远、黄莉直接送达，法定代表人签收"),
            "tone": "key",
        },
        {"at": date(2025, 1, 8), "title": _("邮寄退回"), "tone": "bad"},
        {"at": date(2025, 1, 6), "title": _("拟稿并提交"), "url": "#timeline"},
    ]


def _actions() -> list[dict[str, Any]]:
    return [
        {
            "name": _("记录改正报告"),
            "url": "#acts",
            "primary": True,
            "hint": _("企业报告后可提前复查，按企业完成之日判定是否按期。"),
        },
        {"name": _("安排复查"), "url": "#acts"},
        {
            "name": _("作出结论"),
            "url": "#acts",
            "reasons": [
                {
                    "text": _("还没有复查记录。"),
                    "basis": _("公安部令第151号第十九条"),
                    "url": "#acts",
                    "url_text": _("安排复查"),
                }
            ],
        },
        {
            "name": _("撤回通知书"),
            "url": "#acts",
            "reasons": [
                {
                    "text": _("您是拟稿人，撤回由审批人办理：覃海波。"),
                    "basis": _("本单位规定 3.2"),
                    "house": True,
                }
            ],
        },
    ]


def _papers() -> list[dict[str, Any]]:
    title = _("责令限期改正通知书")
    at = datetime(2025, 1, 8, 17, 4, tzinfo=SHANGHAI)
    return [
        {
            "title": title,
            "state": "ready",
            "number": "南公（网安）责通字〔2025〕12号",
            "url": "#papers",
            "verify_url": "#papers",
            "pages": 2,
            "bytes": 190_464,
            "at": at,
            "sha256": HASH,
        },
        {"title": _("送达回证"), "state": "printing", "since": at},
        {"title": _("存根"), "state": "queued", "ahead": 2, "since": at},
        {
            "title": title,
            "state": "failed",
            "reason": _("字库缺少“𬭸”字（企业名称第 4 字）。"),
            "job": "J-20417",
        },
        {"title": _("行政处罚决定书"), "state": "none"},
    ]


def _lacking() -> list[dict[str, Any]]:
    return [
        {
            "text": _("没有写“改正期限”。"),
            "basis": _("《行政处罚法》第二十八条第一款"),
            "house": False,
            "url": "#completeness",
            "url_text": _("去修改"),
        },
        {
            "text": _(
                "南宁市公安局没有设置行政复议机关，通知书无法告知救济途径。由系统管理员设置。"
            ),
            "basis": _("《行政复议法》第二十四条"),
            "house": False,
            "url": "",
            "url_text": "",
        },
    ]


def _gates() -> list[dict[str, Any]]:
    return [
        {
            "state": "no",
            "title": _("陈述申辩没有复核"),
            "text": _("企业 2月7日提交申辩 2 页，尚未记录复核意见。"),
            "law": _("《行政处罚法》第四十五条"),
            "url": "#gates",
            "url_text": _("记录复核"),
            "button": True,
        },
        {
            "state": "na",
            "title": _("集体讨论"),
            "text": _("情节复杂或者重大违法时需要。"),
            "law": _("《行政处罚法》第五十七条第二款"),
            "url": "#gates",
            "url_text": _("更改"),
        },
        {"state": "ok", "title": _("已立案"), "text": _("2025年1月17日，覃海波批准。")},
    ]


def _kpis() -> list[dict[str, Any]]:
    return [
        {
            "name": _("按期改正率"),
            "value": 84,
            "unit": "%",
            "url": "#kpis",
            "main": True,
            "good": _("比上年同期高 13 个百分点"),
            "text": _("按期 317 件 ÷ 可评定 377 件。可评定 = 期限已届满或已有结论。"),
        },
        {
            "name": _("逾期"),
            "value": 37,
            "url": "#kpis",
            "tone": "over",
            "text": _("最长 63 个工作日"),
        },
        {"name": _("本周到期"), "value": 21, "url": "#kpis", "tone": "soon"},
        {"name": _("改正期内"), "value": 118, "url": "#kpis"},
        {"name": _("待复查"), "value": 19, "url": "#kpis"},
        {"name": _("转处罚"), "value": 12, "url": "#kpis"},
    ]


def _bars() -> list[dict[str, Any]]:
    return [
        {"name": _("按期改正"), "value": 221, "tone": "green", "url": "#bars"},
        {"name": _("逾期改正"), "value": 38, "tone": "blue", "url": "#bars"},
        {"name": _("未改正"), "value": 8, "tone": "red", "url": "#bars"},
    ]


def _chart() -> dict[str, Any]:
    return {
        "labels": [_("%(month)d月") % {"month": month} for month in (*range(2, 13), 1)],
        "series": [
            {
                "name": _("本年"),
                "values": [71, 73, 70, 76, 78, None, 80, 79, 83, 82, 86, 84],
                "last": "84%",
            },
            {
                "name": _("上年同期"),
                "values": [62, 64, 61, 63, 66, 68, 66, 69, 70, 72, 69, 71],
                "last": "71",
            },
        ],
        "low": 50,
        "high": 100,
        "step": 10,
        "goal": 90,
        "goal_text": _("目标 90"),
        "unit": "%",
        "label": _("按期改正率由 71% 升到 84%，上年同期由 62% 到 71%，目标 90%。数据表在图下。"),
    }


def _counts() -> list[dict[str, Any]]:
    return [
        {"name": _("逾期"), "value": 1, "url": "#tasks", "tone": "over"},
        {"name": _("3 个工作日内到期"), "value": 2, "url": "#tasks", "tone": "soon"},
        {"name": _("7 个工作日内到期"), "value": 1, "url": "#tasks"},
        {"name": _("待复查"), "value": 2, "url": "#tasks"},
        {"name": _("待送达"), "value": 0, "url": "#tasks"},
        {"name": _("待签批、退回"), "value": 3, "url": "#tasks"},
    ]


def _tasks() -> list[dict[str, Any]]:
    return [
        {
            "title": _("宾阳某酒店有限公司"),
            "url": "#tasks",
            "text": _("责通字〔2025〕3号 · 6 项 · 企业未报告改正"),
            "badge": ("over", _("逾期 6 个工作日")),
            "day": date(2025, 1, 24),
            "tone": "over",
            "act": {"name": _("安排复查"), "url": "#tasks", "primary": True},
        },
        {
            "title": _("南宁市某旅行社有限公司"),
            "url": "#tasks",
            "text": _("责通字〔2025〕9号 · 3 项"),
            "badge": ("soon", _("还剩 1 个工作日")),
            "day": date(2025, 2, 10),
            "tone": "soon",
            "percent": 95,
            "percent_label": _("期限已过 95%"),
            "act": {"name": _("查看并提醒"), "url": "#tasks"},
        },
    ]


def _views() -> list[dict[str, Any]]:
    return [
        {"name": _("全部在办"), "url": "?", "count": 46, "here": True},
        {"name": _("逾期"), "url": "?state=overdue", "count": 3, "red": True},
        {"name": _("待复查"), "url": "?state=reinspect", "count": 5},
    ]
