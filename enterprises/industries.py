"""Industries by GB/T 4754-2017 (amended 2019): the sections, and the classes in frequent use.

A code outside this list is accepted when its section letter exists: the standard has some 1,400
classes, and an officer copies the code from the licence.
"""

import re

SECTIONS = {
    "A": "农、林、牧、渔业",
    "B": "采矿业",
    "C": "制造业",
    "D": "电力、热力、燃气及水生产和供应业",
    "E": "建筑业",
    "F": "批发和零售业",
    "G": "交通运输、仓储和邮政业",
    "H": "住宿和餐饮业",
    "I": "信息传输、软件和信息技术服务业",
    "J": "金融业",
    "K": "房地产业",
    "L": "租赁和商务服务业",
    "M": "科学研究和技术服务业",
    "N": "水利、环境和公共设施管理业",
    "O": "居民服务、修理和其他服务业",
    "P": "教育",
    "Q": "卫生和社会工作",
    "R": "文化、体育和娱乐业",
    "S": "公共管理、社会保障和社会组织",
    "T": "国际组织",
}

CLASSES = {
    "K7020": "物业管理",
    "H6110": "旅游饭店",
    "H6121": "经济型连锁酒店",
    "H6129": "其他一般旅馆",
    "H6130": "民宿服务",
    "H6190": "其他住宿业",
    "G5421": "长途客运",
    "G5422": "旅游客运",
    "G5429": "其他公路客运",
    "G5413": "出租车客运",
    "G5441": "客运汽车站",
    "L7291": "旅行社及相关服务",
    "L7293": "办公服务",
    "L7297": "商务代理代办服务",
    "L7298": "票务代理服务",
    "L7299": "其他未列明商务服务业",
}

#: Where the codes of the key sectors begin: telecommunications, energy, transport, water
#: conservancy, finance (Order 176 art. 10(2)). The sixth, the defence industry, has no code.
KEY_SECTORS = (
    "I63",
    *("B06", "B07", "D44", "D45"),
    *("G53", "G54", "G55", "G56", "G57", "G58"),
    "N76",
    "J",
)

CODE_PATTERN = r"^[A-T]\d{0,4}$"


def known(code: str) -> bool:
    """Whether the code has the standard's shape: a section letter and up to four digits."""
    return re.match(CODE_PATTERN, code or "") is not None


def name_of(code: str) -> str:
    """The name of the class, else of its section, else an empty text."""
    return CLASSES.get(code) or SECTIONS.get((code or "")[:1], "")


def is_key_sector(code: str) -> bool:
    """Whether the code lies in a key sector, as far as codes tell."""
    return (code or "").startswith(KEY_SECTORS)


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices for a select: sections as groups, each with itself and its listed classes."""
    return [
        (
            f"{letter} {name}",
            [(letter, f"{letter} {name}")]
            + [
                (code, f"{code} {text}")
                for code, text in sorted(CLASSES.items())
                if code[0] == letter
            ],
        )
        for letter, name in SECTIONS.items()
    ]
