"""Forms as offices send them round, made without gwxl: each with the label that belongs to each of its inputs."""

from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

LINE = Side(style="thin")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
Labels = Mapping[str, str]
"""Cell of an input → the end of its label."""


def put(
    sheet: Worksheet, area: str, text: str | int | None = None, *, open_: bool = False, framed: bool = True
) -> None:
    """Write a text into the first cell of an area that is merged, with lines around it."""
    first = area.split(":", maxsplit=1)[0]
    sheet[first] = text
    for row in sheet[area] if ":" in area else ((sheet[first],),):
        for cell in row:
            cell.border = BOX if framed else Border()
            cell.protection = Protection(locked=not open_)
            cell.alignment = Alignment(wrap_text=True)
    if ":" in area:
        sheet.merge_cells(area)


def offer(sheet: Worksheet, cell: str, entries: str) -> None:
    """Give a cell a drop-down."""
    bound = DataValidation(type="list", formula1=f'"{entries}"')
    sheet.add_data_validation(bound)
    bound.add(cell)


def write_survey(path: Path) -> Labels:
    """Write a protected form: labels left, units right, sections with heads, two questions a row, drop-downs."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "基层站所情况表"
    put(sheet, "A1:F1", "2026年基层站所基本情况调查表", framed=False)
    sheet["A1"].font = Font(size=18)
    put(sheet, "A2", "填报单位：", framed=False)
    put(sheet, "B2:D2", open_=True)
    put(sheet, "E2", "填报日期：", framed=False)
    put(sheet, "F2", open_=True)
    put(sheet, "A3:F3", "一、基本情况")
    rows = [("站所名称", None), ("站所类型", None), ("编制人数", "人"), ("建筑面积", "平方米")]
    labels = {"B2": "填报单位", "F2": "填报日期"}
    for number, (label, unit) in enumerate(rows, 4):
        put(sheet, f"A{number}:B{number}", label)
        put(sheet, f"C{number}:E{number}" if unit else f"C{number}:F{number}", open_=True)
        labels[f"C{number}"] = label
        if unit:
            put(sheet, f"F{number}", unit)
    offer(sheet, "C5", "司法所,派出所,供电所")
    put(sheet, "A8:F8", "二、经费情况（单位：万元）")
    for number, pair in enumerate([("财政拨款", "其他收入"), ("人员支出", "公用支出")], 9):
        put(sheet, f"A{number}", pair[0])
        put(sheet, f"B{number}:C{number}", open_=True)
        put(sheet, f"D{number}", pair[1])
        put(sheet, f"E{number}:F{number}", open_=True)
        labels |= {f"B{number}": pair[0], f"E{number}": pair[1]}
        sheet[f"B{number}"].number_format = sheet[f"E{number}"].number_format = "0.00"
    put(sheet, "A11:B11", "是否独立核算")
    put(sheet, "C11:F11", open_=True)
    offer(sheet, "C11", "是,否")
    labels["C11"] = "是否独立核算"
    put(sheet, "A12:F12", "三、人员构成")
    for column, head in zip("ABCDEF", ["类别", "计量单位", "在编", "聘用", "借调", "合计"], strict=True):
        put(sheet, f"{column}13", head)
    for number, label in enumerate(["管理人员", "专业技术人员", "工勤人员"], 14):
        put(sheet, f"A{number}", label)
        put(sheet, f"B{number}", "人")
        for column, head in zip("CDE", ["在编", "聘用", "借调"], strict=True):
            put(sheet, f"{column}{number}", open_=True)
            labels[f"{column}{number}"] = f"{label}·{head}"
        put(sheet, f"F{number}", f"=SUM(C{number}:E{number})")
    put(sheet, "A17", "合计")
    put(sheet, "B17", "人")
    for column in "CDEF":
        put(sheet, f"{column}17", f"=SUM({column}14:{column}16)")
    put(sheet, "A18", "填表人：", framed=False)
    put(sheet, "B18", open_=True)
    put(sheet, "C18", "联系电话：", framed=False)
    put(sheet, "D18:F18", open_=True)
    labels |= {"B18": "填表人", "D18": "联系电话"}
    sheet.protection.sheet = True
    book.save(path)
    return labels


def write_matrix(path: Path) -> Labels:
    """Write a protected statistical form: heads over three rows, a line that counts columns, rows in two levels."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "行政执法统计"
    put(sheet, "A1:J1", "行政执法案件统计表", framed=False)
    sheet["A1"].font = Font(size=16)
    put(sheet, "A2:J2", "单位：件", framed=False)
    put(sheet, "A3:B5", "项目")
    put(sheet, "C3:C5", "行次")
    put(sheet, "D3:I3", "案件来源")
    put(sheet, "J3:J5", "合计")
    put(sheet, "D4:F4", "群众")
    put(sheet, "G4:I4", "机关")
    for column, head in zip("DEFGHI", ["来信", "来访", "电话", "移送", "检查", "督办"], strict=True):
        put(sheet, f"{column}5", head)
    for column, head in zip("ABCDEFGHIJ", ["甲", "乙", "丙", *map(str, range(1, 8))], strict=True):
        put(sheet, f"{column}6", head)
    put(sheet, "A7:A8", "一、受理")
    put(sheet, "A9:A11", "二、办理")
    labels: dict[str, str] = {}
    heads = dict(zip("DEFGHI", ["来信", "来访", "电话", "移送", "检查", "督办"], strict=True))
    for number, label in enumerate(["上年结转", "本年新收", "立案", "不予立案", "其中：移送司法"], 7):
        put(sheet, f"B{number}", label)
        put(sheet, f"C{number}", number - 6)
        for column, head in heads.items():
            closed = (column, number) in {("I", 7), ("H", 11)}
            put(sheet, f"{column}{number}", "—" if closed else None, open_=not closed)
            if not closed:
                labels[f"{column}{number}"] = f"{label}·{head}"
        put(sheet, f"J{number}", f"=SUM(D{number}:I{number})")
    sheet.protection.sheet = True
    book.save(path)
    return labels


