"""Writing a correction down: one more entry in `config/corrections/<organ id>.yaml`, as a person would add it.

The file is proven whole by the reader of all corrections before it takes the old one's place; what it refuses changes
nothing. A correction holds from the next rerun on.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock

from parsers.errors import TemplateError
from parsers.template import config_directory
from storage.corrections.files import load_corrections
from storage.corrections.overlay import undo
from storage.errors import StorageError

_WAIT_SECONDS = 10
_LONGEST = 500


class BadCorrection(StorageError, ValueError):
    """A correction that cannot be written down; the text says why."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants put right."""

    path: str
    """Dotted, below `figures`."""
    correct: int | float | None
    """None: the figure is wrong and nobody knows the right one."""
    by: str
    why: str
    source: str
    """The evidence."""


def write_correction(report: Mapping[str, Any], wish: Wish, on: date, folder: Path | None = None) -> Path:
    """Add the wish to the file of the report's organ, made for what the report's source says now; returns the file.

    Raises BadCorrection for a figure that no form has, one that was put right before, words that are missing or too long.
    """
    place = folder or config_directory() / "corrections"
    organ, _, rest = str(report["_id"]).partition("/")
    for name in ("by", "why", "source"):
        if not 0 < len(getattr(wish, name).strip()) <= _LONGEST:
            raise BadCorrection(f"{name!r} must say something, in at most {_LONGEST} characters")
    entry = {
        "report": rest,
        "figure": wish.path,
        "source_says": _number(undo(report)["figures"], wish.path),
        "correct": wish.correct,
        "by": _one_line(wish.by),
        "date": on.isoformat(),
        "why": _one_line(wish.why),
        "source": _one_line(wish.source),
    }
    lines = [f"{'  - ' if name == 'report' else '    '}{name}: {_yaml(value)}\n" for name, value in entry.items()]
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{organ}.yaml"
    with FileLock(place / ".lock", timeout=_WAIT_SECONDS):
        before = path.read_text(encoding="utf-8") if path.exists() else f"organ: {_yaml(organ)}\ncorrections:\n"
        _put(path, before.rstrip("\n") + "\n" + "".join(lines))
    return path


def _put(path: Path, text: str) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as folder:
        for other in path.parent.glob("*.yaml"):  # what is put right elsewhere may speak against it
            if other.name != path.name:
                (Path(folder) / other.name).symlink_to(other.resolve())
        new = Path(folder) / path.name
        new.write_text(text, encoding="utf-8")
        try:
            load_corrections(Path(folder))
        except TemplateError as error:  # its file and line are those of the draft
            told = str(error).removeprefix("bad_config: ")
            raise BadCorrection(re.sub(r"\s*\(?\S*\.yaml:\d+\)?:?\s*", "", told)) from None
        new.replace(path)


def _number(figures: Mapping[str, Any], path: str) -> int | float | None:
    node: Any = figures
    for key in path.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, (int, float)) else None


def _one_line(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()


def _yaml(value: object) -> str:
    """JSON's scalars are YAML's."""
    return json.dumps(value, ensure_ascii=False)
