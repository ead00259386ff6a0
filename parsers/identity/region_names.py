"""Names of regions and of their governments: 管城回族区, 管城区, 郑州市管城回族区人民政府 are one place."""

from __future__ import annotations

import re

from parsers.chinese import fold

_REGION = re.compile(
    r"(?!国家|中国|社区|城市|都市|开发区|高新区|小区|园区|景区|辖区|城区|校区|灾区|库区|牧区|林区|矿区)"
    r"[\u4e00-\u9fff]{1,11}?(?:特别行政区|自治区|自治州|自治县|自治旗|地区|省|市(?!场|政服|政管)|盟|州(?!市|区|县)|县|区(?!域)|旗)"
)
_NATIONAL_ORGAN = re.compile(r"^(?:国家|中国)[\u4e00-\u9fff]{2,12}?(?:总局|局|署|银行)(?=[\u4e00-\u9fff]{3,})")
RELATIVE = re.compile(
    r"^(?:省(?!会)|市(?!场|容|[中南北]区|政(?!务|府|法|协|研)|民(?!政|族|宗))|州(?!际)|盟|县(?!域)|区(?!域|块)|旗|镇(?!江|[\u4e00-\u9fff]{1,3}县)|乡(?![宁城]县)|自治区|自治州)(?=.{2})"
)
_BARE_REGION = re.compile(
    r"[\u4e00-\u9fff]{2,}(?:特别行政区|自治区|自治州|自治县|自治旗|省|市|县|旗|(?<!开发)(?<!实验)(?<!试验)(?<!示范)"
    r"(?<!高新)(?<!园)(?<!新)(?<!景)(?<!度假)(?<!保税)(?<!合作)(?<!经济)(?<!社)(?<!地)区)"
)
_TOWN = re.compile(r"[\u4e00-\u9fff]+(?:镇|乡|苏木)")
_GOVERNMENT = re.compile(r"(?:人民政府|政府|行政公署|行署)$")
_BARE_GOVERNMENT = re.compile(r"(?<=[省市县区旗州盟乡镇])政府(?=$|办公[厅室]$|办$)")
_BARE_OFFICE = re.compile(r"(?<=人民政府)办$")
_MARKS = re.compile(r"[“”\"'‘’·.]")
_PEOPLES = re.compile(
    r"(?:(?:各|阿昌|白|保安|布朗|布依|朝鲜|达斡尔|傣|德昂|东乡|侗|独龙|俄罗斯|鄂伦春|鄂温克|仡佬|哈尼|哈萨克|赫哲|回|基诺|"
    r"京|景颇|柯尔克孜|拉祜|黎|傈僳|珞巴|满|毛南|门巴|蒙古|苗|仫佬|纳西|怒|普米|羌|撒拉|畲|水|塔吉克|土家|土|佤|维吾尔|锡伯|"
    r"瑶|彝|裕固|藏|壮)族)+(?=自治|区$)|(?:哈萨克|蒙古|柯尔克孜|塔吉克|锡伯|维吾尔)(?=自治)"
)
_KIND = re.compile("(?:特别行政区|自治区|自治州|自治县|自治旗|地区|[省市州盟县区旗])$")
_AUTONOMOUS = re.compile(r"自治(?=[州县旗]$)")


def name_key(name: str) -> str:
    """Names are the same whatever their brackets and quotes are."""
    return _MARKS.sub("", fold(name))


def full_name(name: str) -> str:
    """A region or town alone stands for its government: 宿迁市 -> 宿迁市人民政府, 章安街道 -> 章安街道办事处."""
    name = _BARE_GOVERNMENT.sub("人民政府", name)
    name = _BARE_OFFICE.sub("办公室", name)
    if name.endswith("街道"):
        return name + "办事处"
    if name.endswith("特别行政区"):
        return name + "政府"
    if _TOWN.fullmatch(name) or _BARE_REGION.fullmatch(name):
        return name + "人民政府"
    return name


def regions_of(name: str) -> list[str]:
    """The regions that a name begins with: 安顺市西秀区城市管理局 -> 安顺市, 西秀区."""
    if RELATIVE.match(name):
        return []
    found: list[str] = []
    position = 0
    while match := _REGION.match(name, position):
        found.append(match[0])
        position = match.end()
    return found


def regions_below(name: str) -> list[str]:
    """The same of a branch of a national organ: 国家税务总局柳河县税务局 -> 柳河县."""
    return regions_of(_NATIONAL_ORGAN.sub("", name))


def without_government(name: str) -> str:
    """管城回族区人民政府 -> 管城回族区, 兴安盟行政公署 -> 兴安盟; what is no government's name stays as it is."""
    return _GOVERNMENT.sub("", name)


def government_of(region: str) -> str:
    """The name of a region's government: 宿迁市 -> 宿迁市人民政府, 兴安盟 -> 兴安盟行政公署."""
    if region.endswith("特别行政区"):
        return f"{region}政府"
    return f"{region}行政公署" if region.endswith(("地区", "盟")) else f"{region}人民政府"


def short_form(region: str) -> str:
    """As people say it: 三都水族自治县 -> 三都县, 东乡族自治县 -> 东乡县, 巴音郭楞蒙古自治州 -> 巴音郭楞州."""
    short = _AUTONOMOUS.sub("", _PEOPLES.sub("", region))
    if short.startswith("自治") or len(short) < 2:  # the people's name is the region's
        short = _AUTONOMOUS.sub("", region.replace("族自治", "自治"))
    return short


def bare_name(region: str) -> str:
    """Without what kind of region it is: 宿迁市 -> 宿迁, 延边朝鲜族自治州 -> 延边, 广西壮族自治区 -> 广西."""
    return _KIND.sub("", short_form(region))
