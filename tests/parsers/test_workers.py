"""Workers that hang, eat memory or die harm nobody else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import pytest

from parsers.errors import NotAReport, Unreadable
from parsers.report import Report
from parsers.source import Source
from parsers.workers import ParserPool


def behave(source: Source) -> Report:
    """Runs in the worker: does what the bytes say."""
    order = source.content.decode()
    if order == "hang":
        while True:
            time.sleep(1)
    if order == "spin":
        while True:
            pass
    if order == "die":
        os._exit(3)
    if order == "eat":
        held = [bytes(64 << 20) for _ in range(10_000)]
        return held[0]  # type: ignore[return-value]
    if order == "refuse":
        raise NotAReport("guide", "信息公开指南")
    if order == "garble":
        raise Unreadable("damaged", "the file is cut off")
    if order == "fault":
        raise LookupError("a fault of our own")
    if order == "tell":
        return os.environ.get("NIANBAO_CONFIG"), "pymongo" in sys.modules  # type: ignore[return-value]
    return order  # type: ignore[return-value]


def test_every_way_to_fail_has_a_reason_and_the_pool_goes_on() -> None:
    orders = ["ok", "hang", "die", "eat", "spin", "refuse", "garble", "fault", "ok"]
    with ParserPool(2, memory_mb=300, parse=behave) as pool:
        futures: list[Future[Report]] = []
        for order in orders:
            # Only who never ends runs out of time, however busy the machine is.
            pool._seconds = 2.0 if order in ("hang", "spin") else 120.0
            futures.append(pool.submit(Source(order.encode())))
        outcomes = [future.exception(timeout=240) for future in futures]
        assert futures[0].result() == "ok"
        assert futures[-1].result() == "ok"
    reasons = [(type(error).__name__, getattr(error, "reason", None)) for error in outcomes]
    assert reasons == [
        ("NoneType", None),
        ("Unreadable", "too_slow"),
        ("Unreadable", "crashed"),
        ("Unreadable", "too_large"),
        ("Unreadable", "too_slow"),
        ("NotAReport", "guide"),
        ("Unreadable", "damaged"),
        ("LookupError", None),
        ("NoneType", None),
    ]
    assert outcomes[5] is not None
    assert outcomes[5].detail == "信息公开指南"  # type: ignore[attr-defined]


def test_the_real_parser_runs_in_a_worker() -> None:
    text = (
        "某县财政局2020年政府信息公开工作年度报告\n一、总体情况\n2020年，某县财政局认真贯彻条例，统计期限自2020年1月1日起。\n"
        "二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n全年未收到政府信息公开申请。\n"
    )
    with ParserPool(1) as pool:
        good = pool.submit(Source(text.replace("某县", "东江县").encode()))
        bad = pool.submit(Source("关于召开会议的通知\n请准时参加。\n".encode()))
        assert good.result(timeout=240).organ.name == "东江县财政局"
        with pytest.raises(NotAReport):
            bad.result(timeout=240)


_THREE_POOLS = """
import json, os
from parsers.source import Source
from parsers.workers import ParserPool
from tests.parsers.test_workers import behave

told = []
for config, fresh in (("/first", False), ("/second", False), ("/third", True)):
    os.environ["NIANBAO_CONFIG"] = config
    with ParserPool(1, parse=behave, fresh=fresh) as pool:
        told.append(pool.submit(Source(b"tell")).result(timeout=240))
print(json.dumps(told))
"""


def test_workers_have_the_environment_of_today_and_no_database_driver() -> None:
    """Though what they are forked from was started under another. In a process of its own: what this one forks from may
    have been loaded for another test."""
    done = subprocess.run(
        [sys.executable, "-c", _THREE_POOLS], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["/first", False], ["/second", False], ["/third", False]]


_KILLED = """
import os, signal
from parsers.source import Source
from parsers.workers import ParserPool
from tests.parsers.test_workers import behave

with ParserPool(1, parse=behave) as pool:
    pool.submit(Source(b"tell")).result(timeout=240)
    print(len(os.listdir(os.environ["TMPDIR"])), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_owner_that_is_killed_leaves_nothing_among_the_temporary_files(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED], env={**os.environ, "TMPDIR": str(tmp_path)}, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        told = owner.stdout.read()  # to its end: the last process that could write there is gone
    assert (told.strip(), list(tmp_path.iterdir())) == ("1" if sys.platform == "linux" else "0", [])


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("object.__new__(s.Lock).__setstate__((1, 1, 1, '/gone'))", ""),
        ("open('/gone')", "No such file or directory: '/gone'"),
    ],
)
def test_a_worker_whose_owner_has_gone_says_nothing_of_its_locks(fault: str, told: str) -> None:
    """As it starts it is given locks by their names, which the owner takes away when it ends."""
    code = f"import parsers.forked_from, multiprocessing.synchronize as s; {fault}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip().endswith(told) and bool(done.stderr) == bool(told)


def test_leaving_with_an_error_does_not_wait_for_the_work() -> None:
    with pytest.raises(KeyError), ParserPool(1, seconds=600, parse=behave) as pool:
        future = pool.submit(Source(b"hang"))
        raise KeyError
    error = future.exception(timeout=240)
    assert isinstance(error, Unreadable)
    assert error.reason == "cancelled"
