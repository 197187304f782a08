"""Serve one running LibreOffice over lines of JSON: run by the system's python3, which has ``uno``.

A request is ``{"command": name, …arguments}``, an answer ``{"result": …}`` or ``{"error": one line}``.
"""

import json
import sys
import time

import uno
from com.sun.star.awt import KeyEvent
from com.sun.star.beans import PropertyValue

FILTERS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "xlsm": "Calc MS Excel 2007 VBA XML",
    "xls": "MS Excel 97",
    "ods": "calc8",
    "fods": "OpenDocument Spreadsheet Flat XML",
    "csv": "Text - txt - csv (StarCalc)",
    "pdf": "calc_pdf_Export",
}
CONNECT_SECONDS = 60
INCH, SCREEN_DPI = 2540, 96  # hundredths of a millimetre, pixels
LOGICAL_FORMAT, LOCALE = 1024, "com.sun.star.lang.Locale"
RETURN_KEY, ESCAPE_KEY, DELETE_KEY = 1280, 1281, 1286


def properties(**values):
    """Return UNO property values."""
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


class Server:
    """The open documents by number."""

    def __init__(self, pipe):
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        self.context = connect(resolver, f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        self.desktop = self.create("com.sun.star.frame.Desktop")
        self.dispatcher = self.create("com.sun.star.frame.DispatchHelper")
        self.documents = {}
        self.formats = {}

    def create(self, service):
        return self.context.ServiceManager.createInstanceWithContext(service, self.context)

    def open(self, document, path, password=""):
        """Open a file under a number, macros off and links not updated."""
        options = {"MacroExecutionMode": 0, "UpdateDocMode": 0}
        if password:
            options["Password"] = password
        opened = self.desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, properties(**options))
        if opened is None:
            raise ValueError(f"cannot open {path}")
        self.documents[document] = opened

    def sheets(self, document):
        """Return the names of the sheets."""
        return list(self.documents[document].Sheets.ElementNames)

    def cell(self, document, sheet, address):
        return self.documents[document].Sheets.getByName(sheet).getCellRangeByName(address)

    def show(self, document, sheet, address):
        """Put the cursor on a cell; return the controller."""
        controller = self.documents[document].CurrentController
        controller.setActiveSheet(self.documents[document].Sheets.getByName(sheet))
        controller.select(self.cell(document, sheet, address))
        return controller

    def enter(self, document, sheet, address, entry):
        """Enter a text as the input line does: protection holds, data validation is not asked.

        Return whether the cell took it.
        """
        controller = self.show(document, sheet, address)
        before = self.read(document, sheet, address)
        self.dispatcher.executeDispatch(controller.Frame, ".uno:EnterString", "", 0, properties(StringName=entry))
        return self.has_taken(document, sheet, address, before, entry)

    def has_taken(self, document, sheet, address, before, entry):
        """Tell whether the cell changed, or already held what was typed."""
        after = self.read(document, sheet, address)
        return after != before or entry in (after["text"], after["formula"])

    def type(self, document, sheet, address, keys):
        """Press the keys of a text and Return, or Delete for none: protection and validation both hold.

        Return whether the cell took it.
        """
        controller = self.show(document, sheet, address)
        before = self.read(document, sheet, address)
        window = controller.Frame.ComponentWindow
        window.setFocus()
        toolkit = window.getToolkit()
        if not keys:
            self.press(toolkit, window, DELETE_KEY, "\x7f")
        for character in keys:
            self.press(toolkit, window, 0, character)
        self.press(toolkit, window, RETURN_KEY, "\r")
        self.settle(toolkit)
        self.press(toolkit, window, ESCAPE_KEY, "\x1b")
        self.settle(toolkit)
        return self.has_taken(document, sheet, address, before, keys)

    def press(self, toolkit, window, code, character):
        event = KeyEvent()
        event.Source = window
        event.KeyCode = code
        event.KeyChar = uno.Char(character)
        toolkit.keyPress(event)
        toolkit.keyRelease(event)

    def settle(self, toolkit):
        """Let LibreOffice work off the events posted so far."""
        toolkit.processEventsToIdle()

    def read(self, document, sheet, address):
        """Return what a cell shows, its formula, its number, its error and whether it is locked."""
        cell = self.cell(document, sheet, address)
        return {
            "text": cell.String,
            "formula": cell.FormulaLocal,
            "type": cell.Type.value,
            "value": cell.Value,
            "error": cell.getError(),
            "locked": cell.CellProtection.IsLocked,
            "sheet_protected": self.documents[document].Sheets.getByName(sheet).isProtected(),
        }

    def unprotect(self, document, sheet):
        """Take the protection off a sheet, as a filler who finds it in the menu."""
        self.documents[document].Sheets.getByName(sheet).unprotect("")

    def insert_rows(self, document, sheet, row, count):
        """Insert empty rows above a row counted from 1."""
        self.documents[document].Sheets.getByName(sheet).Rows.insertByIndex(row - 1, count)

    def delete_rows(self, document, sheet, row, count):
        """Delete rows from a row counted from 1."""
        self.documents[document].Sheets.getByName(sheet).Rows.removeByIndex(row - 1, count)

    def hide_rows(self, document, sheet, row, count):
        """Hide rows from a row counted from 1."""
        sheet = self.documents[document].Sheets.getByName(sheet)
        sheet.getCellRangeByPosition(0, row - 1, 0, row + count - 2).Rows.IsVisible = False

    def insert_columns(self, document, sheet, column, count):
        """Insert empty columns left of a column counted from 1."""
        self.documents[document].Sheets.getByName(sheet).Columns.insertByIndex(column - 1, count)

    def delete_columns(self, document, sheet, column, count):
        """Delete columns from a column counted from 1."""
        self.documents[document].Sheets.getByName(sheet).Columns.removeByIndex(column - 1, count)

    def insert_cells(self, document, sheet, area):
        """Insert empty cells, what stood there shifts down."""
        down = uno.Enum("com.sun.star.sheet.CellInsertMode", "DOWN")
        cells = self.cell(document, sheet, area)
        cells.Spreadsheet.insertCells(cells.RangeAddress, down)

    def delete_cells(self, document, sheet, area):
        """Delete cells, what stood below shifts up."""
        up = uno.Enum("com.sun.star.sheet.CellDeleteMode", "UP")
        cells = self.cell(document, sheet, area)
        cells.Spreadsheet.removeRange(cells.RangeAddress, up)

    def drag(self, document, sheet, area, to):
        """Move cells with what points to them, as cutting and pasting does."""
        cells = self.cell(document, sheet, area)
        cells.Spreadsheet.moveRange(self.corner(document, sheet, to), cells.RangeAddress)

    def copy(self, document, sheet, area, to):
        """Copy cells and paste them."""
        cells = self.cell(document, sheet, area)
        cells.Spreadsheet.copyRange(self.corner(document, sheet, to), cells.RangeAddress)

    def corner(self, document, sheet, address):
        return self.cell(document, sheet, address).getCellByPosition(0, 0).CellAddress

    def clear(self, document, sheet, area):
        """Delete the contents of cells: numbers, dates, texts and formulas."""
        self.cell(document, sheet, area).clearContents(1 | 2 | 4 | 16)

    def merge(self, document, sheet, area):
        """Merge cells into one; only the first one's content is shown."""
        self.cell(document, sheet, area).merge(True)  # noqa: FBT003 - as UNO calls it

    def sort(self, document, sheet, area, column):
        """Sort the rows of an area by one of its columns, counted from 1."""
        by = uno.createUnoStruct("com.sun.star.table.TableSortField")
        by.Field, by.IsAscending = column - 1, True
        fields = uno.Any("[]com.sun.star.table.TableSortField", (by,))
        uno.invoke(self.cell(document, sheet, area), "sort", (properties(SortFields=fields, ContainsHeader=False),))

    def copy_sheet(self, document, sheet, title):
        """Copy a sheet to the end of its workbook."""
        sheets = self.documents[document].Sheets
        sheets.copyByName(sheet, title, sheets.Count)

    def move_sheet(self, document, sheet, place):
        """Move a sheet before the one at a place counted from 1."""
        self.documents[document].Sheets.moveByName(sheet, place - 1)

    def delete_sheet(self, document, sheet):
        """Delete a sheet."""
        self.documents[document].Sheets.removeByName(sheet)

    def carry(self, document, sheet, path, kind):
        """Copy a sheet into a new workbook of its own and save that."""
        bare = self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=True))
        try:
            blank = bare.Sheets.ElementNames
            bare.Sheets.importSheet(self.documents[document], sheet, 0)
            for title in blank:
                bare.Sheets.removeByName(title)
            bare.storeToURL(uno.systemPathToFileUrl(path), properties(FilterName=FILTERS[kind], Overwrite=True))
        finally:
            bare.close(True)  # noqa: FBT003

    def carry_values(self, document, sheet, path, kind):
        """Paste the values of a sheet into a new workbook and save that."""
        cursor = self.documents[document].Sheets.getByName(sheet).createCursor()
        cursor.gotoEndOfUsedArea(True)  # noqa: FBT003
        end = cursor.RangeAddress
        source = cursor.Spreadsheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        bare = self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=True))
        try:
            target = bare.Sheets.getByIndex(0).getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
            target.setDataArray(source.getDataArray())
            bare.storeToURL(uno.systemPathToFileUrl(path), properties(FilterName=FILTERS[kind], Overwrite=True))
        finally:
            bare.close(True)  # noqa: FBT003

    def rename(self, document, sheet, title):
        """Give a sheet another title."""
        self.documents[document].Sheets.getByName(sheet).Name = title

    def fill(self, document, sheet, entries):
        """Put many entries into cells at once: address → number, text, formula (``=…``, in English), yes, no or None.

        Nothing is typed: neither protection nor validation is asked, and a text stays a text. True and false are
        shown as such, as when they are typed; whatever else stands in the number format the cell came with.
        """
        model = self.documents[document]
        model.enableAutomaticCalculation(False)  # noqa: FBT003 - as UNO calls it
        model.lockControllers()
        model.addActionLock()
        cells = model.Sheets.getByName(sheet)
        for address, entry in entries.items():
            cell = cells.getCellRangeByName(address)
            own = self.formats.setdefault((document, sheet, address), cell.NumberFormat)
            if entry is None:
                cell.clearContents(1 | 2 | 4 | 16)
            elif isinstance(entry, str) and entry.startswith("="):
                cell.setFormula(entry)
            elif isinstance(entry, str):
                cell.setString(entry)
            else:
                cell.setValue(float(entry))
            wanted = self.logical(model) if isinstance(entry, bool) else own
            if cell.NumberFormat != wanted:
                cell.NumberFormat = wanted
        model.removeActionLock()
        model.unlockControllers()

    def logical(self, model):
        """Return the number format of true and false."""
        return model.NumberFormats.getStandardFormat(LOGICAL_FORMAT, uno.createUnoStruct(LOCALE))

    def values(self, document, sheet, area):
        """Return the rows of an area: numbers, texts (empty for a blank) and None for an error."""
        return [list(row) for row in self.cell(document, sheet, area).getDataArray()]

    def show_as_screen(self, document, sheet, path, kind, *, width, height):
        """Print a sheet as a screen of so many pixels shows it: full size, with letters and numbers."""
        model = self.documents[document]
        shown = model.Sheets.getByName(sheet)
        cursor = shown.createCursor()
        cursor.gotoEndOfUsedArea(True)  # noqa: FBT003 - as UNO calls it
        end = cursor.RangeAddress
        for title in model.Sheets.ElementNames:
            model.Sheets.getByName(title).setPrintAreas(())  # beside one that has an area they are not printed
        shown.setPrintAreas((shown.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).RangeAddress,))
        shown.setPrintTitleRows(False)
        shown.removeAllManualPageBreaks()
        style = model.StyleFamilies.getByName("PageStyles").getByName(shown.PageStyle)
        style.IsLandscape = width > height
        style.Width, style.Height = (round(pixels * INCH / SCREEN_DPI) for pixels in (width, height))
        for margin in ("LeftMargin", "RightMargin", "TopMargin", "BottomMargin"):
            style.setPropertyValue(margin, 0)
        for off in ("HeaderIsOn", "FooterIsOn", "CenterHorizontally", "CenterVertically"):
            style.setPropertyValue(off, False)  # noqa: FBT003
        style.PrintHeaders = True
        style.ScaleToPages = style.ScaleToPagesX = style.ScaleToPagesY = 0
        style.PageScale = 100
        options = properties(FilterName=FILTERS[kind], Overwrite=True)
        model.storeToURL(uno.systemPathToFileUrl(path), options)

    def recalculate(self, document):
        """Calculate every formula anew."""
        self.documents[document].calculateAll()

    def save(self, document, path, kind, password=""):
        """Write a copy in a format of FILTERS, locked with a password where one is given."""
        options = {"FilterName": FILTERS[kind], "Overwrite": True}
        if kind == "csv":
            options["FilterOptions"] = "44,34,76"  # commas, quotation marks, UTF-8
        if password:
            options["Password"] = password
        self.documents[document].storeToURL(uno.systemPathToFileUrl(path), properties(**options))

    def close(self, document):
        """Close a document, its changes forgotten."""
        opened = self.documents.pop(document)
        opened.setModified(False)
        opened.close(True)  # noqa: FBT003 - DeliverOwnership, as UNO calls it

    def alive(self):
        """Tell whether LibreOffice still answers."""
        try:
            return self.desktop.Frames is not None
        except Exception:
            return False