def write_list(path: Path) -> Labels:
    """Write an English workbook: labels above a few cells, then a list with drop-downs, on two sheets, protected."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = "Summary"
    put(first, "A1:D1", "Schedule of Grants", framed=False)
    first["A1"].font = Font(size=16)
    labels: dict[str, str] = {}
    for column, label in zip(
        "ABCD", ["Name of organisation", "Report date", "Total spent (USD)", "Audited?"], strict=True
    ):
        put(first, f"{column}3", label)
        put(first, f"{column}4", open_=True)
        labels[f"Summary!{column}4"] = label
    offer(first, "D4", "Yes,No")
    first["B4"].number_format = "yyyy-mm-dd"
    second = book.create_sheet("Awards")
    heads = ["No.", "Award number", "Programme", "Amount (USD)", "Start date", "Subgrant?"]
    for column, label in zip("ABCDEF", heads, strict=True):
        put(second, f"{column}1", label)
    for row in range(2, 12):
        put(second, f"A{row}", row - 1)
        for column in "BCDEF":
            put(second, f"{column}{row}", open_=True)
            offer(second, f"F{row}", "Y,N")
            second[f"D{row}"].number_format = "#,##0.00"
            labels[f"Awards!{column}{row}"] = heads["ABCDEF".index(column)]
    for sheet in (first, second):
        sheet.protection.sheet = True
    book.save(path)
    return labels


def write_plain(path: Path) -> Labels:
    """Write a form without locks or validations: framed blanks, boxes to tick, a list of blank rows."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    put(sheet, "A1:F1", "安全生产检查登记表", framed=False)
    labels: dict[str, str] = {}
    for row, pair in enumerate(
        [("企业名称", "统一社会信用代码"), ("法定代表人", "手机号码"), ("检查日期", "从业人数（人）")], 2
    ):
        put(sheet, f"A{row}", pair[0])
        put(sheet, f"B{row}:C{row}")
        put(sheet, f"D{row}", pair[1])
        put(sheet, f"E{row}:F{row}")
        labels |= {f"B{row}": pair[0], f"E{row}": pair[1]}
    put(sheet, "A5", "检查方式")
    put(sheet, "B5:F5", "□日常检查 □专项检查 □联合检查")
    labels["B5"] = "检查方式"
    put(sheet, "A6:F6", "隐患清单")
    for column, head in zip("ABCDEF", ["序号", "隐患部位", "隐患描述", "整改期限", "责任人", "备注"], strict=True):
        put(sheet, f"{column}7", head)
    for row in range(8, 14):
        put(sheet, f"A{row}", row - 7)
        for column, head in zip("BCDEF", ["隐患部位", "隐患描述", "整改期限", "责任人", "备注"], strict=True):
            put(sheet, f"{column}{row}")
            labels[f"{column}{row}"] = head
    put(sheet, "A14", "处理意见")
    put(sheet, "B14:F14")
    labels["B14"] = "处理意见"
    book.save(path)
    return labels


