"""Is it a report, and whose, of which year, covering what (domain.md sections 3.5 to 3.7, portals.md 3.7 and 3.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from parsers.chinese import simplify
from parsers.documents.labels import canonical
from parsers.documents.media import HTML, TEXT
from parsers.documents.model import Document, Paragraph
from parsers.errors import NotAReport, Unreadable
from parsers.identity import evidence, joint, new_organ
from parsers.identity.body_organs import declared, organ_names
from parsers.identity.evidence import Body
from parsers.identity.organs import complete, full_name, is_relative, mend, resolved
from parsers.identity.own_site import context_of
from parsers.identity.region_names import RELATIVE
from parsers.identity.titles import ORGAN_SUFFIX, Title, may_be_title, names_two_years, read_title, tidy
from parsers.metadata import day_of_address, is_empty, page_block
from parsers.report import Organ, Scope
from parsers.source import Source

_HEAD_LINES = 16
_OPENING = 400
"""Characters in which a report says who compiled it."""
_LIST = 3
"""So many different titles of reports on one page make it a list."""
_YEARS = range(2003, 2100)

_AREA = re.compile(r"(?![全本我各该])[\u4e00-\u9fff]+?(?:省|自治区|市|县|州|盟|旗|区)")
_OF_MANY = re.compile(
    r"(?:根据|综合|汇总|依据)[^。]{0,60}?各(?![^。]{0,8}科室|级(?:人民)?(?:政府|部门)(?:关于|有关))[^。]{0,60}?(?:政府|部门|单位|乡镇|镇街|街道|机构|委、办、局|\(县)"
    r"[^。]{0,80}?(?:年度(?:工作)?报告|年报|数据|情况|报告)[^。]{0,24}?(?:编制|汇总|综合|而成)"
)
_OF_ALL = re.compile(r"(?:涵盖|包括|覆盖)(?:了)?全[省市县区州旗](?:各级)?(?:行政机关|各)")
"""Apart, each is sought by the characters that it begins with."""
_TWO_NAMES = re.compile(r"[^()（）]{3,}[（(][^()（）]{3,}(?:局|署|委|厅|办|中心|室|委员会|办公室)[)）]$")
_OF_DEPARTMENTS = re.compile(
    r"(?:各|[省市县区州旗盟]直(?:属)?|[省市县区州旗]级)(?:各)?(?:部门|单位|机关)(?:和|、|及)?(?:各?(?:乡镇|镇街|街道|单位))?$|系统$|行政区域$"
    r"|(?:各(?:乡|镇|街道|区县|县区|县市区|市县)|乡|镇)[乡镇街]$|各(?:区县|县区|县市区|市县|街道)$"
)
"""城东区区直部门, 滨河市各部门: the departments of an area, together."""
_TWO_AREAS = re.compile(rf"{_AREA.pattern}[（(]{_AREA.pattern}[)）]")
"""青岛西海岸新区（黄岛区）"""
_ENDS_AS_ORGAN = re.compile(ORGAN_SUFFIX + r"[）)]?$")
_OFFICE_OF_GOVERNMENT = re.compile(r"(?<=政府)办公[厅室]$")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_SENTENCE = re.compile(r"[。；;！？!?：:，,]")
_BULLET = re.compile(r"[-•·*◆●▪]|[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")
_RUN_TOGETHER = re.compile(
    r"(.{6,60}?(?:年\s*度\s*报\s*告|工\s*作\s*报\s*告|年\s*报))\s+(?=[根按为依]|本|现|一、|[\d〔(（])"
)
"""A dump of a Word file that lost its line breaks: the title, and the text behind a blank."""
_LINE = 80
_DECIDING_LINES = 3
_TELLING = 100
"""Characters from which on a text that never speaks of a report's matters is something else."""
_FINAL = ("website_report", "infographic", "blank_form", "part_of_year")
"""Kinds of titles that no body overrules: a picture story of a report quotes the report."""


@dataclass(frozen=True, slots=True)
class Identity:
    title: str
    organ: Organ
    report_year: int
    year_source: str
    """title, period, text or publication."""
    scope: Scope
    flags: tuple[str, ...] = ()
    """organ_unknown, organ_from_text, organ_conflict (the page's own titles name different organs), year_from_text (nothing
    but sentences names it), year_conflict (the title and the statistic period name different years, or the title names
    two), part_of_year (of an organ that was founded in it)."""
    joint: tuple[Organ, ...] = ()
    """Each organ of a joint report, in the order in which it names them."""
    asked: tuple[str, ...] = ()
    """Names that `config/units` was asked for."""


