"""The proof of a service: one that was refused and left behind, as it is filled afterwards."""

from typing import Any

from demo.samples.sample import Sample, moment
from notices import receipts
from notices.kinds import service as papers

_LEFT: dict[str, Any] = {
    "filled": True,
    "document": "行政处罚决定书",
    "document_number": "南公（网安）行罚决字〔2025〕7号",
    "copies": "1份",
    "method_code": "left",
    "signed": False,
    "left": True,
    "method": "留置送达",
    "place": "南宁市青秀区演示路18号前台",
    "servers": [{"name": "韦志强", "number": "450137"}, {"name": "王㛃", "number": "450268"}],
    "attempted": "2025年4月11日10时05分",
    "recipient": "",
    "relation": "",
    "refusal": "法定代表人覃𬭎在场，阅后拒绝签收，没有说明理由",
    "witness": "李𫍽（社区工作人员）",
    "filmed": True,
    "outcome": "拒绝签收，文书已留置",
    "counts": "视为于2025年4月11日送达",
    "remarks": [],
}

SAMPLES = (
    Sample(
        papers.SERVICE_RECEIPT,
        "南宁某客货服务有限责任公司",
        _LEFT,
        moment("2025-04-11T11:00"),
        derived=receipts.context(_LEFT),
    ),
)
