"""A house of reports for each test, and a configuration that it may change."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.base import Db
from tests.storage.rerun.site import House, edited

Edit = Callable[..., None]


@pytest.fixture
def house(database: Db, tmp_path: Path) -> House:
    return House(database, tmp_path / "home")


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edit:
    """`edit(e2021_v30=("old", "new"))`: from now on the configuration reads like that; further edits add up."""
    numbers = itertools.count()

    def change(**edits: tuple[str, str]) -> None:
        monkeypatch.setenv("NIANBAO_CONFIG", str(edited(tmp_path / f"config{next(numbers)}", edits)))

    return change
