"""Where the sample portal is served: at one address a home, whoever else serves one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nianbao import serving
from nianbao.sample import SamplePortal


@pytest.fixture
def neighbour(monkeypatch: pytest.MonkeyPatch) -> Iterator[SamplePortal]:
    """Somebody else's sample portal at the usual port."""
    portal = SamplePortal(0)
    with portal:
        monkeypatch.setattr(serving, "PORT", portal.port)
        yield portal


def test_a_new_home_does_not_lean_on_somebody_elses_portal(neighbour: SamplePortal, tmp_path: Path) -> None:
    with serving.sample_portal(tmp_path) as first:
        assert first != neighbour.url
    with serving.sample_portal(tmp_path) as second:
        assert second == first


def test_a_home_that_knows_an_address_keeps_to_it(neighbour: SamplePortal, tmp_path: Path) -> None:
    remembered = tmp_path / "run" / "sample.port"
    remembered.parent.mkdir()
    remembered.write_text(f"{neighbour.port}\n", encoding="ascii")
    with serving.sample_portal(tmp_path) as address:
        assert address == neighbour.url


@pytest.mark.parametrize("said", ["", "no port\n", "99999\n"])
def test_an_unreadable_note_is_written_anew(neighbour: SamplePortal, tmp_path: Path, said: str) -> None:
    remembered = tmp_path / "run" / "sample.port"
    remembered.parent.mkdir()
    remembered.write_text(said, encoding="ascii")
    with serving.sample_portal(tmp_path) as address:
        assert remembered.read_text(encoding="ascii") == f"{address.split(':')[2].strip('/')}\n"
