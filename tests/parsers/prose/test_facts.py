"""Figures in sentences: taken where they are stated, nought where a sentence says there was none, null where two differ."""

import pytest

from parsers.prose.facts import compare, extract
from parsers.report import FigureCell, Semantic
from parsers.template import load_templates

FACTS = next(t for t in load_templates() if t.id == "e2014_narrative").facts


def figures(text: str) -> dict[str, float]:
    cells = extract(text, FACTS, 2015).cells
    return {cell.path.removeprefix("statistics."): cell.value for cell in cells if cell.value is not None}


@pytest.mark.parametrize(
    ("sentence", "key", "value"),
    [
        ("我办受理政府信息公开申请4宗，均已答复。", "requests.received.total", 4),
        ("全年共收到政府信息公开申请 1,204 件。", "requests.received.total", 1204),
        ("本年度没有收到要求公开政府信息的申请。", "requests.received.total", 0),
        ("未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。", "reconsideration.total", 0),
        ("未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。", "litigation.total", 0),
        ("本年度没有发生政府信息公开的收费及减免情况。", "fees.request_fees_wan_yuan", 0),
        ("四、政府信息公开的收费及减免情况\n没有收费。", "fees.request_fees_wan_yuan", 0),
        ("三、依申请公开情况\n申请均在规定期限内答复，没有收取费用。", "fees.request_fees_wan_yuan", 0),
        ("依申请信息公开共收取费用350元。", "fees.request_fees_wan_yuan", 0.035),
        ("全年组织新闻发布会２场。", "response.press_conferences", 2),
        ("全年举办新闻发布会2场，介绍石文化节和民生工作，并及时回应突发事件。", "response.press_conferences", 2),
        ("政府信息公开专项经费5万元，用于网站维护。", "organization.special_funds_wan_yuan", 5),
        ("举办培训班22期，培训3600多人。", "training.classes", 22),
        ("主动公开政府信息1683条。", "proactive.info_count", 1683),
        ("2015年累计主动公开政府信息300条。", "proactive.info_count", 300),
        ("2014年主动公开政府信息100条，2015年主动公开政府信息200条。", "proactive.info_count", 200),
        ("较上年增长10%，主动公开政府信息90条。", "proactive.info_count", 90),
        ("通过网站、公告栏等多种渠道主动公开政府信息90条。", "proactive.info_count", 90),
        ("我镇在政府门户网站上主动公开信息数量为46件。", "proactive.by_channel.website", 46),
        ("政府公报公开政府信息数45条，政府网站公开政府信息数50条", "proactive.by_channel.gazette", 45),
        ("政务微博公开政府信息数3条，政务微信公开政府信息数2条", "proactive.by_channel.wechat", 2),
        ("回应公众关注热点或重大舆情3次。", "response.hot_topics", 3),
        ("我局收到12起政府信息依申请公开，均已办理。", "requests.received.total", 12),
        ("2015年、未收到依申请公开政府信息情况。", "requests.received.total", 0),
        ("本单位未收到申请公开政府信息件。", "requests.received.total", 0),
        ("主动公开信息12条次，未收到过公开申请。", "requests.received.total", 0),
        ("未发生针对本部门有关政府信息公开事务的依申请公开情况。", "requests.received.total", 0),
        ("我局没有政府信息公开方面的收费。", "fees.request_fees_wan_yuan", 0),
        ("受理信息公开申请10件，其中当面申请1宗，网上申请9宗，信函申请0宗", "requests.received.online", 9),
        ("受理政府信息公开申请13件，答复13件。", "requests.replied.total", 13),
        ("“同意公开”的7件，占总数的70%", "requests.replied.granted", 7),
        ("“同意部分公开”1件", "requests.replied.partially_granted", 1),
        ("“不予公开”的1件", "requests.replied.denied.total", 1),
        ("有关政府信息公开的行政复议案共1起。", "reconsideration.total", 1),
        ("我镇依法公开，未出现申请行政复议、提起行政诉讼的情况。", "litigation.total", 0),
        ("未发生针对本单位有关政府信息公开事务的行政复议案。", "reconsideration.total", 0),
        ("依申请公开收取的费用(检索费、邮寄费)为0元。", "fees.request_fees_wan_yuan", 0),
        ("办理依申请公开中，未向申请人收取费用。", "fees.request_fees_wan_yuan", 0),
        ("从事政府信息公开工作人员数12人，其中专职人员2人，兼职人员10人。", "organization.staff.part_time", 10),
        ("信息公开工作由办公室承担，配备全职工作人员1名、兼职工作人员6名。", "organization.staff.full_time", 1),
        ("为做好政府信息公开，配备了3名专职、21名兼职工作人员。", "organization.staff.full_time", 3),
        ("为做好政府信息公开，配备了3名专职、21名兼职工作人员。", "organization.staff.part_time", 21),
        ("专门配备了2名兼职人员，并设立1个信息申请受理点。", "organization.staff.part_time", 2),
        ("落实了信息公开经办人员(其中全职2人，兼职4人)。", "organization.staff.part_time", 4),
        ("我街道安排4名工作人员兼职负责信息公开。", "organization.staff.part_time", 4),
        ("本年度主动公开信息的有5条。", "proactive.info_count", 5),
        ("在主动公开的14条政府信息中，机构职能类6条。", "proactive.info_count", 14),
        ("截至2015年底历年累计主动公开政府信息52条，其中2015年新增主动公开政府信息14条。", "proactive.info_count", 14),
        ("截至2015年底，本年度累计主动公开政府信息327条。", "proactive.info_count", 327),
        ("2015年主动公开政府信息606条，目前总计主动公开政府信息2739条。", "proactive.info_count", 606),
        ("受理企业和居民提出的政府信息公开申请60件。", "requests.received.total", 60),
        ("1月1日至12月31日受理信息公开申请件7件。", "requests.received.total", 7),
        ("本局受理书面依申请公开4条。", "requests.received.total", 4),
        ("全年收到政府信息依申请公开9件次。", "requests.received.total", 9),
        ("收到居民提出申请公开信息2条。", "requests.received.total", 2),
        ("受理依申请公开政府信息数量共计3条。", "requests.received.total", 3),
        ("本年度没有依申请公开信息的情况。", "requests.received.total", 0),
        ("2015年度无依申请公开事项。", "requests.received.total", 0),
        ("没有申请公开政府信息和不予公开政府信息的情况。", "requests.received.total", 0),
        ("政务微博发布信息16条、政务微信公开9条。", "proactive.by_channel.wechat", 9),
        ("本局没有与其他单位或个人因信息公开申请行政复议的案件。", "reconsideration.total", 0),
        ("未发生依申请公开信息收费和减免。", "fees.request_fees_wan_yuan", 0),
        ("本局无政府信息公开的收费和减免事项。", "fees.request_fees_wan_yuan", 0),
        ("没有收取与信息申请有关的任何费用。", "fees.request_fees_wan_yuan", 0),
        ("没有发生针对有关政府信息公开事务的收费事项。", "fees.request_fees_wan_yuan", 0),
        ("通过政务微博全年公开政府信息1615条。", "proactive.by_channel.weibo", 1615),
        ("全年有9件依申请公开事项，受理9项。", "requests.received.total", 9),
        ("我局受理依申请信息公开3件。", "requests.received.total", 3),
        ("全年政策解读发布数18篇。", "response.policy_interpretations", 18),
        ("召开或参加新闻发布会2次，发布政策解读16条。", "response.press_conferences", 2),
        ("召开或参加新闻发布会2次，发布政策解读16条。", "response.policy_interpretations", 16),
        ("属于已主动公开的范围，告知了申请人查阅途径5件。", "requests.replied.already_disclosed", 5),
        ("按申请人的要求同意公开有关信息的8件。", "requests.replied.granted", 8),
        ("积极回应公众关注热点52条。", "response.hot_topics", 52),
        ("全年共受理政府信息公开申请十二件。", "requests.received.total", 12),
        ("本年度收到政府信息公开申请为零。", "requests.received.total", 0),
        ("本年度政府信息公开申请数为0件。", "requests.received.total", 0),
        ("近三年未收到政府信息公开申请。", "requests.received.total", 0),
        ("因政府信息公开申请行政复议的0件，提起行政诉讼的0件。", "litigation.total", 0),
        ("2015年以来，我局共收到政府信息公开申请6件。", "requests.received.total", 6),
        ("截至2015年12月底，共收到政府信息公开申请7件。", "requests.received.total", 7),
        ("3月召开会议部署，全年主动公开政府信息500条。", "proactive.info_count", 500),
        ("按计划主动公开政府信息500条。", "proactive.info_count", 500),
        ("与上年持平，主动公开政府信息90条。", "proactive.info_count", 90),
        ("上年度收到政府信息公开申请8件，本年度收到政府信息公开申请12件。", "requests.received.total", 12),
        ("应主动公开政府信息500条，实际主动公开政府信息480条。", "proactive.info_count", 480),
        ("未产生依申请信息检索、复印等成本费用。", "fees.request_fees_wan_yuan", 0),
        ("开展信息公开工作以来，对依申请提供政府信息未收取检索、邮寄等费用。", "fees.request_fees_wan_yuan", 0),
    ],
)
def test_stated(sentence: str, key: str, value: float) -> None:
    assert figures(sentence)[key] == value


