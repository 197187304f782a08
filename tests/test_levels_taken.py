"""A summary of the level below is taken in as it was written, or held as a whole and named."""

import json
import lzma
import random
import shutil
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import gwxl.summary.workbook as writing
from gwxl import merging
from gwxl.batch.batch import NO_CORRECTION
from gwxl.batch.corrections import Trust
from gwxl.batch.judging import judge_batch
from gwxl.errors import CodecError, SettingsError
from gwxl.form.signature import CampaignKey
from gwxl.records.codec import encode
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.previous import Previous
from gwxl.records.submission import Answered, Round, Status
from gwxl.summary.levels import level
from gwxl.summary.levels.carrying import pack_receipts
from gwxl.summary.merged import Merged
from gwxl.summary.stored.seal import SEAL, UNSEALED, seal
from gwxl.summary.stored.workbook import open_summary
from gwxl.terms import Terms
from tests.support.batches import mix_batch, receipt, report_form
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, refusal, run, say
from tests.support.draws import seed
from tests.support.drills import TERMS, answers, fill
from tests.support.submissions import FORMS
from tests.support.summaries import open_book

PEOPLE = FormPath("participants")
DICE = random.Random(f"{seed()} levels")
KEY, OTHER = (CampaignKey(secret=DICE.randbytes(40)) for _ in range(2))


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the inbox of a county and its summary: a right return, a faulty one, one of last year."""
    folder = tmp_path_factory.mktemp("county")
    fill(folder / "县甲" / "甲.xlsx", {**answers(1, DICE), "participants": 40, "outside_name": "某" * 90})
    fill(folder / "县甲" / "乙.xlsx", {**answers(2, DICE), "participants": "约３０人"})
    fill(folder / "县甲" / "丙.xlsx", answers(3, DICE), year=2025)
    merging.merge(TERMS, folder / "县甲", folder / "县甲.xlsx")
    return folder


@pytest.fixture
def county(origin: Path, tmp_path: Path) -> Path:
    """Return a copy of the county's summary, its inbox far away."""
    return Path(shutil.copy2(origin / "县甲.xlsx", tmp_path / "县甲.xlsx"))


def city(*summaries: Path, terms: Terms = TERMS) -> Merged:
    """Merge summaries of the level below."""
    return merging.merge(terms, None, summaries[0].with_name("市.xlsx"), summaries=summaries, force=True)


def held(merged: Merged) -> str:
    """Return why the only summary is held; nothing of it is counted."""
    (one,) = merged.batch.receipts
    assert one.status is Status.HELD
    assert merged.batch.counts.accepted == 0
    assert (merged.batch.decisions, merged.decisions) == ((), None)
    return one.reason


