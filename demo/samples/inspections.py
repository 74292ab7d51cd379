"""Papers of a visit under Order 176: the notice, the record and a letter of advice. All made up."""

from datetime import date
from typing import Any

from demo.samples.sample import Sample, moment
from notices.kinds import inspections as papers

_HOTEL = "宾阳某酒店有限公司"
_OFFICERS = [
    {"name": "王㛃", "number": "450268", "unit": "南宁市公安局"},
    {"name": "陈䶮", "number": "450311", "unit": "南宁市公安局"},
]
_MATTERS = [
    "网络安全管理制度和操作规程",
    "用户注册信息登记和日志留存",
    "网络安全等级保护定级、备案、测评和自查",
    "防范计算机病毒和网络攻击、网络侵入的技术措施",
    "数据安全和个人信息保护",
]
_ORDER_176 = "《公安机关网络空间安全监督检查办法》"
_CSL = "《网络安全法》"

_NOTICE: dict[str, Any] = {
    "basis": f"《中华人民共和国网络安全法》第五十一条第二款、{_ORDER_176}第七条、第十一条",
    "when": "2026年11月18日9时30分起",
    "scope": "酒店管理系统的运行、管理和安全保护情况",
    "matters": _MATTERS,
    "officers": [{"name": each["name"], "number": each["number"]} for each in _OFFICERS],
    "support_organ": "广西演示网络安全测评有限公司",
    "support_people": ["黄喆"],
    "contact_phone": "0771-0000000",
}

_RECORD: dict[str, Any] = {
    "started": moment("2026-11-18T09:35"),
    "ended": moment("2026-11-18T11:50"),
    "place": "宾阳县宾州镇演示路5号酒店机房和前台办公室",
    "party_name": _HOTEL,
    "party_code": "91450126MA5PQ2R08A",
    "party_address": "宾阳县宾州镇演示路5号",
    "met_name": "甘𫖮",
    "met_title": "总经理",
    "officers": _OFFICERS,
    "support_organ": "广西演示网络安全测评有限公司",
    "support_people": ["黄喆"],
    "shown": (
        "检查民警向被检查对象出示了人民警察证和监督检查通知书，告知了检查的依据、事项和被检查对象的"
        "权利义务"
    ),
    "mode": "现场检查",
    "matters": _MATTERS,
    "process": (
        "检查民警查看机房和前台办公室，调取酒店管理系统的账号、日志和数据库样本，查阅管理制度，"
        "技术支持人员在民警监督下扫描系统漏洞"
    ),
    "findings": [
        {
            "what": "存储个人信息未加密：酒店管理系统以明文存储住客姓名、身份证件号码",
            "articles": f"{_CSL}第二十三条第一款第四项",
        },
        {
            "what": "未制定网络安全应急预案：不能提供应急预案和演练记录",
            "articles": f"{_CSL}第二十七条",
        },
    ],
    "measures": "对发现的问题当场督促指导被检查对象采取措施消除；另行制作责令限期改正通知书",
    "evidence": [
        {
            "title": "数据库样本截图3张",
            "sort": "电子数据",
            "taken": "2026年11月18日10时20分",
            "finding": "第1项",
        },
        {
            "title": "管理制度目录照片1张",
            "sort": "书证",
            "taken": "2026年11月18日11时05分",
            "finding": "第2项",
        },
    ],
    "recording": "执法记录仪全程录音录像，9时35分至11时50分",
    "objections": "没有异议，将尽快整改",
    "reading": "以上记录已经核对，与实际情况相符",
    "recorder": "陈䶮",
}

_ADVICE: dict[str, Any] = {
    "party_name": _HOTEL,
    "found_on": date(2026, 11, 18),
    "risks": [
        {
            "what": "高危端口暴露：酒店管理系统的远程桌面端口可从互联网访问",
            "measure": "关闭不必要的端口，远程维护经虚拟专用网络并限定来源",
        },
        {
            "what": "组件版本过低：网站所用组件存在已公开的漏洞",
            "measure": "升级组件，建立漏洞跟踪和处置记录",
        },
    ],
    "request": "建议在收到本函后尽快自查，并将情况告知我局",
    "contact_phone": "0771-0000000",
}

SAMPLES = (
    Sample(
        papers.INSPECTION_NOTICE,
        _HOTEL,
        _NOTICE,
        moment("2026-11-17T16:00"),
        derived={
            "mode": "现场检查",
            "remote": False,
            "officer_words": "王㛃（警号450268）、陈䶮（警号450311）",
            "support_words": "广西演示网络安全测评有限公司：黄喆",
            "contact_name": "王㛃",
            "fit": "one-page",
        },
    ),
    Sample(
        papers.INSPECTION_RECORD,
        _HOTEL,
        _RECORD,
        moment("2026-11-18T12:00"),
        derived={
            "remote": False,
            "refused": False,
            "file_number": "检〔2026〕31号",
            "fit": "form-leaf",
        },
    ),
    Sample(
        papers.ADVISORY,
        _HOTEL,
        _ADVICE,
        moment("2026-11-19T10:00"),
        derived={"to_sector": False, "many": True, "contact_name": "王㛃", "fit": "one-page"},
    ),
)
