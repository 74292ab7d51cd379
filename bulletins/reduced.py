"""What a bulletin calls an enterprise: region, 某, trade, legal form; never its own words.

    reduce("南宁桂捷客货服务有限责任公司", region="南宁市")   南宁某客货服务有限责任公司

Only words that this module knows come through: a place at the head of the name, the trade, the
legal form. Whatever lies between is taken for the enterprise's own word and dropped, so a word
that nobody listed can never leak. A name that already says 某 is reduced already and stays.

Pure: no database, no clock. The same name gives the same words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

SOME = "某"
ORDINALS = "甲乙丙丁戊己庚辛壬癸"


def _words(text: str) -> list[str]:
    return text.split()


#: Provinces and what they are called for short; other places come with the register of regions.
PROVINCES = _words(
    """
    北京市 天津市 上海市 重庆市 河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省
    安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 海南省 四川省 贵州省 云南省
    陕西省 甘肃省 青海省 内蒙古自治区 广西壮族自治区 西藏自治区 宁夏回族自治区
    新疆维吾尔自治区 香港 澳门 台湾
    """
)
_SHORT = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
}
_NATIONS = (
    "壮族|瑶族|苗族|侗族|仫佬族|毛南族|回族|各族|土家族|彝族|京族|水族|仡佬族|布依族|满族|蒙古族"
)
_LEVEL = re.compile(rf"(?:(?:{_NATIONS})+自治[县州区]|自治区|地区|省|市|县|区|盟|州)$")

#: Legal forms and kinds of institution, the longest first; what follows the trade and stays.
FORMS = sorted(
    _words(
        """
    集团有限责任公司 集团股份有限公司 集团有限公司 有限责任公司 股份有限公司 有限公司
    股份合作公司 集团公司 总公司 公司 集团 有限合伙 普通合伙 合伙企业 个人独资企业
    农民专业合作社 专业合作社 合作社 总厂 厂 大学 学院 职业技术学校 职业学校 技工学校
    中学 小学 幼儿园 学校 培训中心 人民医院 中医医院 妇幼保健院 医院 卫生院
    卫生服务中心 门诊部 诊所 药房 药店 研究院 研究所 设计院 律师事务所 会计师事务所
    事务所 基金会 协会 学会 商会 联合会 管理委员会 管理局 管理处 服务中心 中心 图书馆
    博物馆 体育馆 馆 电视台 报社 出版社 旅行社 供销社 信用社 银行 支行 分行 工作室
    经营部 服务部 营业部 门市部 商行 商店 商场 超市 大酒店 酒店 大饭店 饭店 宾馆 旅馆
    客栈 招待所 民宿 公寓 网吧 网咖 茶楼 酒楼 餐厅 餐馆 小吃店 理发店 美容院 洗浴中心
    加油站 站 场 店 部 社 行 所 院 园
        """
    ),
    key=lambda form: -len(form),
)

#: Words of trades. Several may stand together; read from the right, until a word is unknown.
TRADES = frozenset(
    _words(
        """
    客货 客运 货运 运输 物流 快递 速递 仓储 配送 供应链 汽车 出租车 租赁 维修 驾驶 培训
    驾驶员 商务 商贸 贸易 进出口 国际贸易 电子商务 跨境 零售 批发 百货 超市 连锁 购物
    食品 餐饮 饮食 酒店 大酒店 宾馆 饭店 旅馆 民宿 公寓 住宿 旅游 旅行 文化 旅游文化
    传媒 传播 广告 影视 网络 信息 技术 信息技术 科技 网络科技 信息科技 软件 数据 大数据
    云计算 人工智能 智能 电子 通信 通讯 电信 互联网 系统集成 集成 计算机 物联网 数字
    安防 物业 物业管理 物业服务 房地产 房地产开发 地产 置业 开发 建设 建筑 建筑工程
    工程 装饰 装修 设计 监理 咨询 管理 酒店管理 企业管理 商业管理 服务 商务服务 家政
    家政服务 人力资源 劳务 劳务派遣 派遣 保安 保安服务 教育 教育咨询 教育科技 学前教育
    职业教育 医疗 医疗器械 医药 药业 健康 养老 体检 口腔 眼科 美容 美发 生物 生物科技
    环保 环境 园林 绿化 农业 农业科技 种植 养殖 林业 水产 饲料 化工 化学 材料 建材 机械
    设备 制造 电力 新能源 能源 燃气 水务 供水 自来水 供热 石油 石化 矿业 金属 有色金属
    钢铁 五金 家具 服装 服饰 纺织 印刷 包装 造纸 塑料 橡胶 玻璃 陶瓷 珠宝 投资 投资管理
    资产管理 融资 融资租赁 担保 小额贷款 典当 保险 保险代理 证券 期货 基金 银行 支付
    金融 金融信息 拍卖 会展 展览 体育 健身 娱乐 游戏 动漫 演艺 网吧 上网 婚庆 摄影 殡仪
    律师 会计 会计师 审计 评估 税务 税务师 检测 检验 认证 勘察 测绘 规划 实业 产业 工贸
    工业 发展 供销 农资 烟草 邮政 铁路 公路 航空 港口 轨道交通 公交 公共交通 交通 停车
    停车场 中医 妇产 儿童 康复 职业 技工 实验 中心 平台 会员 票务 外卖 生鲜 水果 茶叶
    糖业 酒业 饮料 乳业 宠物 母婴 图书 文具 眼镜 通用 综合 专业
        """
    )
)
_LONGEST_TRADE = max(len(word) for word in TRADES)

#: The trade by the class of GB/T 4754 where the name itself says none.
BY_INDUSTRY = {
    "K702": "物业服务",
    "K7": "房地产",
    "H61": "酒店",
    "H62": "餐饮",
    "G54": "客货运输",
    "G59": "仓储",
    "G60": "快递",
    "I63": "电信",
    "I64": "互联网",
    "I65": "软件",
    "J66": "银行",
    "J": "金融",
    "L71": "租赁",
    "L72": "商务服务",
    "M": "科技",
    "O": "居民服务",
    "P": "教育",
    "Q": "医疗",
    "R": "文化",
    "F52": "零售",
    "F51": "贸易",
    "E": "建筑",
    "C": "制造",
    "D": "能源",
    "N": "环境",
    "A": "农业",
    "B": "矿业",
}

_BRACKETS = re.compile(r"[（(\[【〔]([^（()）\]】〕]*)[）)\]】〕]")
_BRANCH = re.compile(
    r"(?P<house>.+(?:公司|集团|银行|合作社|事务所|医院|学校|学院))"
    r"(?P<where>.*?)(?P<branch>分公司|支公司|营业部|门市部|经营部|分行|支行|分店|门店|分院|分校|"
    r"分所|分部|项目部|办事处|店)$"
)
#: Generic words of which the name of a system may consist; anything else names its owner.
_SYSTEM = re.compile(
    r"^(?:业务|酒店|旅馆|宾馆|物业|客运|货运|客货|物流|运输|商务|会员|客户|用户|顾客|旅客|住客|业主|"
    r"学生|教务|学籍|患者|病历|挂号|订单|订房|预订|预约|票务|收费|财务|办公|人事|考勤|门禁|视频|监控|"
    r"信息|登记|入住|住宿|管理|服务|查询|登录|营销|销售|采购|仓储|库存|支付|结算|综合|内部|自动化|"
    r"网上|线上|在线|智慧|移动|数据|档案|资料|客服|官方|门户|后台|电子|邮件|邮箱|文件|共享|教学|学习|"
    r"培训|医疗|诊疗|体检|养老|房产|房屋|租赁|车辆|停车|配送|快递|外卖|餐饮|点餐)*"
    r"(?P<sort>系统|平台|网站|小程序|公众号|应用程序|应用|软件|APP|App|app|服务器|数据库|计算机|电脑)$"
)
_SORT = re.compile(
    r"(系统|平台|网站|小程序|公众号|应用程序|应用|软件|APP|App|app|服务器|数据库|计算机|电脑)$"
)


@dataclass(frozen=True)
class Parts:
    """A name taken apart. `own` is what belongs to the enterprise alone and is never shown."""

    place: str
    own: str
    trade: str
    form: str


def plain(name: str) -> str:
    """Half-width, without spaces and without what stands in brackets."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name or ""))
    previous = None
    while previous != text:
        previous, text = text, _BRACKETS.sub("", text)
    return text