def edit(path: Path, change: Callable[[openpyxl.Workbook], object]) -> None:
    """Change a workbook with openpyxl and save it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl drops data bars and says so
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)


# What is taken in


def test_what_a_summary_holds_travels(county: Path) -> None:
    """Statuses, long texts, readings and findings are those of the level below, by its summary."""
    merged = city(county)
    states = {one.source.file: one.state for one in merged.batch.receipts}
    assert states == {"甲.xlsx": "errors", "乙.xlsx": "errors", "丙.xlsx": "held"}
    assert {one.source.by for one in merged.batch.receipts} == {(county.as_posix(),)}
    assert merged.totals[PEOPLE].value == 40
    first = next(one for one in merged.batch.receipts if one.source.file == "甲.xlsx")
    assert first.submission is not None
    assert first.submission.values["outside_name"] == "某" * 90
    assert [one.anew for one in merged.below] == [False]


def test_two_ways_count_once(county: Path, origin: Path, tmp_path: Path) -> None:
    """The very file that came by two summaries counts once, the copy at hand where there is one, and that is said."""
    again = Path(shutil.copy2(county, tmp_path / "县乙.xlsx"))
    merged = city(county, again, county)
    counts = merged.batch.counts
    assert (counts.accepted, counts.held, counts.superseded, merged.outcome.twice) == (2, 1, 3, 3)
    assert {one.reason for one in merged.batch.of(Status.SUPERSEDED) if one.source.file == "丙.xlsx"} == {
        f"与 {county.as_posix()}｜丙.xlsx 是同一份文件，由几份汇总表各报来一次，只按后者处理"
    }
    assert merged.totals[PEOPLE].value == 40
    inbox = Path(shutil.copytree(origin / "县甲", tmp_path / "收件箱"))
    both = merging.merge(TERMS, inbox, tmp_path / "市.xlsx", summaries=[county], force=True)
    assert {one.source.by for one in both.batch.accepted} == {()}
    assert both.outcome.twice == 2


def test_two_different_returns_of_one_code_are_held(county: Path, tmp_path: Path) -> None:
    """What a county counted and another return of the same code are for the clerk to choose between."""
    fill(tmp_path / "收件箱" / "甲.xlsx", {**answers(1, DICE), "participants": 41})
    merged = merging.merge(TERMS, tmp_path / "收件箱", tmp_path / "市.xlsx", summaries=[county])
    by = county.as_posix()
    assert {one.source.name for one in merged.batch.of(Status.HELD)} == {f"{by}｜丙.xlsx", f"{by}｜甲.xlsx", "甲.xlsx"}
    assert merged.totals[PEOPLE].n == 0


def test_other_rules_judge_anew(county: Path, tmp_path: Path) -> None:
    """Where this level has other rules the answers are judged by them, and that is said."""
    for part in ("templates", "rules"):
        shutil.copytree(FORMS.parent / part / "drill_record", tmp_path / part / "drill_record")
    cells = tmp_path / "rules" / "drill_record" / "cells.toml"
    cells.write_text(cells.read_text("utf-8").replace("maxlength = 20", "maxlength = 99"), "utf-8")
    merged = city(county, terms=Terms(tmp_path / "templates" / "drill_record", Period(2026)))
    assert [one.anew for one in merged.below] == [True]
    states = {one.source.file: [found.id for found in one.findings if found.open] for one in merged.batch.accepted}
    assert "K07" not in states["甲.xlsx"]
    assert "K03" in states["乙.xlsx"]


def test_last_years_figures_travel(origin: Path, tmp_path: Path) -> None:
    """Where the level below knew what its sites reported a year earlier, this level knows it of them."""
    last = Previous(
        form=TERMS.form.id,
        period=Period(2025),
        sites={"D0001": {PEOPLE: 7}, "D0099": {PEOPLE: 1}},
        place=tmp_path / "2025.xlsx",
    )
    below = merging.merge(replace(TERMS, previous=last), origin / "县甲", tmp_path / "县甲.xlsx")
    merged = city(below.summary)
    assert merged.last is not None
    assert (merged.last.period, merged.last.place) == (Period(2025), None)
    assert merged.last.sites == {"D0001": {PEOPLE: 7}}


def test_a_mark_that_was_believed_below_is_believed_here() -> None:
    """The level below had the key that signed a mark, and a higher one has none: no mark is doubted again."""
    terms = Terms("website_annual_report", Period(2024))
    first = receipt(1)
    assert first.submission is not None
    sent = KEY.sign_round(Round(number=1, answers=(Answered(sha256="0" * 64),), site="0000000001"))
    corrected = replace(first, submission=replace(first.submission, round=sent))
    below = judge_batch(terms, [corrected], (), Trust(key=KEY))
    assert below.vouched == {corrected.source.sha256}
    head, _ = level.unpack(pack_receipts(below, terms.rules, terms))
    found = [
        [one.id for one in judge_batch(terms, [corrected], (), trust).receipts[0].findings]
        for trust in (Trust(), Trust(vouched=frozenset(head.vouched)), Trust(key=OTHER, vouched=below.vouched))
    ]
    assert [NO_CORRECTION in ids for ids in found] == [True, False, False]


# What is held as a whole


TYPED: dict[str, Callable[[openpyxl.Workbook], object]] = {
    "a figure": lambda book: book["汇总表"].cell(8, 12, 1),
    "a remark": lambda book: book.worksheets[0].cell(1, 8, "请核对"),
    "what is handed on": lambda book: book["上报数据"].cell(3, 1, book["上报数据"]["A3"].value[:-8] + "AAAAAAAA"),
    "a sheet deleted": lambda book: book.remove(book["上报数据"]),
}


@pytest.mark.parametrize("change", TYPED)
def test_what_was_typed_over_is_held(county: Path, change: str) -> None:
    """A summary that somebody changed since it was written counts for nothing, and it is said what to do."""
    edit(county, TYPED[change])
    assert "生成以后被改动过" in held(city(county))


def test_a_summary_that_is_held_is_listed_in_words(county: Path) -> None:
    """The sheet of findings says what it is, and shows no id that is a word of the program."""
    edit(county, TYPED["a remark"])
    sheet = open_book(city(county).summary)["问题清单"]
    heads = [cell.value for cell in sheet[3]]
    row = dict(zip(heads, [cell.value for cell in sheet[4]], strict=True))
    assert (row["问题"], row["规则"], row["文件"]) == ("下级汇总表整份未计入", None, str(county))


def test_who_only_saves_a_summary_changes_nothing(county: Path) -> None:
    """Other bytes with the same cells, sorted and coloured, are as good."""
    edit(county, lambda book: book["文件清单"].column_dimensions.__getitem__("A").__setattr__("width", 60))
    assert city(county).batch.counts.accepted == 2


def test_libreoffice_saves_a_summary(county: Path, soffice: LibreOffice, tmp_path: Path) -> None:
    """What LibreOffice saved is taken in, unless another format was chosen."""
    saved = tmp_path / "保存.xlsx"
    soffice.convert(county, saved)
    assert city(saved).batch.counts.accepted == 2


def resealed(path: Path, change: Callable[[openpyxl.Workbook], object]) -> None:
    """Change a workbook and seal it as it is then, as whoever knows how could."""
    edit(path, change)
    edit(path, lambda book: setattr(book.custom_doc_props[SEAL], "value", UNSEALED))  # type: ignore[attr-defined]
    seal(path, open_summary(path).book)


def test_a_summary_of_an_earlier_version(county: Path) -> None:
    """One that hands nothing on is named, with what to do."""
    resealed(county, TYPED["a sheet deleted"])
    assert "较早版本" in held(city(county))


def test_the_key_finds_what_was_sealed_anew(origin: Path, tmp_path: Path) -> None:
    """With the campaign's key nobody else can write what is handed on; --signed demands that it was."""
    keyed = replace(TERMS, key=KEY)
    below = merging.merge(keyed, origin / "县甲", tmp_path / "县甲.xlsx")
    assert city(below.summary, terms=keyed).batch.counts.accepted == 2
    assert "要求签名" in held(city(below.summary, terms=replace(keyed, signed=True)))
    assert city(below.summary, terms=replace(TERMS, key=OTHER)).batch.counts.accepted == 2
    resealed(below.summary, lambda book: book["上报数据"].cell(3, 3, KEY.sign_digest("0" * 64)))
    assert "生成以后被改动过" in held(city(below.summary, terms=keyed))


