"""The roster of a campaign: read from whatever file it is kept in, and every mistake told with its row."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import gwxl
from gwxl.campaign.mail_address import is_address, split_addresses
from gwxl.campaign.roster.columns import columns_of, is_example
from gwxl.campaign.roster.reading import read_roster
from gwxl.campaign.roster.sites import Site
from gwxl.campaign.roster.workbook import write_roster
from gwxl.errors import CampaignError
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.terms import Terms
from tests.support.books import write_form
from tests.support.clients.libreoffice import LibreOffice
from tests.support.issuing import VISIT_FORM, plain_rules
from tests.support.submissions import FORMS, report_rules

TERMS = Terms(report_rules(), period=Period(2026))
HEADS = [
    *("政府网站标识码", "网站名称", "邮箱", "联系电话", "上级"),
    *("首页网址", "主办单位", "网站类型", "ICP备案号", "公安机关备案号"),
]
FIRST = [
    *("0000000001", "示例市政府门户网站", "a@example.org；b@example.org", "010-1", ""),
    *("http://a.gov.cn", "示例市政府办公室", "政府门户网站"),
]
SECOND = ["bm00000002", "示例市教育局网站", "c@example.org", "", "示例市政府门户网站"]
THIRD = ["0000000003", "示例县政府网站", "", "", "0000000001"]
NO_CODE = "标识码为 10 位数字，或 bm 加 8 位数字，请在全国政府网站信息报送系统中核对后填写。"
WHICH_PARENT = "请填上级在名册中的标识码或名称，没有上级就空着"
SITES = (
    Site(
        code="0000000001",
        name="示例市政府门户网站",
        mail=("a@example.org", "b@example.org"),
        phone="010-1",
        known={
            FormPath("site_url"): "http://a.gov.cn",
            FormPath("site_sponsor"): "示例市政府办公室",
            FormPath("site_type"): "portal",
        },
        place={},
    ),
    Site(code="bm00000002", name="示例市教育局网站", mail=("c@example.org",), parent="0000000001", place={}),
    Site(code="0000000003", name="示例县政府网站", parent="0000000001", place={}),
)


def workbook(path: Path, *rows: Sequence[Any]) -> Path:
    """Fill rows into the workbook that gwxl init makes, below its example."""
    path.write_bytes(write_roster(report_rules(), columns_of(report_rules().form)))
    book = openpyxl.load_workbook(path)
    for number, row in enumerate(rows, 3):
        for place, value in enumerate(row, 1):
            book.worksheets[0].cell(number, place, value)
    book.save(path)
    return path


def table(path: Path, *rows: Sequence[str], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write rows as CSV."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def sites(path: Path) -> tuple[Site, ...]:
    """Return the sites of a roster without their places."""
    return tuple(drop_place(site) for site in read_roster(TERMS, path).sites)


def drop_place(site: Site) -> Site:
    """Return a site without its place."""
    return Site(**{**vars(site), "place": {}})


def mistakes(path: Path, language: str = "en") -> list[str]:
    """Return what is wrong with a roster, the name of the file left out."""
    with pytest.raises(CampaignError) as caught:
        read_roster(TERMS, path)
    colon = {"en": ": ", "zh": "："}[language]
    return [line.removeprefix(f"{path}{colon}") for line in caught.value.lines(language)]


# The workbook that is filled in


def test_the_workbook_asks_for_what_the_form_knows(tmp_path: Path) -> None:
    """A column a role and a prefilled field; the example shows each, and what is typed stays a text."""
    sheet = openpyxl.load_workbook(workbook(tmp_path / "r.xlsx")).worksheets[0]
    assert [cell.value for cell in sheet[1]] == HEADS
    assert [cell.value for cell in sheet[2]][:5] == [
        "（示例）1100000088",
        "某某县人民政府门户网站",
        "name@example.gov.cn",
        "000-0000000",
        "上级的标识码或名称，没有就空着",
    ]
    assert [cell.value for cell in sheet[2]][7] == "政府门户网站"
    assert all(sheet.column_dimensions[letter].width >= 12 for letter in "ABCDEFGHIJ")
    assert {cell.number_format for cell in sheet[2]} == {"@"}
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert sorted(rules) == [f"{letter}2:{letter}5000" for letter in "ABCDEFGHIJ"]
    assert rules["A2:A5000"].formula1 == "SUMPRODUCT(--($A$2:$A$5000=A2))<2"
    assert rules["H2:H5000"].formula1 == '"政府门户网站,部门网站,专项网站"'
    assert "10 位数字，或 bm 加 8 位数字" in rules["A2:A5000"].prompt


def test_the_example_is_never_a_site(tmp_path: Path) -> None:
    """It may stay, be moved or be typed anew with other brackets; alone it is no roster."""
    (line,) = mistakes(workbook(tmp_path / "r.xlsx"))
    assert line.startswith("the roster names no site yet")
    moved = workbook(tmp_path / "s.xlsx", FIRST, [" (示例)1100000088", "x", "y"])
    assert [site.code for site in sites(moved)] == ["0000000001"]
    assert [is_example(code) for code in ("(example)1", "（example）1", "例1", "1（示例）", "example-1")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_another_form_has_other_columns(tmp_path: Path) -> None:
    """A form without a name and without prefilled fields asks for code, name, mail, phone and parent."""
    terms = Terms(FORMS / "drill_record")
    columns = columns_of(terms.form)
    assert [column.head for column in columns] == ["演练编号", "名称", "邮箱", "联系电话", "上级"]
    (tmp_path / "r.xlsx").write_bytes(write_roster(terms.rules, columns))
    found = read_roster(terms, table(tmp_path / "r.csv", ["演练编号", "名称", "邮箱"], ["D0001", "甲", ""]))
    assert [(site.code, site.name, dict(site.known)) for site in found.sites] == [("D0001", "甲", {})]


# Files of any kind


def test_a_workbook_is_read(tmp_path: Path) -> None:
    """Codes keep their zeros, a choice is its key, a parent is named by name or code."""
    roster = read_roster(TERMS, workbook(tmp_path / "r.xlsx", FIRST, SECOND, THIRD))
    assert tuple(map(drop_place, roster.sites)) == SITES
    assert roster.sites[1].place == {"zh": "“名册”第 4 行", "en": "名册, row 4"}
    assert roster.by_code["0000000003"] is roster.sites[2]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("gb18030", ";"), ("utf-16", "\t")],
)
def test_csv_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """In the encodings that Excel and WPS save, divided as they do; columns in any order, and more of them."""
    rows = [FIRST, [*SECOND, *[""] * 3], [*THIRD, *[""] * 3]]
    turned = [["备注", *row[::-1]] for row in (HEADS[:8], *rows)]
    assert sites(table(tmp_path / "r.csv", *turned, encoding=encoding, delimiter=delimiter)) == SITES


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".xlsx"])
def test_what_libreoffice_saves_is_read(soffice: LibreOffice, tmp_path: Path, suffix: str) -> None:
    """The same sites, whatever format the roster was saved in."""
    made = workbook(tmp_path / "r.xlsx", FIRST, SECOND, THIRD)
    assert sites(soffice.convert(made, tmp_path / f"saved{suffix}")) == SITES


def test_sheets_that_are_seen_count(tmp_path: Path) -> None:
    """A roster may go on on a second sheet, its heads among the first rows; hidden sheets are left alone."""
    path = workbook(tmp_path / "r.xlsx", FIRST)
    book = openpyxl.load_workbook(path)
    for title, row in (("县区", THIRD), ("旧", SECOND)):
        sheet = book.create_sheet(title)
        for place, (head, value) in enumerate(zip(HEADS, row, strict=False), 1):
            sheet.cell(3, place, head)
            sheet.cell(4, place, value)
    book["旧"].sheet_state = "hidden"
    book.create_sheet("说明")["A1"] = "填写说明"
    book.save(path)
    assert sites(path) == (SITES[0], SITES[2])


# Mistakes


def test_every_mistake_is_told_with_its_row(tmp_path: Path) -> None:
    """Codes, names, addresses, parents and answers, all at once; the form's own rules say what a code is."""
    rows = [
        FIRST,
        ["000000001", "甲网站", "a＠example", "", "示例市门户网站"],
        ["0000000001", "示例市 政府门户网站", "a@b@example.org", "", ""],
        ["", "乙网站", "", "", ""],
        ["0000000004", "", "d@example.org", "", "不知道"],
        ["0000000005", "丙网站", "", "", "0000000006"],
        ["0000000006", "丁网站", "", "", "丙网站", "x", "", "别的网站"],
    ]
    assert mistakes(table(tmp_path / "r.csv", HEADS, *rows), "zh") == [
        "第 3 行：A3「政府网站标识码」填 000000001。" + NO_CODE,
        "第 3 行：“a@example”不是邮箱地址；请改成 name@example.gov.cn 的样式，几个邮箱之间用分号隔开",
        "第 3 行：名册中没有上级“示例市门户网站”，是不是“示例市政府门户网站”？" + WHICH_PARENT,
        "第 4 行：“a@b@example.org”不是邮箱地址；请改成 name@example.gov.cn 的样式，几个邮箱之间用分号隔开",
        "第 4 行：政府网站标识码 0000000001 与第 2 行重复；请核对，每个单位只留一行",
        "第 4 行：网站名称“示例市 政府门户网站”与第 2 行重名；请核对，确是两个单位的，请在名称中加以区分",
        "第 5 行：“政府网站标识码”未填；请补填，或者删去这一行",
        "第 6 行：“网站名称”未填；请补填，或者删去这一行",
        "第 6 行：名册中没有上级“不知道”；" + WHICH_PARENT,
        "第 7 行：上级“0000000006”又归它自己管；请核对上级，最上面的一级空着",
        "第 8 行：F8「首页网址」填 x。请填写网站首页的完整网址，如 http://www.example.gov.cn。",
        "第 8 行：H8「网站类型」填 别的网站。请在“政府门户网站”“部门网站”“专项网站”中选一项，只选一项。",
        "第 8 行：上级“丙网站”又归它自己管；请核对上级，最上面的一级空着",
    ]