def identify(document: Document, source: Source) -> Identity:
    """Say whose report `document` is. A page whose report is only an attachment is judged by its title.

    Raises NotAReport with a reason (website_report, guide, budget, rule_of_law, infographic, notice, catalogue,
    regulation, list_page, blank_form, error_page, part_of_year, no_report_content), Unreadable("year_unknown").
    """
    portal = context_of(document, source.portal)
    source = source if portal is source.portal else replace(source, portal=portal)
    body = evidence.body_of(document)
    candidates = _candidates(document, source, body)
    title = _judge(document, body, candidates)
    titles = [candidate.title for candidate in candidates if candidate.title.is_report]
    year, year_source = _year(document, source, body, titles)
    named = _organ_name(document, source, body, titles)
    asked: tuple[str, ...] = ()
    together: tuple[Organ, ...] = ()
    if named is None:
        organ, scope, flags = _nameless(source), Scope.OWN, ["organ_unknown"]
    else:
        opening = body.opening[:_OPENING]
        name, remark = joint.split_remark(named.name)
        remark = "" if joint.is_former(remark) else remark
        named = replace(named, name=name)
        names = joint.names_of(named.name) or joint.compilers(opening) or joint.with_office(named.name, opening)
        scope = _scope(joint.split_remark(named.raw)[0], remark, body, names)
        who = resolved(_area(named, scope), named.raw, source.portal, year=year)
        wholes = [full_name(complete(mend(name), source.portal)) for name in names]
        # 区政府（含区政府办公室）, of nobody knows which district, would be those of all districts.
        known = not any(map(is_relative, wholes))
        each = [resolved(*both, source.portal, year=year) for both in zip(wholes, names, strict=True)] if known else []
        organ, together = who.organ, tuple(one.organ for one in each)
        asked = tuple(dict.fromkeys([*who.asked, *(word for one in each for word in one.asked)]))
        flags = ["organ_from_text"] if named.witness == "text" else []
        if named.witness == "title" and any(_is_another(named.raw, other) for other in _organs_named(candidates)):
            flags.append("organ_conflict")
    if year_source == "text":
        flags.append("year_from_text")
    if any(new_organ.is_part(title) for title in titles):
        flags.append(new_organ.FLAG)
    period = evidence.year_of_period(body)
    if period != year if period is not None else names_two_years(title or ""):
        flags.append("year_conflict")
    made_up = f"{organ.name}{year}年政府信息公开工作年度报告"
    return Identity(title or made_up, organ, year, year_source, scope, tuple(flags), together, asked)


# --- title ----------------------------------------------------------------------------------------------------


class _Candidate(NamedTuple):
    text: str
    title: Title
    decides: bool
    """May also say that this is no report: the page's own title, and the first lines where there is none."""
    own: bool
    """The page's own title."""
    here: bool
    """It stands on the page, and not only in a list or an address."""


def _candidates(document: Document, source: Source, body: Body) -> list[_Candidate]:
    """Everything that may be the title, or says that this is none, the page's own word first; the list's title is often
    cut off."""
    found: dict[str, _Candidate] = {}
    for text, decides, own in _titles(document, source):
        line = " ".join(text.split())
        if line and line not in found and (decides or may_be_title(line)):
            found[line] = _Candidate(line, _read(line, body), decides, own, here=True)
    for text, decides in _titles_elsewhere(document, source):
        line = " ".join(text.split())
        if line and line not in found:
            found[line] = _Candidate(line, _read(line, body), decides, own=False, here=False)
    return list(found.values())


def _read(line: str, body: Body) -> Title:
    """As `read_title`, with what only the blanks of the line and the opening of the text can tell."""
    title = new_organ.as_report(read_title(line), body.opening)
    return title._replace(organ=joint.parted(line, title.organ)) if title.organ and " " in line else title


def _titles(document: Document, source: Source) -> Iterator[tuple[str, bool, bool]]:
    """Texts with: may it refuse, is it the page's own title."""
    yield from ((value, True, True) for name, value in document.meta if name.lower() == "articletitle")
    if document.title:
        yield document.title, True, True
    yield from ((value, True, True) for label, value in document.pairs if canonical(label) == "title")
    paragraphs = (block.text.strip() for block in document.blocks if isinstance(block, Paragraph))
    lines = list(islice(filter(None, paragraphs), _HEAD_LINES))
    split = _titles_in_two_lines(lines)
    # The title of a plain text is but its first line.
    untitled = document.media_type == TEXT or (not document.title and document.media_type != HTML)
    if untitled and lines and len(lines[0]) > _LINE and (head := _RUN_TOGETHER.match(lines[0])) and "20" in head[1]:
        yield head[1], False, False
    for position, line in enumerate(lines):
        if len(line) <= _LINE and position not in split:
            yield (
                line,
                untitled and position < _DECIDING_LINES and not _SENTENCE.search(line) and not _BULLET.match(line),
                False,
            )
    for position, joined in split.items():
        yield joined, untitled and position < _DECIDING_LINES, False


