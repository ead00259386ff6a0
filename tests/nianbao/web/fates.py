"""What may become of a task in the workshop's process. Imports nothing: the process starts anew for each."""

from __future__ import annotations

import os


def dies() -> bytes:
    os._exit(9)


def lives(word: str) -> bytes:
    return word.encode()


def refuses() -> bytes:
    raise ValueError("damaged")