@pytest.mark.parametrize("address", ["张三@example.cn", "a@示例.中国", "é@example.cn"])
def test_an_address_that_few_servers_take_is_told(tmp_path: Path, address: str) -> None:
    """It is not sent to, and what to write in its place is said; a domain in its ASCII form is one like another."""
    rows = [[*FIRST[:2], address], ["0000000002", "乙网站", "a@xn--fsq092h.xn--fiqs8s"]]
    words = f"“{address}”含有中文等字符，多数邮件服务器不收；"
    cure = "请填只含英文字母、数字和半角符号的地址，中文邮箱请填它的英文别名"
    assert mistakes(table(tmp_path / "r.csv", HEADS, *rows), "zh") == [f"第 2 行：{words}{cure}"]


def test_a_code_that_stands_twice_makes_no_circle(tmp_path: Path) -> None:
    """Its first row says whose site it is; what the second one says of its parent leads nobody round."""
    rows = [FIRST, ["0000000002", "甲网站", "", "", "0000000001"], ["0000000001", "乙网站", "", "", "甲网站"]]
    assert mistakes(table(tmp_path / "r.csv", HEADS, *rows), "zh") == [
        "第 4 行：政府网站标识码 0000000001 与第 2 行重复；请核对，每个单位只留一行"
    ]


