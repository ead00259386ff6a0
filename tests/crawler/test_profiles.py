"""Through which page profile a page was read, and through which it would be today."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.profiles import RegistryProfiles
from parsers.errors import TemplateError

PORTAL = """\
id: rebuilt
organ: 某县人民政府
level: county
region_code: "010203"
profile: {version: 3, body: ["#content"]}
earlier_profiles:
  - {version: 1, body: ["#zoom"], valid_to: "2019-12-31"}
  - {version: 2, body: [".main"], valid_from: "2020-01-01", valid_to: "2024-06-30"}
"""
PLAIN = """\
id: plain
organ: 某县人民政府
level: county
region_code: "010203"
home: http://www.x.gov.cn/
"""


@pytest.fixture
def registry(tmp_path: Path) -> RegistryProfiles:
    (tmp_path / "rebuilt.yaml").write_text(PORTAL, encoding="utf-8")
    (tmp_path / "plain.yaml").write_text(PLAIN, encoding="utf-8")
    return RegistryProfiles(tmp_path)


@pytest.mark.parametrize(
    ("day", "version", "body"),
    [("2015-03-01", 1, "#zoom"), ("2019-12-31", 1, "#zoom"), ("2020-01-01", 2, ".main"), ("2024-07-01", 3, "#content")],
)
def test_a_page_is_read_through_the_profile_of_its_day(
    registry: RegistryProfiles, day: str, version: int, body: str
) -> None:
    context = registry.context("rebuilt", datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    assert context is not None
    assert (context.profile_version, context.body, context.organ) == (version, (body,), "某县人民政府")


def test_the_versions_of_a_portal(registry: RegistryProfiles) -> None:
    assert registry.versions("rebuilt") == {1, 2, 3}
    assert registry.versions("plain") == {0}
    assert registry.versions("gone") == frozenset()
    assert registry.versions("www.x.gov.cn") == registry.versions("127.0.0.1:8765") == {0}


def test_who_was_named_by_an_address_needs_no_file_and_who_had_one_does(registry: RegistryProfiles) -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    host = registry.context("x.gov.cn:8080", now)
    assert host is not None
    assert (host.id, host.profile_version, host.organ) == ("x.gov.cn:8080", 0, None)
    assert registry.context("gone", now) is None


def test_a_wrong_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "rebuilt.yaml").write_text(PORTAL.replace("version: 2", "version: two"), encoding="utf-8")
    with pytest.raises(TemplateError, match=r"rebuilt\.yaml:8: 'version'"):
        RegistryProfiles(tmp_path).versions("rebuilt")