def test_other_forms_years_and_files(county: Path, origin: Path, tmp_path: Path) -> None:
    """A summary of another form or period is held with its reason; so is a return or a damaged file beside a summary.

    Where nothing but these is named there is nothing to merge, and nothing is written.
    """
    assert "另一张表" in held(city(county, terms=Terms(FORMS / "course_list", Period(2026))))
    assert "本次汇总的是 2027 年度" in held(city(county, terms=replace(TERMS, period=Period(2027))))
    damaged = tmp_path / "b.xlsx"
    damaged.write_bytes(county.read_bytes()[:-2000])
    alone = city(county).batch.counts
    for file in (origin / "县甲" / "甲.xlsx", damaged):
        beside = city(county, file)
        assert (beside.batch.counts.accepted, beside.batch.counts.held) == (alone.accepted, alone.held + 1)
        assert "不是 gwxl merge 生成的汇总表" in beside.below[1].held
        file.with_name("市.xlsx").unlink(missing_ok=True)
        with pytest.raises(SettingsError, match="check a single return with gwxl check"):
            city(file)
        assert not file.with_name("市.xlsx").exists()


def test_another_edition(county: Path, tmp_path: Path) -> None:
    """A summary of another edition is named."""
    for part in ("templates", "rules"):
        shutil.copytree(FORMS.parent / part / "drill_record", tmp_path / part / "drill_record")
    form = tmp_path / "templates" / "drill_record" / "form.toml"
    form.write_text(form.read_text("utf-8").replace('edition = "2"', 'edition = "3"'), "utf-8")
    assert "第 2 版" in held(city(county, terms=Terms(form.parent, Period(2026))))