def test_a_code_that_became_a_number_is_told(tmp_path: Path) -> None:
    """Its zeros are gone, and with them the code."""
    told = mistakes(workbook(tmp_path / "r.xlsx", [1, "甲", ""], [1100000088, "乙", ""]))
    assert told == ["名册, row 3: A3「政府网站标识码」填 1。" + NO_CODE]


def test_a_form_whose_codes_are_free_still_needs_such_as_a_workbook_bears(tmp_path: Path) -> None:
    """A code in Chinese could not stand in the identity of a workbook."""
    roles = 'language = "en"\n\n[roles]\ncode = "ticket"\n'
    form = write_form(tmp_path, VISIT_FORM.replace('language = "en"\n', roles))
    with pytest.raises(CampaignError) as caught:
        read_roster(Terms(plain_rules(form)), table(tmp_path / "r.csv", ["Ticket", "Name", "Mail"], ["甲1", "x", ""]))
    (line,) = caught.value.lines("en")
    told = "row 2: no workbook can bear the code “甲1”; it takes letters A to Z, digits, _ . and -, 64 at most"
    assert line == f"{tmp_path / 'r.csv'}: {told}"


HEADLESS = [
    (
        [["a", "b"], ["c", "d"]],
        "no heads of a roster were found; one of the first 20 rows has to name 政府网站标识码, 网站名称, 邮箱",
    ),
    (
        [["标识码", "名称"], ["0000000001", "甲"]],
        "row 1: the heads lack 邮箱; add the columns, which may be empty where nothing is known",
    ),
    (
        [["标识码", "名称", "邮箱", "电子邮箱"], ["0000000001", "甲"]],
        "row 1: the heads name “邮箱” twice; keep one of the columns",
    ),
]


