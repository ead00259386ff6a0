"""Nightly runs and backfills in the test's own process, with a registry and a schedule of their own; their crawl processes
are real ones."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.fleet.crew import Crew
from crawler.nights.backfill import Backfill, backfill
from crawler.nights.campaign import Means
from crawler.nights.nightly import Nightly, nightly
from crawler.nights.schedule import Schedule, load_schedule
from storage.base import Db
from storage.settings import REPOSITORY, Settings, load


class House:
    """One archive, one registry."""

    def __init__(self, db: Db, server_uri: str, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.db = db
        self._config = home / "config"
        (self._config / "portals").mkdir(parents=True)
        for name in ("templates", "units"):
            (self._config / name).symlink_to(REPOSITORY / "config" / name)
        for file in (REPOSITORY / "config").glob("*.yaml"):
            shutil.copy(file, self._config)
        for name, value in {
            "MONGODB_URI": server_uri,
            "NIANBAO_DATABASE": db.name,
            "NIANBAO_HOME": str(home),
            "NIANBAO_CONFIG": str(self._config),
            "NIANBAO_PARSE_WORKERS": "1",
            "NIANBAO_CHROMIUM": str(home / "none"),  # a browser is under test elsewhere
        }.items():
            patch.setenv(name, value)
        self._crew: Crew | None = None
        self.schedule: Schedule = load_schedule(self._config / "schedule.yaml")
        self.told: list[Mapping[str, int]] = []

    @property
    def settings(self) -> Settings:
        return load()

    def portals(self, homes: Mapping[str, str], columns: str = "") -> None:
        """Write the registry: id -> front page. `columns`: the path of the 年报 column that each of them has."""
        entries = "".join(
            f'  - id: {name}\n    organ: 洪泽区人民政府\n    home: "{home}"\n'
            + (f'    columns: [{{url: "{home}{columns}"}}]\n' if columns else "")
            for name, home in sorted(homes.items())
        )
        head = "defaults:\n  level: county\n  region_code: '320813'\n"
        file = self._config / "portals" / "some.yaml"
        file.write_text(f"{head}  politeness: {{delay: 0}}\nportals:\n{entries}", encoding="utf-8")

    @property
    def means(self) -> Means:
        """One crawl process for all runs of a test: each of its own takes seconds to start."""
        if self._crew is None:
            self._crew = Crew(1, slots=4).__enter__()
        return Means(hands=self._crew)

    def close(self) -> None:
        if self._crew is not None:
            self._crew.__exit__(None, None, None)

    def nightly(self, *portals: str, at: datetime | None = None, **given: Any) -> Nightly:
        means = replace(given.pop("means", None) or self.means, tell=lambda tally: self.told.append(tally.counts))
        return nightly(self.settings, self.schedule, portals, means, at=at, **given)

    def backfill(self, years: Sequence[int], *portals: str, **given: Any) -> Backfill:
        return backfill(self.settings, years, portals, given.pop("means", None) or self.means, **given)

    def health(self, portal: str) -> str:
        (state,) = self.db["portals"].find({"_id": portal})
        return str(state["health"])