@pytest.mark.parametrize(
    "sentence",
    [
        "收到群众来信来访100件。",
        "办理行政复议案件12件。",
        "停车场没有收费。",
        "申请人未按信息公开收费通知缴纳的，不再处理。",
        "截至2015年12月31日，累计主动公开政府信息900条。",
        "累计主动公开政府信息300条。",
        "2014年主动公开政府信息100条。",
        "无锡市政府信息公开行政复议办法出台。",
        "没有制定政府信息公开行政复议办法。",
        "微博微信公开信息2148条。",
        "配备专、兼职人员5人，做好信息公开。",
        "热线工单按时办结2300件。",
        "热线工单按时办结2300件，另有信息公开申请在办。",
        # Kinds of papers, not answers to requests.
        "全年制作政府信息184条，其中主动公开55条，依申请公开3条，不予公开126条。",
        # A part of the whole.
        "截至年底共主动公开政府信息(除公文外)621条。",
        "当面受理依申请公开政府信息5件。",
        # Who keeps the website is not counted.
        "为政府网站配备2名专职人员，做好信息公开。",
        "配备5名专职和兼职工作人员，做好信息公开。",
        "各部门均配备1名专职人员负责信息公开。",
        "由1名专职副主任分管信息公开。",
        # A part of the year.
        "2015年上半年收到政府信息公开申请5件。",
        "2015年1月至6月主动公开政府信息50条。",
        "年内没有发生因信息公开不及时被投诉的事件。",
        "网站开通以来，主动公开政府信息900条。",
        "2015年3月，我局收到政府信息公开申请2件。",
        "3月份收到政府信息公开申请2件，5月份收到政府信息公开申请3件。",
        # Several years.
        "2011-2015年，共主动公开政府信息500条。",
        "2011年至2015年主动公开政府信息500条。",
        "五年来共收到政府信息公开申请52件。",
        "近三年收到政府信息公开申请52件。",
        "2014年和2015年分别主动公开政府信息90条、100条。",
        # A difference, a rate, a plan.
        "2015年，同比增加主动公开政府信息200条。",
        "比去年多主动公开政府信息200条。",
        "与去年同期相比增加主动公开政府信息20条。",
        "平均每月主动公开政府信息20条。",
        "要求各单位每年召开政府信息公开工作会议2次。",
        "力争全年主动公开政府信息500条。",
        "计划主动公开政府信息500条。",
        # Others' work, and what is not yet done.
        "区档案馆接收主动公开政府信息500条。",
        "指导各单位主动公开政府信息500条。",
        "全年撤销主动公开政府信息5条。",
        "去年和今年分别收到政府信息公开申请3件、5件。",
        # Numerals that count nothing.
        "收到信息公开申请一次性告知。",
        "收到政府信息公开申请一起研究办理。",
    ],
)
def test_other_things_are_left_alone(sentence: str) -> None:
    assert [value for value in figures(sentence).values() if value is not None] == []


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        # A real report of 2014 received twelve requests: what did not happen are the reconsiderations.
        (
            "收到12起政府信息依申请公开。未发生因政府信息公开产生申请行政复议的情况。",
            {"requests.received.total": 12, "reconsideration.total": 0},
        ),
        ("没有收到政府信息公开申请，发生行政复议2起。", {"requests.received.total": 0}),
        ("未收到针对政府信息公开的行政复议申请。", {"reconsideration.total": 0}),
        ("未收到因政府信息公开申请引发的行政诉讼。", {"litigation.total": 0}),
        ("收到网上政府信息公开申请5件。", {"requests.received.online": 5}),
        ("通过政府网站主动公开政府信息90条。", {"proactive.by_channel.website": 90}),
        # Mails are network requests too: the row of the form is the sum of both.
        ("受理信息公开申请8件，其中电子邮件申请3件，网上申请5件。", {"requests.received.total": 8}),
        (
            "受理政府信息公开申请35件。其中：予以公开20件，部分公开3件，不予公开2件，信息不存在10件。",
            {
                "requests.received.total": 35,
                "requests.replied.granted": 20,
                "requests.replied.partially_granted": 3,
                "requests.replied.denied.total": 2,
                "requests.replied.not_exist": 10,
            },
        ),
        (
            "收到申请8件，属于已主动公开的3件，予以公开的5件。",
            {"requests.received.total": 8, "requests.replied.already_disclosed": 3, "requests.replied.granted": 5},
        ),
        (
            "受理信息公开申请12件，全部公开10件，部分公开2件。",
            {"requests.received.total": 12, "requests.replied.granted": 10, "requests.replied.partially_granted": 2},
        ),
        (
            "受理信息公开申请9件，按期答复9件。答复中7件予以公开，2件不予公开。",
            {"requests.received.total": 9, "requests.replied.total": 9, "requests.replied.granted": 7},
        ),
        ("受理信息公开申请6件全部予以公开。", {"requests.received.total": 6, "requests.replied.granted": 6}),
        ("收到申请5件，去年同期予以公开8件。", {"requests.received.total": 5}),
        ("制作公文100件，其中予以公开80件，依申请公开5件，不予公开15件。", {}),
        ("收到信息公开申请3件，办理提案20件，主动予以公开20件。", {"requests.received.total": 3}),
    ],
)
def test_a_sentence_says_no_more_than_it_says(sentence: str, said: dict[str, float]) -> None:
    assert figures(sentence) == said


