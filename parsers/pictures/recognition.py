"""Is character recognition, the extra `ocr`, installed? Asked by whoever must not load a reader for the answer."""

from __future__ import annotations

import importlib.util
from functools import cache

_MODULES = ("rapidocr", "onnxruntime", "cv2")


@cache
def available() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in _MODULES)


def version() -> str | None:
    """Of the package whose models read; None where the extra is not installed."""
    if not available():
        return None
    from importlib.metadata import version as version_of  # which loads half of `email`: a tenth of what a parser loads

    return version_of("rapidocr")