def short_place(name: str) -> str:
    """南宁市 → 南宁, 广西壮族自治区 → 广西, 罗城仫佬族自治县 → 罗城; two characters stay."""
    if name in _SHORT:
        return _SHORT[name]
    short = _LEVEL.sub("", name)
    return short if len(short) >= 2 else name


def is_reduced(name: str) -> bool:
    """Whether the name says 某 already: what the publications themselves write."""
    return SOME in plain(name)


def take_apart(name: str, places: Collection[str] = ()) -> Parts:
    """Place, own word, trade and legal form of a name without branch."""
    text = plain(name)
    place, rest = _head(text, _known(places))
    form = next((form for form in FORMS if rest.endswith(form)), "")
    stem = rest[: len(rest) - len(form)]
    trade = _trade(stem)
    own = stem[: len(stem) - len(trade)]
    # 南宁市第二中学, 邕江大酒店: the form says the trade.
    return Parts(place, own, trade, form)


def reduce(name: str, *, region: str = "", industry: str = "", places: Collection[str] = ()) -> str:
    """The name as a bulletin prints it.

    Args:
        name: the registered name.
        region: the region of the register, for a name that begins with no place.
        industry: class of GB/T 4754 ("H6110"), for a name that says no trade.
        places: names of regions that may stand at the head of a name, beside the provinces.
    """
    text = plain(name)
    if SOME in text:
        return text + _partnership(name)
    known = {*places, region} - {""}
    branch = _BRANCH.match(text)
    if branch is not None:
        house = reduce(branch["house"], region=region, industry=industry, places=places)
        where, _rest = _head(branch["where"], _known(known))
        return f"{house}{where or SOME}{branch['branch']}"
    parts = take_apart(text, known)
    place = parts.place or short_place(region)
    trade = parts.trade
    if not trade and (not parts.form or parts.form.endswith(("公司", "合伙", "企业", "集团"))):
        trade = _by_industry(industry)
    if not trade and not parts.form:
        return f"{place}{SOME}单位"
    return f"{place}{SOME}{trade}{parts.form}{_partnership(name)}"


