"""Where two addresses give different figures a reader is told which, and what each says."""

from __future__ import annotations

from nianbao.ui.disagreements import MOST, in_words


def test_each_figure_with_what_each_address_says() -> None:
    differing = {
        "path": "requests.received_new.total",
        "readings": [{"address": "b", "value": 111}, {"address": "a", "value": 110}, {"address": "c", "value": 0.5}],
    }
    document = {
        "source": {"url": "http://a.gov.cn/"},
        "sources": [{"address": "a", "url": "http://a.gov.cn/"}, {"address": "b", "url": "http://b.gov.cn/"}],
        "disagreements": [differing] * (MOST + 2),
    }
    lines = list(in_words(document))
    assert lines[0] == "requests.received_new.total: 110 here, 111 at http://b.gov.cn/, 0.5 at –"
    assert (len(lines), lines[-1]) == (MOST + 1, "… and 2 more: --json gives them")
    assert list(in_words({"source": {}})) == []
