"""Finding an enterprise among 100,000 by two Chinese characters: `./run bench register`.

The names are plainly invented, made of a few hundred syllables, so that the pairs asked for are
neither unique nor everywhere. Loaded once; later runs find them there.
"""

import random
import statistics
import time
from collections.abc import Callable
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from accounts.models import Region, Unit, User
from bench import Row
from enterprises.models import Enterprise, search_columns

ENTERPRISES = 100_000
ROUNDS = 60
PLACES = [
    "南宁",
    "柳州",
    "桂林",
    "梧州",
    "北海",
    "钦州",
    "贵港",
    "玉林",
    "百色",
    "贺州",
    "河池",
    "来宾",
    "崇左",
]
SYLLABLES = (
    "安邦昌诚达德鼎丰福高冠广国海恒宏华嘉建金锦康联隆美"
    "明鹏启荣瑞盛顺泰天通万兴旭扬益永裕远源悦云泽正中众"
)
TRADES = [
    "商务服务",
    "旅游客运",
    "物业服务",
    "酒店管理",
    "科技",
    "信息技术",
    "网络",
    "贸易",
    "物流",
    "教育咨询",
    "医疗",
    "餐饮",
]


def rows() -> list[Row]:
    """Search and first page of the register, in milliseconds."""
    unit, user = _owner()
    _load(unit, user)
    dice = random.Random(7)  # noqa: S311 - invented names
    pairs = ["".join(dice.choices(SYLLABLES, k=2)) for _ in range(ROUNDS)]
    visible = Enterprise.objects.visible_to(user)
    asked = {
        "two characters": pairs,
        "two words": [f"{pair} 酒店" for pair in pairs],
        "a word that thousands share": ["酒店"] * 20,
        "the middle of a code": _codes(),
    }
    return [
        Row(f"{name}, among 100,000, p50", _median(texts, visible.search), "ms", 60)
        for name, texts in asked.items()
    ]


def _median(asked: list[str], search: Callable) -> float:
    taken = []
    for text in asked:
        began = time.perf_counter()
        list(search(text).select_related("region", "unit").order_by("-created_at", "-id")[:26])
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _codes() -> list[str]:
    codes = Enterprise.objects.order_by("pk").values_list("uscc", flat=True)[:ROUNDS]
    return [code[8:17] for code in codes]


def _owner() -> tuple[Unit, User]:
    region, _ = Region.objects.get_or_create(code="450100", defaults={"name": "南宁市"})
    unit, _ = Unit.objects.get_or_create(
        name="压力测试网安支队",
        defaults={
            "short_name": "压测支队",
            "abbreviation": "压测公（网安）",
            "level": "city",
            "region": region,
        },
    )
    user = User.objects.filter(username="bench-register").first()
    return unit, user or User.objects.create_user("bench-register", name="压测", unit=unit)


def _load(unit: Unit, user: User) -> None:
    missing = ENTERPRISES - Enterprise.objects.filter(unit=unit).count()
    dice = random.Random(missing)  # noqa: S311 - invented names
    now = timezone.now()
    while missing > 0:
        batch = []
        for _ in range(min(missing, 5000)):
            brand = "".join(dice.choices(SYLLABLES, k=3))
            name = f"{dice.choice(PLACES)}{brand}{dice.choice(TRADES)}有限公司"
            # Nine invented characters stand in for the organisation's code.
            code = f"91450100{dice.randrange(10**9):09d}0"
            haystack, grams = search_columns(name, "", code)
            batch.append(
                Enterprise(
                    id=uuid4(),
                    unit=unit,
                    name=name,
                    uscc=code,
                    region=unit.region,
                    created_at=now,
                    created_by=user,
                    haystack=haystack,
                    grams=grams,
                )
            )
        Enterprise.objects.bulk_create(batch, ignore_conflicts=True)
        missing -= len(batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enterprises_enterprise")
