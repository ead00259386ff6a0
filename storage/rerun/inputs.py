"""Everything that a reading depends on besides the archive, as one digest: configuration and parser code."""

from __future__ import annotations

import hashlib
from pathlib import Path

import parsers
from parsers.template import config_directory

_CONFIG = (".yaml", ".csv")


def digest() -> str:
    """Changes with any file of `config/` or `parsers/` that may change a reading, whatever their versions say."""
    code = Path(parsers.__file__).parent
    found = hashlib.sha256()
    for folder, endings in ((config_directory(), _CONFIG), (code, (".py",))):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in endings):
            found.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
