"""`datapackage.json` against the Data Package standard 2.0 and against the files that it describes.

The rules are those of the standard's published profile (https://datapackage.org/profiles/2.0/datapackage.json, JSON
Schema draft 7), for the properties that we write; the profile itself is not to be had without the network.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from jsonschema import Draft7Validator, FormatChecker

from storage.base import Db
from storage.export.run import Form, export
from storage.query import Filters
from tests.storage.export.made import made, put
from tests.storage.export.reading import read

RECEIVED = "requests.received_new.total"
FORMATS = ("csv", "parquet", "xlsx", "jsonl")
TEXT = {"type": "string"}
NAME = {"type": "string", "pattern": "^[-a-z0-9._/]+$"}
"""Of a resource: version 1 demands it, version 2 recommends it."""
POSIX = {"type": "string", "pattern": r"^(?=[^./~])(?!file:)((?!/\.\./)(?!\\)(?!://).)*$"}
FIELD_TYPES = ["string", "number", "integer", "boolean", "object", "array", "list", "datetime", "date", "time", "year", "yearmonth", "duration", "geopoint", "geojson", "any"]  # fmt: skip
FIELD = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": TEXT,
        "type": {"enum": FIELD_TYPES},
        "title": TEXT,
        "description": TEXT,
        "constraints": {
            "type": "object",
            "properties": {"enum": {"type": "array", "minItems": 1, "uniqueItems": True}},
        },
    },
}
RESOURCE = {
    "type": "object",
    "required": ["name", "path"],
    "properties": {
        "name": NAME,
        "path": POSIX,
        "type": {"enum": ["table"]},
        "title": TEXT,
        "description": TEXT,
        "format": TEXT,
        "mediatype": {"type": "string", "pattern": "^(.+)/(.+)$"},
        "encoding": TEXT,
        "bytes": {"type": "integer"},
        "hash": {"type": "string", "pattern": "^([^:]+:[a-fA-F0-9]+|[a-fA-F0-9]{32}|)$"},
        "dialect": {
            "type": "object",
            "properties": {
                name: {"type": "array", "minItems": 1, "items": {"type": "integer"}}
                for name in ("headerRows", "commentRows")
            },
        },
        "schema": {
            "type": "object",
            "required": ["fields"],
            "properties": {
                "fields": {"type": "array", "minItems": 1, "items": FIELD},
                "missingValues": {"type": "array", "items": TEXT},
                "primaryKey": {"type": "array", "minItems": 1, "items": TEXT},
            },
        },
    },
}
PROFILE: dict[str, Any] = {
    "type": "object",
    "required": ["resources"],
    "properties": {
        "$schema": {"const": "https://datapackage.org/profiles/2.0/datapackage.json"},
        "name": NAME,
        "title": TEXT,
        "description": TEXT,
        "created": {"type": "string", "format": "date-time"},
        "licenses": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "anyOf": [{"required": ["name"]}, {"required": ["path"]}],
                "properties": {"name": {"type": "string", "pattern": "^[-a-zA-Z0-9._]+$"}, "title": TEXT},
            },
        },
        "sources": {"type": "array", "items": {"type": "object", "minProperties": 1, "properties": {"title": TEXT}}},
        "resources": {"type": "array", "minItems": 1, "items": RESOURCE},
    },
}
PANDAS = {"string": "object", "integer": "Int64", "number": "float64", "date": "object"}
ARROW = {"string": "string", "integer": "int32", "number": "double", "date": "date32[day]"}


@pytest.fixture
def folder(database: Db, tmp_path: Path) -> Path:
    """One package of the panel and of all cells in every format, and of whole reports."""
    put(
        database,
        made(1, 2020, "e2019_v60", {RECEIVED: 110, "requests.carried_over.total": None}, title='逗号,"引号"\n换行'),
        made(2, 2021, "e2021_v30", {RECEIVED: 0}, flags=("late",)),
    )
    for form in (Form.PANEL, Form.CELLS):
        for ending in FORMATS:
            export(database, Filters(), tmp_path / f"{form}.{ending}", form, package=True)
    export(database, Filters(), tmp_path / "全部.jsonl", Form.REPORTS, package=True)
    return tmp_path


def resources(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    return found


def test_the_descriptor_keeps_the_standards_rules(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    validator = Draft7Validator(PROFILE, format_checker=FormatChecker())
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(package)] == []
    names = [one["name"] for one in package["resources"]]
    assert len(names) == len(set(names)) == 2 * len(FORMATS) + 1
    broken = {**package, "resources": [{**package["resources"][0], "path": "../secret.csv"}]}
    assert [error.json_path for error in validator.iter_errors(broken)] == ["$.resources[0].path"]


def test_every_resource_is_there_with_its_bytes_and_hash(folder: Path) -> None:
    for one in resources(folder):
        content = (folder / one["path"]).read_bytes()
        # frictionless 5 calls a Parquet file whose bytes are told damaged.
        assert one.get("bytes") == (None if one["format"] == "parquet" else len(content)), one["name"]
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}", one["name"]


@pytest.mark.parametrize("ending", FORMATS)
def test_fields_rows_and_keys_are_those_of_the_file(folder: Path, ending: str) -> None:
    for one in resources(folder):
        if one["format"] == ending and "schema" in one:
            rows = read(folder / one["path"])
            names = [field["name"] for field in one["schema"]["fields"]]
            assert [*rows[0]] == names
            assert one["rows"] == len(rows)
            key = one["schema"]["primaryKey"]
            assert set(key) <= set(names)
            assert len({tuple(row[name] for name in key) for row in rows}) == len(rows)


def test_pandas_reads_the_csv_as_the_types_that_are_told(folder: Path) -> None:
    for one in resources(folder):
        if one["format"] == "csv":
            fields = {field["name"]: field for field in one["schema"]["fields"]}
            types = {name: PANDAS[field["type"]] for name, field in fields.items()}
            frame = pd.read_csv(folder / one["path"], dtype=types, keep_default_na=False, na_values=[""])
            assert [*frame.columns] == [*fields]
            for name, field in fields.items():
                values = frame[name].dropna()
                if field["type"] == "date":
                    assert all(date.fromisoformat(value) for value in values)
                if words := field.get("constraints", {}).get("enum"):
                    assert set(values) <= set(words), name


def test_arrow_has_the_types_that_are_told(folder: Path) -> None:
    for one in resources(folder):
        if one["format"] == "parquet":
            told = {field["name"]: ARROW[field["type"]] for field in one["schema"]["fields"]}
            assert {field.name: str(field.type) for field in pq.read_schema(folder / one["path"])} == told
