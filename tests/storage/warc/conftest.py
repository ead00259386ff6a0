"""The same house of reports as for reruns."""

from tests.storage.rerun.conftest import house

__all__ = ["house"]
