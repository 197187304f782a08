"""Reading through others who are asked by an exception: the page in a browser, without the browser."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gwxl import Terms, check, merge
from gwxl.browser import Desk, work
from gwxl.documents.checked import check_document
from gwxl.documents.merged import merge_document
from gwxl.documents.writing import write_document
from gwxl.engines.engine import use_engine
from gwxl.engines.in_process import run as run_here
from gwxl.engines.relayed import AskedError, Relay
from gwxl.errors import RefusedError
from tests.support.inboxes import FORM
from tests.support.sources import ROOT

SAMPLES = ("01", "12", "18", "21", "27", "29", "42", "44")
TODAY = "2027-01-20"


@pytest.fixture
def desk_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with some of the samples, a zip and two of one code among them, in which the desk works."""
    (tmp_path / "inbox").mkdir()
    for file in (ROOT / "samples" / "inbox").iterdir():
        if file.name.startswith(SAMPLES):
            shutil.copy(file, tmp_path / "inbox")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ask(desk: Desk, verb: str, *, lost: Mapping[str, str] | None = None, **more: object) -> Any:
    """Return what a request gives, others reading for it; lost are names of files that cost their reader, and why."""
    functions: dict[int, bytes] = {}
    request = json.dumps({"do": verb, "today": TODAY, "inbox": "inbox", **more})
    while "asked" in (told := json.loads(desk.answer(request))):
        for place, number in told["asked"]:
            item = desk.item(number)
            why = next((why for name, why in (lost or {}).items() if name.encode() in item), "")
            if why:
                desk.lose(number, why, 60)
            else:
                desk.take(number, work(functions.setdefault(place, desk.function(place)), item))
    return told


def terms() -> Terms:
    """Return what the desk goes by."""
    return Terms(today=date.fromisoformat(TODAY))


def test_a_merge_is_the_same(desk_folder: Path) -> None:
    """What others read in any order gives the document, and the files, that reading here gives."""
    told = ask(Desk(), "merge")["done"]
    summary = Path(told["document"]["summary"]).read_bytes()
    for name in ("summary", "decisions"):
        Path(told["document"][name]).unlink()
    merged = merge(replace(terms(), named=FORM), Path("inbox"))
    assert told["document"] == json.loads(write_document(merge_document(merged)))
    assert told["states"] == [one.state for one in merged.batch.receipts]
    assert told["codes"][0] == "0000000001"
    assert summary == merged.summary.read_bytes()
    assert desk_folder.joinpath(merged.summary).is_file()


@pytest.mark.usefixtures("desk_folder")
def test_nothing_is_asked_twice() -> None:
    """A second merge and what goes back are made of the answers that are there."""
    desk = Desk()
    ask(desk, "merge")
    request = json.dumps({"do": "merge", "today": TODAY, "inbox": "inbox"})
    assert len(json.loads(desk.answer(request))["asked"]) == 1  # the decisions, which were written meanwhile
    again = ask(desk, "merge")
    assert [*json.loads(desk.answer(request))] == ["done"]
    back = ask(desk, "return", summary=again["done"]["document"]["summary"], folder="退回")["done"]
    assert [Path(one["workbook"]).is_file() for one in back["files"] if one["workbook"]] == [True] * 5
    packed = ask(desk, "pack", paths=["退回"], target="back.zip")["done"]
    assert Path("back.zip").stat().st_size == packed["size"]


@pytest.mark.usefixtures("desk_folder")
def test_a_lost_file_is_named() -> None:
    """A file that costs its reader is refused for that, and no other is."""
    told = ask(Desk(), "merge", lost={"12-": "too_slow", "18-": "reader_died"})["done"]["document"]
    found = {one["file"][:2]: [finding["id"] for finding in one["findings"]] for one in told["files"]}
    assert (found["12"], found["18"]) == (["too_slow"], ["reader_died"])
    assert told["counts"]["received"] == 10


@pytest.mark.usefixtures("desk_folder")
def test_a_decision_on_the_page_is_one_in_the_file() -> None:
    """What is answered on the page stands in the decisions workbook, and the next merge goes by it."""
    desk = Desk()
    told = ask(desk, "merge")["done"]
    place = next(place for place, one in enumerate(told["document"]["cases"]) if one["rule"] == "B13")
    word = next(one["word"] for one in told["words"][place] if one["word"] == "已核实")
    case = told["document"]["cases"][place]
    answers = [{"case": case, "decision": word, "reason": "电话核实", "who": "某某"}]
    assert ask(desk, "decide", answers=answers)["done"] == {"written": 1}
    (case,) = (one for one in ask(desk, "merge")["done"]["document"]["cases"] if one["rule"] == "B13")
    assert (case["rule"], case["verb"], case["state"], case["reason"]) == ("B13", "settle", "decided", "电话核实")


@pytest.mark.usefixtures("desk_folder")
def test_a_check_reads_by_itself() -> None:
    """What is told of one file is the document of a check, with the answers in the words of the form beside it."""
    name = next(file.name for file in Path("inbox").iterdir() if file.name.startswith("18"))
    told = json.loads(
        Desk().answer_alone(json.dumps({"do": "check", "files": [name], "below": "inbox", "today": TODAY}))
    )
    receipts = check(terms(), [Path("inbox", name)])
    expected = json.loads(write_document(check_document(terms(), receipts)))
    expected["files"][0]["file"] = name
    assert told["done"]["document"] == expected
    lines = [line for part in told["done"]["read"][0]["parts"] for block in part["blocks"] for line in block["lines"]]
    assert next(line["answer"]["text"] for line in lines if line["key"] == "site_page_views") == "1,260,554"


def test_an_error_is_told_in_both_languages(tmp_path: Path) -> None:
    """A form folder that cannot be used is no crash."""
    told = json.loads(Desk().answer(json.dumps({"do": "forms", "form": str(tmp_path / "no"), "today": TODAY})))
    assert sorted(told["failed"]) == ["en", "zh"]


def test_what_is_not_sent_in_runs_here() -> None:
    """Only what somebody sent in is given to others; and what they find too large is refused."""

    def refuse(item: str, refusal: RefusedError) -> str:
        return f"{item} {refusal.reason}"

    relay = Relay(lambda item: item == "sent in")
    with use_engine(relay):
        assert (
            list(relay.run(str.upper, ["ours"], refuse)) == list(run_here(str.upper, ["ours"], refuse)) == [("OURS",)]
        )
        with pytest.raises(AskedError) as asked:
            list(relay.run(_take_all_memory, ["sent in"], refuse))
        (job,) = asked.value.jobs
        relay.answer(job.number, work(relay.function(job.function), job.item))
        assert list(relay.run(_take_all_memory, ["sent in"], refuse)) == [("sent in too_hungry",)]


def _take_all_memory(_item: str) -> str:
    raise MemoryError