def write_stacked(path: Path) -> Labels:
    """Write a protected form: labels above and right, people under a merged cell, years as heads."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "申报表"
    put(sheet, "A1:H1", "项目申报表", framed=False)
    labels: dict[str, str] = {}
    for row, heads in (
        (2, ["项目名称", "项目编号", "起始日期", "终止日期"]),
        (4, ["申报单位名称", "所属行业", "资金总额（万元）", "其中：财政资金"]),
    ):
        for place, head in enumerate(heads):
            first, second = "ACEG"[place], "BDFH"[place]
            put(sheet, f"{first}{row}:{second}{row}", head)
            put(sheet, f"{first}{row + 1}:{second}{row + 1}", open_=True)
            labels[f"{first}{row + 1}"] = head
    for row, title in ((6, "负责人"), (8, "联系人")):
        put(sheet, f"A{row}:A{row + 1}", title)
        for line, pair in enumerate([("姓名", "职务"), ("手机号码", "电子邮箱")], row):
            for place, label in enumerate(pair):
                first = "BE"[place]
                put(sheet, f"{first}{line}", label)
                put(sheet, f"{'CF'[place]}{line}:{'DH'[place]}{line}", open_=True)
                labels[f"{'CF'[place]}{line}"] = label
    put(sheet, "A10:B10", "指标")
    for column, year in zip("CDE", (2023, 2024, 2025), strict=True):
        put(sheet, f"{column}10", year)
    for row, label in enumerate(["销售收入", "研发投入"], 11):
        put(sheet, f"A{row}:B{row}", label)
        for column, year in zip("CDE", (2023, 2024, 2025), strict=True):
            put(sheet, f"{column}{row}", open_=True)
            labels[f"{column}{row}"] = f"{label}·{year}"
    for row, label in enumerate(["材料真实", "不重复申报"], 14):
        put(sheet, f"A{row}", open_=True)
        offer(sheet, f"A{row}", "√")
        put(sheet, f"B{row}:H{row}", label)
        labels[f"A{row}"] = label
    sheet.protection.sheet = True
    book.save(path)
    return labels


def write_budget(path: Path) -> Labels:
    """Write a protected form whose last lines are worked out: a sum, a difference, a share."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "预算表"
    put(sheet, "A1:C1", "培训预算表", framed=False)
    labels: dict[str, str] = {}
    for row, label in enumerate(["师资费", "场地费", "资料费", "批复预算"], 2):
        put(sheet, f"A{row}", label)
        put(sheet, f"B{row}", open_=True)
        put(sheet, f"C{row}", "万元")
        labels[f"B{row}"] = label
    for row, (label, formula) in enumerate(
        [("合计", "=SUM(B2:B4)"), ("结余", "=$B$5-B6"), ("执行率", "=ROUND(B6/B5*100,1)"), ("备查", '=TEXT(B5,"0")')], 6
    ):
        put(sheet, f"A{row}", label)
        put(sheet, f"B{row}", formula)
        put(sheet, f"C{row}", "%" if label == "执行率" else "万元")
    sheet.protection.sheet = True
    book.save(path)
    return labels