COMMANDS = frozenset(
    {
        "carry",
        "carry_values",
        "clear",
        "close",
        "copy",
        "copy_sheet",
        "delete_cells",
        "delete_columns",
        "delete_rows",
        "delete_sheet",
        "drag",
        "enter",
        "fill",
        "hide_rows",
        "insert_cells",
        "insert_columns",
        "insert_rows",
        "merge",
        "move_sheet",
        "open",
        "read",
        "recalculate",
        "rename",
        "save",
        "sheets",
        "show_as_screen",
        "sort",
        "type",
        "unprotect",
        "values",
    }
)


def connect(resolver, url):
    """Return the context of the LibreOffice behind a pipe, waiting for it to come up."""
    deadline = time.monotonic() + CONNECT_SECONDS
    while True:
        try:
            return resolver.resolve(url)
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def answer(server, request):
    """Run one request; a mistake becomes an answer, a dead LibreOffice the end."""
    command = request.pop("command")
    if command not in COMMANDS:
        return {"error": f"no command {command}"}
    try:
        return {"result": getattr(server, command)(**request)}
    except Exception as error:
        if not server.alive():
            raise
        return {"error": f"{type(error).__name__}: {error}".replace("\n", " ")}


def main():
    """Answer requests until the input ends."""
    server = Server(sys.argv[1])
    print(json.dumps({"result": "ready"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(server, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
