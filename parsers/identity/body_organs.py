"""Whose report it is, by the body alone: for dumps that have lost their title.

The last resort: copies on other sites replace names in the whole page (domain.md section 3.9). Rules go from what
organs write about themselves (由某局编制) to what merely occurs often.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from parsers.identity.evidence import Body
from parsers.identity.organs import is_relative, mend, regions_of
from parsers.identity.titles import read_title, that_may_be

_ENDS = (
    r"(?:人民政府办公[厅室]|人民政府|委员会办公室|委员会|管委会|办公[厅室]|总局|分局|局|厅|署|中心|街道办事处|街道|镇|乡|"
    r"(?:[改信资健康科商建教农技生]|发展)委|管理处|研究院|医院|学院|公司|支队|大队|总队|站|所|馆|部)"
)
_NAME = rf"[\u4e00-\u9fff·“”()\-]{{2,40}}?{_ENDS}"
_VERBS = (
    r"(?:坚持|认真|深入|紧紧|严格|按照|全面|高度|以|在|把|根据|积极|扎实|切实|围绕|贯彻|始终|不断|将|进一步|大力|继续|"
    r"持续|着力|通过|依法|牢固|主动|充分|坚决|聚焦|立足|加强|推进|结合|深刻|严格|紧扣|共|政府信息公开|信息公开|政务公开)"
)
_COMPILED_BY = re.compile(
    rf"由({_NAME}|[\u4e00-\u9fff]{{2,20}}政府|[\u4e00-\u9fff·\-]{{4,50}}(?:网站|办))(?:、[\u4e00-\u9fff]{{3,30}})?(?:负责|组织|牵头|共同|联合)?"
    r"(?:根据|按照|依据|汇总|编制|编写|综合|编发)"
)
_SUBJECT = re.compile(
    rf"(?:19(?<!\d19)\d\d年(?:度|以来|来)?|20(?<!\d20)\d\d年(?:度|以来|来)?|今年以来|一年来|本年度)[,，]?({_NAME}){_VERBS}"
)
_CONTACT = re.compile(
    r"[请可或联](?:(?<!联)(?:直接|径)?(?:与|和|向|联系|联络|致电|致函|咨询)[:：]?|(?<=联)系(?:单位|部门|机构)[:：])([\u4e00-\u9fff·“”\-]{3,60}?)"
    r"(?:联系|咨询|反映|查询|索取|[(,，;；:：\n])"
)
_WHOLE = re.compile(rf"{_NAME}")
_ADDRESS = re.compile(rf"地址[:：]({_NAME}|[\u4e00-\u9fff]{{2,20}}[乡镇]政府)(?=[,，;；。:：()（）\n]|党政)")
_SIGNATURE = re.compile(
    r"(?:^|[\n。;；])([\u4e00-\u9fff·“”()\-]{4,40}?)\n?"
    r"\(?(?:(?:19|20)\d\d年\d{1,2}月\d{1,2}日|[二〇○零一九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)\)?\n?"
)
_ANNEX = re.compile(r"附件\d*[:：]?\d*[、.]?([^。;；:：\n]{6,60})")
_SECOND_NAME = re.compile(r"\([^()]{3,}\)$")
_CALLED_SHORT = re.compile(r"\((?:以下|下)?(?:简称|统称|称)[^()]*\)?")
_SEGMENT = re.compile(r"[^。;；,，:：《》<>\n!！]{6,80}")
_ANNOUNCING = re.compile(
    r"^(?:现|特|兹)?(?:汇总|综合|结合|(?:编制|编写)并?(?:向社会)?(?:公布|发布)?|(?:通过.{0,20})?(?:向社会)?(?:发布|公布)|将|提交|制作|撰写|形成|公开)"
    r"(?:了|本)?"
)
_OWN_WORK = re.compile(rf"结合({_NAME})(?:(?:19|20)\d\d年)?度?(?:政府信息公开|政务公开|信息公开|工作)")
_ANNOUNCED_WORK = re.compile(rf"现(?:将|向社会)?(?:公布|发布|公开)?({_NAME})(?:19|20)\d\d年度?(?:政府|政务)?信息公开")
_ANNOUNCES = re.compile(rf"(?:^|[\n。;；,，])(?!经|按|根据|由)({_NAME})(?:现|特|兹)(?:将|向社会|公布|发布|公开|编制)")
"""石家庄市教育局现将2019年政府信息公开工作年度报告公布如下."""
_BARE_SUBJECT = re.compile(rf"[\n。]({_NAME})(?:坚持|认真|深入|紧紧|严格|积极|高度|切实|扎实|全面|始终|不断)")
_INNER_OFFICE = re.compile(
    r"^(.*?(?:局|厅|委员会(?!办公室$)|(?<![县市区省州旗])委(?!员)|署|中心|管委会|街道办事处|街道(?!办事处$)|镇|乡|办公厅|"
    r"人民政府办公室|研究院|医院))[\u4e00-\u9fff()、]{0,20}?(?:办公室|办|科室?|股室?|处室?|部|组|大厅|窗口|信息公开中心)$"
)
_MINISTRYS_OFFICE = re.compile(
    r"^([\u4e00-\u9fff]{2,12}?部)(?!门|队|委)[\u4e00-\u9fff]{1,12}[司局厅][\u4e00-\u9fff]{0,12}$"
)
_ORGANS_OFFICE = re.compile(
    r"^(.*(?:局|厅|办公[厅室]|委员会|委|署|中心|街道办事处|街道|镇|乡))(?:(?:政府|政务)?信息|政务)公开(?:工作)?(?:领导小组)?(?:办公室|办)?$"
)
"""平度市政府办公室政府信息公开领导小组办公室: the 政府 is the second half of 政府信息公开."""
_GOVERNMENTS_OFFICE = re.compile(
    r"^(.+?)(?:人民)?政府(?:政务公开|(?:政府)?信息公开)(?:工作)?(?:领导小组)?(?:办公室|办)?$"
)
_OFTEN = re.compile(rf"[由与在对向和为是经了《“,，。、:：\n(]([\u4e00-\u9fff]{{4,30}}?{_ENDS})(?![长员])")
_NO_ORGAN = re.compile(
    r"^(?:我|本|全|各|该|其|由|按照|根据|依据|在|为|对|围绕|一是|二是|三是|制定|印发|关于|通过|中共中央|国务院|党中央)|"
    r"[A-Za-z]|我[局厅委办署镇乡县市区]|本[局厅委办署镇乡县市区]|针对|^未|^没有|综合[各全]|汇总|各(?:区|县|市|部门|单位|委)|^(?:发布|公开|发文)(?:机构|单位|机关|主体)|^(?:信息|文章)?来源|领导小组|网站$|平台$|栏目|单位|机关$|报告|信息公开|工作|条例"
)
_ENDS_AS_ORGAN = re.compile(rf"(?:{_ENDS}|[处区县市省院办]|政府)$")
_ENOUGH = 3


def organ_names(body: Body) -> list[str]:
    """Candidates, best first: whole names in the order of the rules, then relative ones (省教育厅)."""
    names = list(dict.fromkeys(name for raw in _candidates(body) if (name := _clean(raw))))
    return [n for n in names if not is_relative(n)] + [n for n in names if is_relative(n)]


def declared(body: Body) -> list[str]:
    """Organs in titles that the opening quotes or announces: as good as a title of its own."""
    names = dict.fromkeys(name for raw in _titles(body.opening) if (name := _clean(raw)))
    return [name for name in names if not is_relative(name)]


def _candidates(body: Body) -> Iterator[str]:
    yield from _titles(body.opening)
    yield from (match[1] for match in _ANNOUNCED_WORK.finditer(body.opening))
    yield from (match[1] for match in _ANNOUNCES.finditer(body.opening))
    yield from (match[1] for match in _COMPILED_BY.finditer(body.folded[:4000]))
    for match in _ANNEX.finditer(body.closing):
        yield from _organ_of_title(match[1])
    yield from (name for line in body.lines[:3] if _WHOLE.fullmatch(name := line.strip("|")))
    for text in (body.closing, body.opening[:300]):
        yield from (match[1] for match in _SIGNATURE.finditer(text))
    yield from (match[1] for match in _SUBJECT.finditer(body.folded[:4000]))
    yield from (match[1] for match in _OWN_WORK.finditer(body.opening))
    yield from (match[1] for match in _CONTACT.finditer(body.folded[:8000]))
    yield from (match[1] for match in _ADDRESS.finditer(body.folded[:8000]))
    yield from (match[1] for match in _BARE_SUBJECT.finditer("\n" + body.folded[:4000]))
    often = Counter(match[1] for match in _OFTEN.finditer(body.folded[:40_000]))
    yield from (name for name, count in often.most_common(8) if count >= _ENOUGH and regions_of(name))


def _titles(opening: str) -> Iterator[str]:
    """Titles inside sentences: 现编制某局2016年度政府信息公开情况报告, 《某厅2018年度政府信息公开工作报告》."""
    for segment in that_may_be(_SEGMENT.findall(opening)):
        yield from _organ_of_title(_ANNOUNCING.sub("", segment))


def _organ_of_title(text: str) -> Iterable[str]:
    title = read_title(text)
    return (title.organ,) if title.is_report and title.organ else ()


def _clean(raw: str) -> str | None:
    """Mended, without the office inside the organ that one is to call; None where it names no organ."""
    name = _CALLED_SHORT.sub("", mend(raw.strip("·-、")))
    if name.count("(") != name.count(")"):
        name = name.strip("()")
    if ministry := _MINISTRYS_OFFICE.match(name):
        name = ministry[1]
    elif own := _ORGANS_OFFICE.match(name):
        name = own[1]
    elif office := _GOVERNMENTS_OFFICE.match(name):
        name = f"{office[1]}人民政府"
    elif inner := _INNER_OFFICE.match(name):
        name = inner[1]
        # 区委农办(区农林局)办公室: what is inside the brackets is no end.
        name += ")" if name.count("(") > name.count(")") else ""
    if not 3 <= len(name) <= 40 or _NO_ORGAN.search(name) or not _ENDS_AS_ORGAN.search(_SECOND_NAME.sub("", name)):
        return None
    return name
