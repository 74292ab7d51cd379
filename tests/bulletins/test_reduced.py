"""Region, 某, trade, legal form: many shapes of names, and nothing of their own in any of them."""

import pytest

from bulletins import reduced

PLACES = [
    "广西壮族自治区",
    "南宁市",
    "青秀区",
    "西乡塘区",
    "宾阳县",
    "河池市",
    "东兰县",
    "罗城仫佬族自治县",
]
NANNING = "南宁市"
#: name, region of the register, industry, as a bulletin prints it, its own word
NAMES = [
    # as the publications print them
    ("南宁桂捷客货服务有限责任公司", NANNING, "", "南宁某客货服务有限责任公司", "桂捷"),
    ("南宁市智联商务服务有限公司", NANNING, "", "南宁市某商务服务有限公司", "智联"),
    ("广西桂悦酒店有限公司", NANNING, "H6110", "广西某酒店有限公司", "桂悦"),
    ("宾阳云水酒店有限公司", "宾阳县", "H6110", "宾阳某酒店有限公司", "云水"),
    ("东兰县锦绣物业服务公司", "东兰县", "K7020", "东兰县某物业服务公司", "锦绣"),
    # legal forms
    ("南宁绿源水务股份有限公司", NANNING, "", "南宁某水务股份有限公司", "绿源"),
    ("南宁恒大集团有限公司", NANNING, "K7010", "南宁某房地产集团有限公司", "恒大"),
    ("南宁盛世（有限合伙）", NANNING, "L7299", "南宁某商务服务（有限合伙）", "盛世"),
    ("阿里云计算（中国）有限公司", NANNING, "I6500", "南宁某云计算有限公司", "阿里"),
    ("南宁桂捷科技（集团）有限公司", NANNING, "", "南宁某科技有限公司", "桂捷"),
    ("宾阳县甘棠镇富民种植农民专业合作社", "宾阳县", "A0111", "宾阳县某种植农民专业合作社", "富民"),
    # branches: the branch's place only where it is a known region
    ("北京智联信息技术有限公司南宁分公司", NANNING, "", "北京某信息技术有限公司南宁分公司", "智联"),
    ("北京智联信息技术有限公司朝阳路分公司", NANNING, "", "北京某信息技术有限公司某分公司", "朝阳"),
    ("南宁阳光物业服务有限公司阳光城项目部", NANNING, "", "南宁某物业服务有限公司某项目部", "阳光"),
    # one person's business: the owner's name goes with the rest
    ("南宁市青秀区老王小吃店（个体工商户）", "青秀区", "H6220", "南宁市某小吃店", "老王"),
    ("西乡塘张三理发店", "西乡塘区", "O8051", "西乡塘某理发店", "张三"),
    ("鑫鑫网吧", NANNING, "R9013", "南宁某网吧", "鑫鑫"),
    # institutions
    ("南宁市第二中学", NANNING, "P8334", "南宁市某中学", "第二"),
    ("广西大学", NANNING, "P8341", "广西某大学", "广西大学"),
    ("广西医科大学第一附属医院", NANNING, "Q8411", "广西某医院", "医科大学"),
    ("罗城仫佬族自治县人民医院", NANNING, "", "罗城仫佬族自治县某人民医院", "县人民"),
    ("南宁市东葛路小学", NANNING, "P8321", "南宁市某小学", "东葛路"),
    # names that begin with a brand that is another place, or with none
    ("桂林银行股份有限公司南宁分行", NANNING, "", "桂林某银行股份有限公司南宁分行", "桂林银行"),
    ("云栖连锁酒店", NANNING, "H6121", "南宁某连锁酒店", "云栖"),
    ("邕江大酒店", NANNING, "H6110", "南宁某大酒店", "邕江"),
    # spaces, full width, no trade to be seen
    ("南宁 桂捷　客货服务 有限公司", NANNING, "", "南宁某客货服务有限公司", "桂捷"),
    ("南宁桂捷有限公司", NANNING, "L7299", "南宁某商务服务有限公司", "桂捷"),
    ("南宁桂捷有限公司", NANNING, "", "南宁某有限公司", "桂捷"),
    ("Guijie Ltd", NANNING, "I6510", "南宁某软件", "Guijie"),
    ("桂捷", NANNING, "", "南宁某单位", "桂捷"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "region", "industry", "wanted", "own"), NAMES)
def test_a_name_is_reduced_to_region_and_trade(name, region, industry, wanted, own):
    found = reduced.reduce(name, region=region, industry=industry, places=[*PLACES, "桂林市"])

    assert found == wanted
    assert own not in found
    assert reduced.reduce(found, region=region, industry=industry, places=PLACES) == found


def test_a_name_that_is_reduced_already_stays():
    for name in ("南宁某客货服务有限责任公司", "某连锁酒店", "东兰县某物业服务公司"):
        assert reduced.reduce(name, region=NANNING, industry="H6110", places=PLACES) == name
        assert reduced.tell_tale(name, PLACES) == []


def test_equal_names_are_told_apart_in_their_order():
    equal = "南宁某酒店有限公司"
    found = reduced.distinguish([equal, "宾阳某酒店有限公司", equal])
    assert found == ["南宁某甲酒店有限公司", "宾阳某酒店有限公司", "南宁某乙酒店有限公司"]
    assert len(set(reduced.distinguish([equal] * 12))) == 12


def test_what_would_tell_the_enterprise_is_sought_with_its_neighbours():
    assert reduced.tell_tale("南宁桂捷客货服务有限责任公司", PLACES) == [
        "南宁桂捷客货服务有限责任公司",
        "南宁桂捷",
        "桂捷客货",
        "桂捷有限",
        "桂捷公司",
        "桂捷集团",
    ]
    assert reduced.tell_tale("广西大学", PLACES) == ["广西大学"]
    assert "阿里巴巴" in reduced.tell_tale("阿里巴巴（中国）有限公司", PLACES)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("酒店管理系统", "酒店管理系统"),
        ("信息登记系统", "信息登记系统"),
        ("桂捷通货运管理系统", "某系统"),
        ("云栖住客小程序", "某小程序"),
        ("www.guijie.cn", "某系统"),
        ("会员平台", "会员平台"),
        ("", "系统"),
    ],
)
def test_a_system_keeps_its_name_only_if_it_is_a_common_word(name, wanted):
    assert reduced.system(name) == wanted