def _partnership(name: str) -> str:
    """（有限合伙）, the one legal form that stands in brackets; "" for any other name."""
    inside = _BRACKETS.search(unicodedata.normalize("NFKC", name))
    return f"（{inside[1]}）" if inside and inside[1].endswith("合伙") else ""


def distinguish(names: Sequence[str]) -> list[str]:
    """Equal names told apart, in their order: 南宁某酒店有限公司 → 南宁某甲酒店有限公司, 某乙…"""
    often = Counter(names)
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        if often[name] == 1:
            found.append(name)
            continue
        place = seen[name]
        seen[name] += 1
        mark = ORDINALS[place] if place < len(ORDINALS) else str(place + 1)
        found.append(name.replace(SOME, SOME + mark, 1))
    return found


def tell_tale(name: str, places: Collection[str] = ()) -> list[str]:
    """The pieces of the name that would name the enterprise, for the search that none is left.

    桂捷 alone is too short to search for (it might stand in any sentence), so a word of two
    characters is sought with its neighbours: 南宁桂捷, 桂捷客货, 桂捷公司.
    """
    text = plain(name)
    if SOME in text:
        return []
    branch = _BRANCH.match(text)
    parts = take_apart(branch["house"] if branch else text, places)
    own = parts.own
    if len(own) < 2:
        return [text] if len(text) >= 3 else []
    if len(own) >= 3 and own not in TRADES:
        return [text, own]
    before = [short_place(parts.place) + own] if parts.place else []
    after = [own + tail for tail in (parts.trade[:2], parts.form[:2], "公司", "集团") if tail]
    return list(dict.fromkeys([text, *before, *after]))


def system(name: str) -> str:
    """What a bulletin calls a system: its name where it is made of common words, else 某系统."""
    text = plain(name)
    if not text:
        return "系统"
    if _SYSTEM.match(text):
        return text
    sort = _SORT.search(text)
    return f"{SOME}{sort[1] if sort else '系统'}"


def _known(places: Collection[str]) -> list[str]:
    """Full and short names of the places, the longest first."""
    full = {*places, *PROVINCES}
    return sorted({*full, *map(short_place, full)}, key=lambda each: (-len(each), each))


def _head(text: str, known: Sequence[str]) -> tuple[str, str]:
    """(the place to show, the rest). Of several places the first below the province is shown."""
    found: list[str] = []
    rest = text
    while True:
        place = next((each for each in known if rest.startswith(each)), "")
        if not place:
            break
        found.append(place)
        rest = rest[len(place) :]
        # 西乡塘 and the like: a level word that the register writes and the name leaves over.
        level = re.match(r"(省|市|县|区)(?=.{2})", rest)
        if level and not place.endswith(level[1]):
            found[-1] += level[1]
            rest = rest[1:]
    if not found:
        return "", text
    provinces = {*PROVINCES, *map(short_place, PROVINCES)}
    below = [each for each in found if each not in provinces]
    return (below or found)[0], rest


def _trade(stem: str) -> str:
    """The trade words at the end of the stem, as many as follow one another."""
    start = len(stem)
    while True:
        for size in range(min(_LONGEST_TRADE, start), 1, -1):
            if stem[start - size : start] in TRADES:
                start -= size
                break
        else:
            return stem[start:]


def _by_industry(code: str) -> str:
    for size in range(min(len(code), 4), 0, -1):
        if code[:size] in BY_INDUSTRY:
            return BY_INDUSTRY[code[:size]]
    return ""
