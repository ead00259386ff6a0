"""Lists as data: the document of a row, and the .csv twin of every list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from nianbao.ui.console import plain
from nianbao.web.page import with_etag
from nianbao.web.shelf import Row
from storage.base import Doc
from storage.export.columns import dig
from storage.export.writers.guard import guarded

COLUMNS = (
    "id",
    "organ.id",
    "organ.name",
    "organ.level",
    "organ.province",
    "organ.city",
    "organ.county",
    "organ.region_code",
    "report_year",
    "scope",
    "title",
    "template.id",
    "trust",
    "flags",
    "checks.failed",
    "checks.passed",
    "requests_received",
    "requests_granted",
    "published_on",
    "fetched_at",
    "portal",
    "url",
    "media_type",
    "revision",
)
"""What a list knows of a report without asking the database, by its dotted name."""


def row_document(row: Row) -> Doc:
    """A row under the names of the report itself where it has them."""
    return {
        "id": row.id,
        "organ": {
            "id": row.organ_id,
            "name": row.organ_name,
            "level": row.organ_level,
            "province": row.organ_province,
            "city": row.organ_city,
            "county": row.organ_county,
            "region_code": row.organ_region_code,
        },
        "report_year": row.report_year,
        "scope": row.scope,
        "title": row.title,
        "template": {"id": row.template},
        "trust": row.trust,
        "flags": list(row.flags),
        "checks": {"failed": row.checks_failed, "passed": row.checks_passed},
        "requests_received": row.received,
        "requests_granted": row.granted,
        "published_on": row.published_on,
        "fetched_at": row.fetched_at,
        "portal": row.portal,
        "url": row.url,
        "media_type": row.media_type,
        "revision": row.revision,
    }


def chosen_fields(document: Mapping[str, Any], fields: Sequence[str]) -> Doc:
    """`document` with the dotted `fields` alone, nested as before; its `id` stays."""
    kept: Doc = {"id": document["id"]} if "id" in document else {}
    for field in fields:
        *parents, leaf = field.split(".")
        value = dig(dict(document), field)
        node = kept
        for parent in parents:
            inner = node.setdefault(parent, {})
            node = inner if isinstance(inner, dict) else {}
        node[leaf] = value
    return kept


def flat(row: Row) -> list[object]:
    """The row's values in the order of COLUMNS."""
    document = row_document(row)
    return [dig(document, name) for name in COLUMNS]


def csv_answer(request: Request, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A list as CSV: UTF-8 with a mark that Excel knows, and nothing that a spreadsheet would run."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_value(value) for value in row] for row in rows)
    body = ("\ufeff" + text.getvalue()).encode("utf-8", "replace")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return with_etag(request, body, "text/csv; charset=utf-8", headers=headers)


def _value(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return guarded("; ".join(map(str, value)))
    value = plain(value)
    return guarded(value) if isinstance(value, str) else value