# What a stranger could make up


def written(origin: Path, target: Path, data: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the county's summary with other data to hand on."""
    monkeypatch.setattr(writing, "pack_receipts", lambda *_: data)
    merging.merge(TERMS, origin / "县甲", target)
    monkeypatch.undo()
    monkeypatch.setattr("gwxl.summary.levels.level._LONGEST", 1_000_000)
    return target


def strange() -> dict[str, bytes]:
    """Return what no merge hands on."""
    head = level.Head(form=TERMS.form.id, edition="2", period=Period(2026), rules="", ruled=(), last={})
    one = replace(mix_batch(1).receipts[0], status=Status.SUPERSEDED)
    packed = level.pack(head, (one,), report_form())
    lines = lzma.decompress(packed).split(b"\n")
    return {
        "no level": b"gwxl",
        "cut off": packed[:-30],
        "another version": lzma.compress(b"gwxl.level/0 gwxl.receipt/0\n" + b"\n".join(lines[1:])),
        "a line without end": lzma.compress(lines[0] + b"\n" + b"0" * 2_000_000),
        "no head": lzma.compress(lines[0] + b"\n[]\n"),
        "no receipt": lzma.compress(b"\n".join([*lines[:2], b'[{"a":1},false]', b""])),
        "a receipt of another form": packed,
        "nothing in each other": lzma.compress(b"\n".join([*lines[:2], b"[" * 100_000, b""])),
    }


@pytest.mark.parametrize("kind", strange())
def test_what_no_merge_wrote_is_held(origin: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the data to hand on is made up, the summary is held, and the merge goes on."""
    assert "读不出来" in held(city(written(origin, tmp_path / "县.xlsx", strange()[kind], monkeypatch)))


def test_receipts_come_back_exactly() -> None:
    """Whatever a receipt holds is there at the next level, to the last digit and type."""
    batch, terms = mix_batch(40), Terms("website_annual_report")
    head, lines = level.unpack(pack_receipts(batch, terms.rules, terms))
    assert (head.form, head.period.year, len(head.decisions)) == (batch.form.id, batch.period.year, 1)
    assert [encode(level.receipt_of(line, batch.form)) for line in lines] == [encode(one) for one in batch.receipts]


def test_damaged_receipts_are_told() -> None:
    """A receipt with one part replaced by anything is told, or is another receipt."""
    terms = Terms("website_annual_report")
    _, lines = level.unpack(pack_receipts(mix_batch(3), terms.rules, terms))
    line = json.loads(next(lines))
    for _ in range(300):
        changed = json.loads(json.dumps(line))
        spoil(changed)
        try:
            level.receipt_of(json.dumps(changed).encode(), report_form())
        except CodecError:
            continue


def spoil(packed: Any) -> None:
    """Replace one part of a document, anywhere in it."""
    at = DICE.choice(list(packed) if isinstance(packed, dict) else range(len(packed)))
    inner = packed[at]
    if isinstance(inner, (dict, list)) and inner and DICE.random() < 0.8:
        spoil(inner)
    else:
        packed[at] = DICE.choice([None, 0, "", [], {}, True, [1, 2], {"decimal": "x"}, "D41"])


# On the command line


def test_the_command_names_what_it_took(county: Path, tmp_path: Path) -> None:
    """The screen and the document say what came by which summary; one in the folder is named and left out."""
    inbox = tmp_path / "收件箱"
    fill(inbox / "丁.xlsx", {**answers(4, DICE), "participants": 5})
    shutil.copy2(county, inbox / "县乙.xlsx")
    ask = ("--form", FORMS / "drill_record", "--year", "2026", "-o", "市.xlsx")
    words = run("merge", "县甲.xlsx", "收件箱", *ask, cwd=tmp_path, GWXL_LANG="zh")
    assert words.returncode == 1
    assert "收入下级汇总表 县甲.xlsx：3 份" in words.stdout
    assert "县乙.xlsx：gwxl 写的汇总表，没有计入；要收入其中各份，请在 gwxl merge 后面写上它的文件名" in words.stdout
    told = document("merge", "县甲.xlsx", "收件箱", *ask, cwd=tmp_path, code=1)
    assert [(one["file"], one["returns"], one["anew"], one["held"]) for one in told["below"]] == [
        ("县甲.xlsx", 3, False, None)
    ]
    assert told["left_out"] == ["县乙.xlsx"]
    assert {one["file"]: one["by"] for one in told["files"]}["甲.xlsx"] == ["县甲.xlsx"]
    assert told["totals"]["participants"]["value"] == 45
    found = document("explain", "participants", "市.xlsx", "--site", "D0001", cwd=tmp_path)
    assert [(one["by"], one["file"], one["cell"], one["raw"]) for one in found["origins"]] == [
        ("县甲.xlsx", "甲.xlsx", found["origins"][0]["cell"], "40")
    ]


def test_a_folder_of_summaries_alone_says_how_they_are_taken(county: Path, tmp_path: Path) -> None:
    """Nothing is merged of it, and each reason why is told with the first file it holds for."""
    for name in ("县甲.xlsx", "县乙.xlsx", "~$县乙.xlsx"):
        (tmp_path / "只有").mkdir(exist_ok=True)
        shutil.copy2(county, tmp_path / "只有" / name)
    words = refusal("merge", "只有", "--form", FORMS / "drill_record", "--year", "2026", cwd=tmp_path, GWXL_LANG="zh")
    assert words.startswith(
        "错误：只有：没有收到的报表，只有 3 个文件，都不计入：县乙.xlsx (gwxl 写的汇总表，没有计入；"
    )
    assert " · ~$县乙.xlsx (" in words


def test_what_came_by_a_summary_goes_back_below(county: Path, tmp_path: Path) -> None:
    """A faulty return of which the file is below is named with the summary it came by, and a city's own is sent."""
    inbox = tmp_path / "收件箱"
    fill(inbox / "丁.xlsx", {**answers(4, DICE), "participants": None})
    ask = ("--form", FORMS / "drill_record")
    say("merge", "县甲.xlsx", "收件箱", *ask, "--year", "2026", "-o", "市.xlsx", cwd=tmp_path, code=1)
    county.unlink()  # the summary of this level holds what it took in
    told = document("return", "--from", "市.xlsx", "-o", "退回", *ask, cwd=tmp_path, code=1)
    sent = {one["file"]: (one["workbook"] is not None, one["reason"] or "") for one in told["files"]}
    assert sent["丁.xlsx"][0]
    for name in ("甲.xlsx", "乙.xlsx", "丙.xlsx"):
        assert not sent[name][0]
        assert "随 县甲.xlsx 报来，原件在下一级" in sent[name][1]
    assert (told["not_in_summary"], told["missing"]) == ([], [])


def test_what_cannot_be_asked(county: Path, tmp_path: Path) -> None:
    """Where to write has to be said where there is no folder, and never over what is read."""
    with pytest.raises(SettingsError):
        merging.merge(TERMS, None, summaries=[county])
    with pytest.raises(SettingsError):
        merging.merge(TERMS, None, county, summaries=[county])
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    result = run("merge", "a", "b", cwd=tmp_path)
    assert result.returncode == 2
    assert "one folder" in result.stderr or "一个文件夹" in result.stderr


def test_a_merge_that_names_none_loses_none(tmp_path: Path) -> None:
    """Where summaries were taken in and none is named, nothing is written unless that is meant; a dry run tells it."""
    target, inbox, dice = tmp_path / "市.xlsx", tmp_path / "收件箱", random.Random(seed())
    fill(tmp_path / "县甲" / "1.xlsx", answers(1, dice))
    fill(inbox / "2.xlsx", answers(2, dice))
    merging.merge(TERMS, tmp_path / "县甲", tmp_path / "县甲.xlsx")
    merging.merge(TERMS, inbox, target, summaries=[tmp_path / "县甲.xlsx"])
    before = target.read_bytes()
    with pytest.raises(SettingsError, match="this summary took in those of the level below"):
        merging.merge(TERMS, inbox, target)
    assert target.read_bytes() == before
    changes = merging.merge(TERMS, inbox, target, dry_run=True).changes
    assert changes is not None
    assert [one.source.file for one in changes.dropped] == ["1.xlsx"]
    assert len(merging.merge(TERMS, inbox, target, force=True).batch.receipts) == 1
