"""Returns of different senders that are too much alike: rules D03 and D04."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from gwxl.batch.peers import compare_sites
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from tests.support.batches import receipt, report_form, site

CODELESS: dict[str, Any] = {"site_code": None}


def unit(built: Receipt, name: str) -> Receipt:
    """Return a return of a unit."""
    assert built.submission is not None
    return replace(built, submission=replace(built.submission, surround={"reporting_unit": name}))


def find_others(receipts: Sequence[Receipt]) -> dict[str, list[tuple[str, str, str]]]:
    """Return file → rule, key and the others named, of each return that is doubted."""
    compared = compare_sites(report_form(), receipts)
    assert [one.source for one in compared] == [one.source for one in receipts]
    return {
        one.source.file: [(f.id, str(f.key), f.arguments["others"]) for f in one.findings]
        for one in compared
        if one.findings
    }


def test_one_address_under_two_codes() -> None:
    """Both returns name the other one with its code; scheme, case and a slash at the end make no other address."""
    pair = [
        receipt(1, {"site_url": "http://www.example.gov.cn"}, file="a.xlsx"),
        receipt(2, {"site_url": "HTTPS://WWW.example.gov.cn/"}, file="b.xlsx"),
    ]
    assert find_others([*pair, receipt(3)]) == {
        "a.xlsx": [("D03", "site_url", f"b.xlsx（{site(2)}）")],
        "b.xlsx": [("D03", "site_url", f"a.xlsx（{site(1)}）")],
    }


def test_only_what_counts_is_compared() -> None:
    """A held or superseded return is neither doubted nor named."""
    same = {"site_name": "门户"}
    held = replace(receipt(2, same), status=Status.HELD)
    assert find_others([receipt(1, same), held, replace(receipt(3, same), status=Status.SUPERSEDED)]) == {}


@pytest.mark.parametrize("count", [9, 10, 40])
def test_eight_others_are_named_and_all_are_counted(count: int) -> None:
    """However many bear a name, a message names eight others and says how many there are."""
    found = find_others([receipt(number, {"site_name": "门户"}, file=f"{number:02}.xlsx") for number in range(count)])
    assert len(found) == count
    more = f"等 {count - 1} 份" if count > 9 else ""
    first = "、".join(f"{number:02}.xlsx（{site(number)}）" for number in range(1, 9))
    assert found["00.xlsx"] == [("D03", "site_name", first + more)]
    last = "、".join(f"{number:02}.xlsx（{site(number)}）" for number in range(8))
    assert found[f"{count - 1:02}.xlsx"] == [("D03", "site_name", last + more)]


def test_without_a_code_the_unit_tells_them_apart() -> None:
    """One name in two units is no double return; a return that names no unit may be of any of them."""
    same = {**CODELESS, "site_name": "门户"}
    one, two, two_again, unknown = (receipt(number, same, file=f"{number}.xlsx") for number in (1, 2, 3, 4))
    group = [unit(one, "甲局"), unit(two, "乙局"), unit(two_again, "乙 局"), unit(unknown, "")]
    assert find_others(group) == {
        "1.xlsx": [("D04", "site_name", "4.xlsx")],
        "2.xlsx": [("D04", "site_name", "3.xlsx、4.xlsx")],
        "3.xlsx": [("D04", "site_name", "2.xlsx、4.xlsx")],
        "4.xlsx": [("D04", "site_name", "1.xlsx、2.xlsx、3.xlsx")],
    }
    assert find_others(group[:2]) == {}


def test_without_a_code_eight_are_named_too() -> None:
    """The count is of all others of the name, of those in its unit and in none."""
    group = [receipt(number, {**CODELESS, "site_name": "门户"}, file=f"{number:02}.xlsx") for number in range(30)]
    group = [unit(one, ("甲局", "乙局", "")[place % 3]) for place, one in enumerate(group)]
    found = {file: words for file, [(_, _, words)] in find_others(group).items()}
    assert found["00.xlsx"].endswith("、21.xlsx、24.xlsx等 19 份")
    assert found["02.xlsx"].endswith("、07.xlsx、08.xlsx等 29 份")
    assert {words.count("、") for words in found.values()} == {7}


def test_with_a_code_and_without() -> None:
    """A return without a code is compared with one that has one by D03, with its like by D04."""
    coded, *codeless = (
        receipt(n, {"site_name": "门户", **(CODELESS if n else {})}, file=f"{n}.xlsx") for n in range(3)
    )
    assert find_others([coded, *codeless]) == {
        "0.xlsx": [("D03", "site_name", "1.xlsx、2.xlsx")],
        "1.xlsx": [("D03", "site_name", f"0.xlsx（{site(0)}）"), ("D04", "site_name", "2.xlsx")],
        "2.xlsx": [("D03", "site_name", f"0.xlsx（{site(0)}）"), ("D04", "site_name", "1.xlsx")],
    }


def test_what_is_said_grows_as_the_returns_do() -> None:
    """Twice as many returns of one name make twice as much text, not four times."""
    said = []
    for count in (200, 400):
        found = find_others([receipt(number, {"site_name": "门户"}) for number in range(1000, 1000 + count)])
        said.append(sum(len(words) for told in found.values() for _, _, words in told))
    assert said[1] == 2 * said[0]