def _titles_elsewhere(document: Document, source: Source) -> Iterator[tuple[str, bool]]:
    """What its list and its address call it, with: may it refuse."""
    if source.title:
        yield source.title, not any(isinstance(b, Paragraph) and b.text.strip() for b in document.blocks)
    if source.url:
        name = unquote(urlsplit(source.url).path).rsplit("/", 1)[-1]
        if any("\u4e00" <= character <= "\u9fff" for character in name):
            yield _EXTENSION.sub("", name), False


def _titles_in_two_lines(lines: Sequence[str]) -> dict[int, str]:
    """Position of the first line -> both: 洪泽区人民政府 / 2023年政府信息公开工作年度报告.

    So is 关于政府信息公开工作年度报告 / 有关事项的通知, which is none.
    """
    joined: dict[int, str] = {}
    for position, (line, following) in enumerate(pairwise(lines)):
        if _BULLET.match(following):  # 关于…的通知 / 一、总体情况 is a title and a heading
            continue
        if len(line) + len(following) > _LINE or _SENTENCE.search(line) or not may_be_title(line + following):
            continue
        first, both = read_title(line), read_title(line + following)
        completes = both.is_report and not first.is_report and (both.organ is None or _is_organ(both.organ))
        refuses = first.is_report and not both.is_report and both.kind is not None and len(following) <= 20
        if refuses:
            joined.pop(position - 1, None)
        if completes or refuses:
            joined[position] = line + following
    return joined


def _judge(document: Document, body: Body, candidates: Sequence[_Candidate]) -> str | None:
    """The best title of a report, or None for a report without one. Raises NotAReport for everything else."""
    if evidence.is_blank_form(document, body):
        raise NotAReport("blank_form", "the form itself, without anyone's figures")
    proved = evidence.is_report(body)
    # 政府信息公开年报 without organ and year is the name of a column: it says nothing about the page.
    named = proved or bool(document.links)
    reports = [c for c in candidates if c.title.is_report and (c.title.organ or c.title.year or (c.decides and named))]
    if not evidence.has_form_words(body) and evidence.listed_reports(body) >= _LIST and evidence.chapters(body) < _LIST:
        raise NotAReport("list_page", "a list of reports, not a report")
    said, own = next(((c.title, c.own) for c in candidates if c.decides and c.title.kind), (None, False))
    if said is not None and not said.is_report:
        filled = evidence.has_form_words(body, _LIST) and evidence.has_figures(body)
        overruled = (proved and bool(reports)) or filled
        if not overruled or (own and said.kind in _FINAL):
            raise NotAReport(said.kind or "no_report_content", f"the title says: {said.text[:60]}")
    if not proved and evidence.is_listing(body):
        raise NotAReport("list_page", "a list of pages, not a report")
    if not reports and (kind := evidence.other_kind(body)):
        raise NotAReport(kind, "so the opening of the text says")
    if reports and not proved and not any(c.here for c in reports) and _says_other(document, body):
        raise NotAReport("no_report_content", "only its list calls it a report: it says nothing that stands in one")
    if reports and not proved and all(c.title.kind == "statistics" for c in reports) and _has_no_table(document, body):
        raise NotAReport("no_report_content", "it is called a table of statistics, and there is none")
    if reports:
        whole = [candidate for candidate in reports if candidate.title.kind != "cut"] or reports
        return max(whole, key=_says).text
    if not proved:
        raise NotAReport("no_report_content", "neither the title nor the text is that of an annual report")
    return None


def _says_other(document: Document, body: Body) -> bool:
    """Whether a page has enough text to show that it is no report: 系统繁忙, or a front page in an article's place."""
    return (
        len(body.folded) >= _TELLING
        and not any(document.pictures())
        and not document.ocr
        and not evidence.speaks_of_it(body)
    )


def _has_no_table(document: Document, body: Body) -> bool:
    """Whether nothing of a form stands on a page with text of its own, and no file or picture of it hangs on the page."""
    shown = document.links or any(document.pictures()) or document.ocr
    return len(body.folded) >= _TELLING and not shown and not evidence.has_form_words(body)


def _says(candidate: _Candidate) -> tuple[int, bool]:
    """How much of organ and year, and is it bare: without 名称 or 附件 in front."""
    title = candidate.title
    return (title.organ is not None) + (title.year is not None), len(title.text) == len(tidy(candidate.text))


# --- year -----------------------------------------------------------------------------------------------------