def test_a_nought_from_a_sentence_says_so_and_where() -> None:
    text = "五、其他\n本年度没有收到要求公开政府信息的申请。"
    (cell,) = extract(text, FACTS, 2015).cells
    assert cell.semantic is Semantic.DERIVED
    assert cell.at is not None
    assert text[int(cell.at["start"]) : int(cell.at["end"])] == cell.raw == "没有收到要求公开政府信息的申请"


def test_two_figures_for_one_thing_are_null_and_flagged() -> None:
    result = extract("主动公开政府信息425条。区政府主动公开政府信息1873条。", FACTS, 2015)
    assert [(cell.value, cell.semantic) for cell in result.cells] == [(None, Semantic.UNREADABLE)]
    assert result.flags == ("facts_disagree:statistics",)


@pytest.mark.parametrize(
    "sentence",
    [
        "收到申请10件，予以公开及部分公开8件。",
        "收到申请10件，公开和部分公开共8件。",
        "对申请的答复情况：予以公开6条信息。",
    ],
)
def test_what_may_count_something_else_as_well_is_null_and_flagged(sentence: str) -> None:
    result = extract(sentence, FACTS, 2015)
    granted = [cell for cell in result.cells if cell.path == "statistics.requests.replied.granted"]
    assert [(cell.value, cell.semantic) for cell in granted] == [(None, Semantic.UNREADABLE)]
    assert result.flags == ("facts_doubtful:statistics",)


