"""检索: the list of reports with facets, and its .json and .csv twins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from nianbao.web import words
from nianbao.web.archive import WebArchive
from nianbao.web.page import render
from nianbao.web.question import PAGE, SORTS, Question
from nianbao.web.shelf import FACETS
from nianbao.web.tables import COLUMNS, csv_answer, flat

router = APIRouter()
SHOWN = ("province", "level", "year", "template", "trust", "flag")
"""The facets beside the list, in this order."""
FOLDED = 8
"""Values of a facet that are shown before "more"."""
CONDITIONS = (
    ("requests.received_new.total>=100", "新收申请不少于100件", "100 requests or more"),
    (
        "requests.results.denied.process_information.total>0",
        "以过程性信息为由不予公开",
        "refused as process information",
    ),
    ("requests.carried_forward.total>0", "有结转下年度的申请", "requests carried forward"),
    ("reconsideration.corrected>0", "行政复议有纠正", "corrected on reconsideration"),
    ("litigation_direct.total>0", "有行政诉讼", "taken to court"),
    ("statistics.fees.request_fees_wan_yuan>0", "收取过费用（2018年以前）", "fees charged (until 2018)"),
)
"""What the field for a condition offers."""
_Values = Annotated[list[str], Query(max_length=60)]


def asked(
    q: Annotated[str, Query(max_length=300, description="Words of the title, the organ's name or the text.")] = "",
    province: _Values = [],  # noqa: B006
    level: _Values = [],  # noqa: B006
    year: _Values = [],  # noqa: B006
    template: _Values = [],  # noqa: B006
    trust: _Values = [],  # noqa: B006
    scope: _Values = [],  # noqa: B006
    flag: _Values = [],  # noqa: B006
    portal: _Values = [],  # noqa: B006
    organ: Annotated[str, Query(max_length=120, description="An organ's id.")] = "",
    sort: Annotated[str, Query(description=f"One of {', '.join(SORTS)}.")] = "year",
    where: Annotated[
        str, Query(max_length=1000, description="Conditions on figures: requests.received_new.total>100 and …")
    ] = "",
) -> Question:
    """The parameters of a list as a question. Empty values (a form's open choice) do not matter."""
    given = {
        "province": province,
        "level": level,
        "year": year,
        "template": template,
        "trust": trust,
        "scope": scope,
        "flag": flag,
        "portal": portal,
    }
    facets = {name: tuple(filter(None, values)) for name, values in given.items()}
    return Question(q, {name: values for name, values in facets.items() if values}, organ, sort, where.strip())


Asked = Annotated[Question, Depends(asked)]
Cursor = Annotated[str, Query(max_length=400, description="`next` of the page before.")]


def parameters(question: Question, **change: Any) -> dict[str, Any]:
    """The question as the parameters of an address, some of them changed."""
    found: dict[str, Any] = {"q": question.q, **question.facets, "organ": question.organ, "where": question.where}
    found["sort"] = "" if question.sort == "year" else question.sort
    return {**found, **change}


def toggled(question: Question, facet: str, value: str) -> dict[str, Any]:
    """The question with one value of a facet chosen, or let go where it was."""
    now = question.facets.get(facet, ())
    return parameters(question, **{facet: tuple(v for v in now if v != value) if value in now else (*now, value)})


def choices(question: Question, counts: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """What stands beside the list: each facet with its values, counts and links, the chosen ones first."""
    found = []
    for name in SHOWN:
        chosen = question.facets.get(name, ())
        known = {**dict.fromkeys(chosen, 0), **counts[name]}
        by_count = name not in ("year", "trust")
        values = sorted(known, key=lambda value: (-known[value], value)) if by_count else sorted(known, reverse=True)
        values.sort(key=lambda value: value not in chosen)
        options = [
            {
                "value": value,
                "count": known[value],
                "chosen": value in chosen,
                "words": words.of(name, value),
                "link": toggled(question, name, value),
            }
            for value in values
        ]
        if options:
            found.append({"name": name, "words": words.FACETS[name], "options": options, "folded": FOLDED})
    return found


@router.get("/reports", include_in_schema=False)
def search(request: Request, question: Asked, cursor: Cursor = "") -> Response:
    archive: WebArchive = request.app.state.archive
    answer = archive.ask(question, size=PAGE, cursor=cursor)
    return render(
        request,
        "search.html",
        question=question,
        answer=answer,
        facets=choices(question, answer.counts),
        sorts=SORTS,
        parameters=parameters,
        toggled=toggled,
        cursor=cursor,
        facet_words=words.FACETS,
        chosen=[(name, value) for name in FACETS for value in question.facets.get(name, ())],
        reads_text=archive.reads_text,
        conditions=CONDITIONS,
        snippets=archive.snippets([row.id for row in answer.rows], question.q),
    )


@router.get("/reports.csv", include_in_schema=False)
def search_csv(request: Request, question: Asked) -> Response:
    """The whole answer, not a page of it."""
    archive: WebArchive = request.app.state.archive
    rows = archive.ask(question, size=len(archive.shelf) + 1).rows
    return csv_answer(request, "reports", COLUMNS, map(flat, rows))