def _year(document: Document, source: Source, body: Body, titles: Sequence[Title]) -> tuple[int, str]:
    """From the title, the statistic period, the opening, or the day of publication (January to June: last year)."""
    named = next((title.year for title in titles if title.year in _YEARS), None)
    if named is not None:
        return named, "title"
    for witness, origin in ((evidence.year_of_period, "period"), (evidence.year_of_text, "text")):
        found = witness(body)
        if found is not None and found in _YEARS:
            return found, origin
    block = page_block(document, source)
    for day in (block.published_on, source.published, block.written_on, day_of_address(source.url)):
        if day is not None and day.month <= 6:
            return day.year - 1, "publication"
    usual = evidence.usual_year(body)
    if usual is not None:
        return usual, "text"
    raise Unreadable("year_unknown", "no year in the title, the period or the opening; give the day of publication")


# --- organ ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    raw: str
    """As it stood on the page."""
    witness: str
    """title, list, page, text or portal: who says so."""


def _organ_name(document: Document, source: Source, body: Body, titles: Sequence[Title]) -> _Named | None:
    """The organ's whole name, from the best witness: the title, the list, a title quoted in the opening, the
    publisher, the breadcrumb, the body, the portal."""
    listed = [source.organ] if source.organ else []
    publishers = [v for label, v in document.pairs if canonical(label) == "publisher" and not is_empty(v)]
    site = [value for name, value in document.meta if name.lower() in ("contentsource", "sitename")]

    def witnesses() -> Iterator[tuple[str, str]]:
        """Asked one after another: nearly always the title says it."""
        yield from ((title.organ, "title") for title in titles if title.organ)
        yield from ((organ, "list") for organ in listed)
        yield from ((name, "text") for name in declared(body))
        crumbs = [crumb for crumb in reversed(document.outline) if _is_organ(crumb)][:1]
        yield from ((name, "page") for name in (*publishers, *crumbs))

    for raw, witness in witnesses():
        name = mend(raw)
        if len(name) >= 2 and (witness in ("title", "list") or _is_organ(name)):
            told = organ_names(body) if is_relative(name) else []
            wholes = (*listed, *publishers, *site, *told)
            return _Named(complete(name, source.portal, wholes), raw, witness)
    from_body = organ_names(body)
    if from_body:
        return _Named(complete(from_body[0], source.portal, from_body), from_body[0], "text")
    if source.portal and source.portal.organ:
        return _Named(mend(source.portal.organ), source.portal.organ, "portal")
    return None


def _organs_named(candidates: Sequence[_Candidate]) -> Iterator[str]:
    named = (c.title.organ for c in candidates if c.here and c.title.is_report and c.title.organ)
    return (name for name in named if _is_organ(name) and not RELATIVE.match(name))


def _is_another(name: str, other: str) -> bool:
    """Is the one no short form of the other: 区城管局 of 西秀区城市管理局?"""
    short, whole = sorted((mend(name), mend(other)), key=len)
    characters = iter(whole)
    return not all(character in characters for character in short)


def _nameless(source: Source) -> Organ:
    """A report that nobody signs keeps its figures; its id is that of its bytes, so that no two fall together."""
    return Organ(id=f"unknown-{source.sha256[:12]}", name="", name_raw="")


def _area(named: _Named, scope: Scope) -> str:
    """A whole area's report that its office compiles is the government's own."""
    if scope is Scope.CONSOLIDATED and named.witness == "text":
        return full_name(_OFFICE_OF_GOVERNMENT.sub("", named.name))
    return named.name


def _is_organ(name: str) -> bool:
    bare = simplify("".join(name.split()))
    return 3 <= len(bare) <= 40 and bool(_ENDS_AS_ORGAN.search(bare)) and "公开" not in bare


def _scope(raw: str, remark: str, body: Body, joined: Sequence[str]) -> Scope:
    """own, consolidated (a whole area: 上海市, 全市各级行政机关) or joint (several organs in one report: `joined`).

    `remark`: what the name says in brackets of what the report covers.
    """
    if joined or _TWO_NAMES.search(raw) or joint.says_so(body.opening[:_OPENING]):
        return Scope.JOINT
    if remark.endswith("本级"):
        return Scope.OWN
    if remark and (raw.endswith("政府") or not remark.startswith("含")):
        return Scope.CONSOLIDATED
    if (
        _OF_DEPARTMENTS.search(raw)
        or _AREA.fullmatch(raw)
        or _TWO_AREAS.fullmatch(raw)
        or _OF_MANY.search(body.opening)
        or _OF_ALL.search(body.opening)
    ):
        return Scope.CONSOLIDATED
    return Scope.OWN