def cell(path: str, value: int) -> FigureCell:
    return FigureCell(path, str(value), value, Semantic.NUMBER)


TOLD = next(t for t in load_templates() if t.id == "e2019_v60").told


def test_the_text_against_the_table_is_a_soft_check() -> None:
    # 管城 2020: section one says 32 applications, the table 110.
    result = compare("共接到政府信息公开申请 32 件。", TOLD, [cell("requests.received_new.total", 110)], 2020)
    assert [(c.rule, c.level, c.status, c.left, c.right) for c in result.checks] == [("N-T3", "soft", "fail", 32, 110)]
    assert result.cells == ()


def test_what_was_granted_is_compared_as_well() -> None:
    # 上海市府办 2019: the text says 258 for what the table counts apart.
    path = "requests.results.granted.total"
    text = "收到政府信息公开申请300件，予以公开200件。"
    assert [c.status for c in compare(text, TOLD, [cell(path, 200)], 2019).checks] == ["pass"]
    assert [c.status for c in compare(text, TOLD, [cell(path, 272)], 2019).checks] == ["fail"]
    text = "新收政府信息公开申请300件，上年结转2件，本年度办结302件，其中予以公开200件。指导基层办理申请90件，予以公开50件。"
    cells = [cell(path, 200), cell("requests.received_new.total", 300)]
    assert [(c.left, c.status) for c in compare(text, TOLD, cells, 2019).checks] == [(300, "pass"), (200, "pass")]
    text = "收到政府信息公开申请300件，公开及部分公开258件。"
    assert compare(text, TOLD, [cell(path, 272)], 2019).checks == ()


def test_a_sentence_gives_a_nought_only_where_no_table_does() -> None:
    text = "2019年未收到政府信息公开申请。未发生因政府信息公开引起的行政复议、行政诉讼。"
    result = compare(text, TOLD, [], 2019)
    assert {c.path: (c.value, str(c.semantic)) for c in result.cells} == {
        "requests.received_new.total": (0, "derived_from_text"),
        "reconsideration.total": (0, "derived_from_text"),
        "litigation_direct.total": (0, "derived_from_text"),
        "litigation_after_reconsideration.total": (0, "derived_from_text"),
    }
    assert compare("共收到政府信息公开申请5件。", TOLD, [], 2019).cells == ()


def test_a_written_0_is_such_a_nought_too() -> None:
    result = compare("2019年受理依申请公开政府信息0件，涉及政府信息公开行政诉讼0件。", TOLD, [], 2019)
    assert {c.path: (c.value, str(c.semantic)) for c in result.cells} == {
        "requests.received_new.total": (0, "derived_from_text"),
        "litigation_direct.total": (0, "derived_from_text"),
        "litigation_after_reconsideration.total": (0, "derived_from_text"),
    }
