"""Real pages beside the checkout, when they are there: tests use them and pass without them."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(os.environ.get("NIANBAO_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def shared(*parts: str) -> Path:
    """A path in the folder of real pages; the test is skipped where it is absent."""
    path = FOLDER.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no real pages here ({'/'.join(parts)})")
    return path


def listed(folder: str, pattern: str) -> list[Path]:
    """Files for `parametrize`: empty where the folder is absent."""
    return sorted(FOLDER.joinpath(folder).glob(pattern))


def scorer() -> Callable[[dict[str, Any], dict[str, Any]], tuple[list[Any], ...]]:
    """The acceptance checks' own `score(gold, parsed)`."""
    spec = importlib.util.spec_from_file_location("score", shared("tools", "score.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    score: Callable[[dict[str, Any], dict[str, Any]], tuple[list[Any], ...]] = module.score
    return score