@pytest.mark.parametrize(("rows", "told"), HEADLESS)
def test_heads_are_looked_at(tmp_path: Path, rows: Sequence[Sequence[str]], told: str) -> None:
    """What is no roster, lacks a column or has one twice is told, and nothing is guessed."""
    assert mistakes(table(tmp_path / "r.csv", *rows)) == [told]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\3\4" + b"\0" * 60, ""),
        (b"\x80\x81,\xff\n", ""),
        (b"x" * (20 * 1024 * 1024 + 1), "20"),
    ],
)
def test_what_is_no_roster_is_refused(tmp_path: Path, data: bytes, told: str) -> None:
    """Each in one line, before it costs more than a returned workbook may."""
    (tmp_path / "r.xlsx").write_bytes(data)
    (line,) = mistakes(tmp_path / "r.xlsx")
    assert told in line
    assert line != ""


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    """A name that leads nowhere, and a folder."""
    assert len(mistakes(tmp_path / "no.xlsx")) == len(mistakes(tmp_path)) == 1


def test_a_flood_of_mistakes_is_cut(tmp_path: Path) -> None:
    """The first hundred are told, and how many follow."""
    rows = [[str(number), f"站{number}", ""] for number in range(250)]
    told = mistakes(table(tmp_path / "r.csv", HEADS[:3], *rows))
    assert len(told) == 101
    assert told[-1] == "150 more mistakes; correct those above and run it again to see them"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("a@example.org", True),
        ("a.b+c@x-y.gov.cn", True),
        ("a@example", False),
        ("a b@example.org", False),
        ("a@@example.org", False),
        ("a@example..org", False),
        ("a@example.org\n", False),
        ("甲@example.org", False),
        ("a" * 65 + "@example.org", False),
        ("@example.org", False),
    ],
)
def test_addresses(text: str, good: bool) -> None:  # noqa: FBT001 - what is expected
    """What a mail program can send to is one, and nothing else."""
    assert is_address(text) is good


def test_several_addresses_stand_in_one_cell() -> None:
    """Divided by what people divide them by."""
    assert split_addresses(" a@b.cn；c@d.cn,\ne@f.cn、g@h.cn ") == ("a@b.cn", "c@d.cn", "e@f.cn", "g@h.cn")


def test_it_is_offered() -> None:
    """Python reads it under the name of the page."""
    assert gwxl.read_roster is read_roster
