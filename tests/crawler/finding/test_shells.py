"""What a shell's script asks, told from the address of the page: only after two have shown it, and never against one."""

from __future__ import annotations

from dataclasses import replace

from crawler.finding.shells import Shells
from crawler.vendors.vendor import FORM, Ask

PLACE = "http://www.x.gov.cn"
DETAIL = f"{PLACE}/EWB-FRONT/rest/getGovInfoDetail"


def page(guid: str, category: str = "003005") -> str:
    return f"{PLACE}/govxxgk/showinfo.html?infoGuid={guid}&categorynum={category}"


def posts(guid: str) -> Ask:
    return Ask(DETAIL, "POST", f'params={{"infoid":"{guid}"}}', FORM, what="detail")


def test_the_first_shell_shows_the_rule_and_the_second_confirms_it() -> None:
    shells = Shells()
    assert shells.ask(page("77a")) is None
    shells.learn(page("77a"), posts("77a"))
    assert shells.ask(page("77b")) is None
    shells.learn(page("77b"), posts("77b"))
    assert shells.ask(page("9-f")) == posts("9-f")
    assert shells.ask(f"{PLACE}/govxxgk/033/2024-01-15/9-f.html") is None, "an address of another shape"
    assert shells.ask(page("9-f").replace("www", "xxgk")) is None, "another host"


def test_the_same_shell_twice_confirms_nothing() -> None:
    shells = Shells()
    shells.learn(page("77a"), posts("77a"))
    shells.learn(page("77a"), posts("77a"))
    assert shells.ask(page("77b")) is None


def test_a_folder_and_a_name_are_told_apart_from_the_date_beside_them() -> None:
    shells = Shells()
    for day, name in (("2024-01-15", "i1-ab"), ("2023-02-01", "i2-ab")):
        shells.learn(f"{PLACE}/art/{day}/{name}.html", Ask(f"{PLACE}/data/{name}.json", what="detail"))
    asked = shells.ask(f"{PLACE}/art/2022-11-30/i3-cd.html")
    assert asked == Ask(f"{PLACE}/data/i3-cd.json", what="detail")


def test_what_the_question_names_as_well_may_not_be_another() -> None:
    """Two organs, each asked by its code: the rule of one says nothing of the other."""
    shells = Shells()
    for guid in ("a1", "a2"):
        shells.learn(f"{PLACE}/033/show.html?id={guid}", Ask(f"{PLACE}/get?dept=033&id={guid}", what="detail"))
    assert shells.ask(f"{PLACE}/033/show.html?id=a3") == Ask(f"{PLACE}/get?dept=033&id=a3", what="detail")
    assert shells.ask(f"{PLACE}/034/show.html?id=a3") is None


def test_a_number_that_happens_to_stand_in_the_question_is_no_rule() -> None:
    """The first shell's category is its site's number as well; the second one shows that it is not what is asked for."""
    shells = Shells()
    for guid, category in (("a1", "7"), ("a2", "8"), ("a3", "9")):
        body = f"site=7&id={guid}"
        shells.learn(page(guid, category), replace(posts(guid), body=body))
    asked = shells.ask(page("a4", "7"))
    assert asked is None or asked.body == "site=7&id=a4"
    assert (found := shells.ask(page("a4", "6"))) is None or found.body == "site=7&id=a4"


def test_a_page_that_says_otherwise_ends_the_rule() -> None:
    shells = Shells()
    for guid in ("a1", "a2"):
        shells.learn(page(guid), posts(guid))
    shells.learn(page("a3"), posts("of another table"))
    assert shells.ask(page("a4")) is None


def test_a_rule_that_led_to_nothing_is_confirmed_anew() -> None:
    shells = Shells()
    for guid in ("a1", "a2"):
        shells.learn(page(guid), posts(guid))
    shells.doubt(page("a3"))
    assert shells.ask(page("a4")) is None
    shells.learn(page("a3"), posts("a3"))
    assert shells.ask(page("a4")) is None
    shells.learn(page("a4"), posts("a4"))
    assert shells.ask(page("a5")) == posts("a5")
