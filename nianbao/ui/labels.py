"""Official Chinese words beside the field names, for what people read on a terminal."""

from __future__ import annotations

LEVELS = {
    "national": "国家",
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "township": "乡镇",
    "department": "部门",
}

SCOPES = {"own": "本机关", "consolidated": "汇总", "joint": "联合"}

TEMPLATES = {
    "e2008_freeform": "2008 free text 自由文本",
    "e2014_stats": "2014 statistics 统计表",
    "e2014_narrative": "2014 narrative 文字报告",
    "e2019_v60": "2019 form 国办公开办函〔2019〕60号",
    "e2021_v30": "2021 form 国办公开办函〔2021〕30号",
    "mixed": "mixed forms 混用表式",
}

LANGUAGES = {"zh-Hans": "simplified 简体", "zh-Hant": "traditional 繁体", "en": "English 英文"}

PAGE = {
    "index_number": "索引号",
    "publisher": "发布机构",
    "document_number": "发文字号",
    "written_on": "成文日期",
    "published_on": "发布日期",
    "validity": "有效性",
    "keywords": "主题词",
    "topic": "主题分类",
    "source": "来源",
}

ROLES = {"report": "报告正文", "annex": "附件", "figure": "图", "table": "表"}

TRUST = {
    "verified": "all sums hold 勾稽相符",
    "consistent": "no sum contradicts 无矛盾",
    "doubtful": "a sum fails 勾稽不符",
    "unreadable": "could not be read 无法读取",
}

FLAGS = {
    "totals_only": "only the totals are filled in 仅填总计",
    "ambiguous_columns": "which column a number belongs to cannot be told 列位不明",
    "other_year": "a table under a heading of another year 表题年份与报告年度不符",
    "other_period": "a table under a heading of a part of the year 表题期间不足一年",
    "other_organ": "a table under a heading of another organ or area 表题机关与报告机关不符",
    "rows_repeated": "a row or table stands twice with other figures: those are not given 重复且数据不一",
    "rows_by_position": "rows are known by their order, their labels are not there 栏目名缺失",
    "cells_placed": "blank cells left no mark: the sums tell which column a number belongs to 列位据勾稽推定",
    "rows_missing": "rows of the form are not there 缺行",
    "table_missing": "a table of the form is not there 缺表",
    "table_image": "tables may be pictures 表格疑为图片",
    "ocr_missing": "tables are pictures and recognition is not installed: make ocr 未装识别组件",
    "recognised": "read from a picture or scan 图片识别",
    "unconfirmed": "read from a picture, and no sum confirms it: no figure is given 识别数字未经勾稽",
    "label_damaged": "a row is known by its place, its label is damaged 栏目名残缺",
    "unknown_table": "a table of the form is not there, and one that no template knows is 未知表格",
    "decisions_equal_items": "decisions are counts of items: the column was misread 处理决定数同项目数",
    "unknown_label": "a label that no template knows 未知栏目",
    "columns_by_position": "columns are known by their place, their headings are damaged 列名残缺",
    "digits_split": "glued digits, told apart by the sums 数字粘连",
    "cells_surplus": "a row with more cells than columns 单元格多于栏目",
    "count_scaled": "counts in hundreds or more by the header 计数单位为百、千、万: 未取数",
    "odd_figure": "a figure written in an odd way, such as 00 数字写法异常",
    "text_in_cell": "words where a number belongs 单元格有文字",
    "facts_disagree": "two sentences give different figures 文字数据不一",
    "facts_doubtful": "a sentence that may count something else as well 文字数据含义不明",
    "facts_set_aside": "sentences give a figure of others, of other times, or perhaps of a part 文字数据未必为本机关本年度总数",
    "facts_unread": "sentences count something in words that no pattern knows 文字数据有未识别表述",
    "facts_rounded": "a sentence gives a round figure: 约, 余, 万 文字数据为约数",
    "mixed_template": "tables of different forms in one report 混用表式",
    "unit_missing": "an amount without a unit, kept as written 金额无单位",
    "attachment_only": "the page is a cover, the report is a file 正文在附件",
    "attachment_unread": "the page is a cover, and its file was not read 附件未读",
    "member_unread": "another file of the same archive, perhaps a report of its own, is not read 压缩包内另有文件未读",
    "no_text": "no text beside the tables 无正文",
    "sources_disagree": "two addresses give different figures 来源数据不一",
    "corrected": "put right by hand 人工更正",
    "correction_reopened": "a correction waits: its source has changed 更正待复核",
    "organ_unknown": "nobody knows whose report it is 机关不明",
    "organ_from_text": "the organ is known from the text alone 机关据正文推定",
    "year_from_text": "the year is known from sentences alone 年度据正文推定",
    "part_of_year": "of a part of a year, by an organ founded in it 机关年内成立，报告期不足一年",
    "organ_conflict": "titles on the page name different organs 标题机关不一",
    "year_conflict": "title and period name different years, or the title two 年度不一",
    "date_conflict": "the page names days of publication a month apart 公布日期不一",
    "late": "published after the statutory day 逾期公布",
    "early": "published before the year was over 提前公布",
}


RELATIONS = {
    "same": "the same text 内容相同",
    "agrees": "no figure against it 数据一致",
    "differs": "other figures 数据不一",
}

COVERAGE = {
    "found": "found 已归档",
    "late": "found, late 逾期公布",
    "early": "found, before the year was over 提前公布",
    "not_published": "not published 未公布",
    "blocked": "portal refuses 拒绝访问",
    "unreachable": "portal unreachable 无法连接",
    "not_found": "looked for, not found 未找到",
    "not_due": "not due 未到期",
    "unknown": "not looked for 未查",
}
SIGNS = {
    "found": "●",
    "late": "◐",
    "early": "◑",
    "not_published": "✗",
    "blocked": "⊘",
    "unreachable": "!",
    "not_found": "?",
    "not_due": "·",
    "unknown": "○",
}
"""One sign for each of `COVERAGE`, so that a table can be read without colours."""

PROBLEMS = {
    "blocked": "the portal refuses 拒绝访问",
    "budget": "more pages than one visit may fetch 超出访问上限",
    "bad_config": "the portal's entry is wrong 门户配置有误",
    "crawler_failed": "the crawler failed 采集程序出错",
    "cut_off": "the answer broke off 传输中断",
    "damaged_record": "a record of a WARC file is damaged WARC 记录损坏",
    "fetch": "could not be fetched 取得失败",
    "http_error": "the server answers with an error 服务器报错",
    "known": "fetched before 已取过",
    "left_alone": "the host answers nothing and is left alone 主机无应答，暂停访问",
    "member_unread": "files of its archive were not read 压缩包内另有文件未读",
    "missing-raw": "its bytes are gone or damaged 存档缺失或损坏",
    "moved": "the portal has moved 门户已迁移",
    "needs_browser": "built by script, needs a browser 需浏览器渲染",
    "not_a_report": "is no annual report 不是年报",
    "not_found": "dead link 页面不存在",
    "outside": "leads to another site 转到站外",
    "parser_failed": "the parser failed 解析程序出错",
    "rate_limited": "asked to be slower 访问过频",
    "refused": "the database refuses it 入库被拒",
    "robots": "robots.txt forbids it robots.txt 不允许",
    "robots_unread": "robots.txt cannot be read today, asked again robots.txt 暂无法读取，待下次",
    "timeout": "no answer in time 超时",
    "too_large": "larger than is taken 文件过大",
    "too_slow": "took too long to read 解析超时",
    "unreachable": "the host cannot be reached 无法连接",
    "unreadable": "could not be read 无法读取",
}
"""What could not be fetched or read, by `problems.kind`."""


def beside(value: str | None, words: dict[str, str]) -> str:
    """`"own" -> "own 本机关"`; an unknown word stands alone, nothing is `–`."""
    if not value:
        return "–"
    known = words.get(value)
    return f"{value} {known}" if known else value


def flag_in_words(flag: str) -> str:
    """`"unit_missing:proactive" -> "unit_missing:proactive, an amount without a unit …"`."""
    name, _, _table = flag.partition(":")
    known = FLAGS.get(name)
    return f"{flag}: {known}" if known else flag
