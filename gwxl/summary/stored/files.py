"""Look into a returned file for what stands in one cell, where the file is still the one that was read."""

import os
from pathlib import Path

from gwxl.errors import RefusedError
from gwxl.inert import inert
from gwxl.records.submission import Source
from gwxl.spreadsheets.address import read_address
from gwxl.spreadsheets.admission.door import admit, admit_bytes
from gwxl.spreadsheets.archive import Archive
from gwxl.spreadsheets.opening import read_book


def read_returned_cell(inbox: Path, source: Source, sheet: str, cell: str) -> str | None:
    """Return what a cell of a returned file holds.

    Args:
        inbox: the folder the file lies in; nothing outside it is opened.
        source: the workbook, as the summary names it.
        sheet: the title of the sheet.
        cell: the address.

    Returns:
        The text, empty for a blank; None where the file is gone, is another by now, or has no such cell.
    """
    place, path = read_address(cell), inbox / source.file
    home = os.path.realpath(inbox)
    if place is None:
        return None
    try:
        if os.path.commonpath([home, os.path.realpath(path)]) != home:
            return None
        admitted = admit(path)
        if source.member:
            archive = Archive(admitted.data)
            admitted = admit_bytes(archive.read(source.member)) if source.member in archive.names else admitted
        if admitted.sha256 != source.sha256:
            return None
        found = read_book(admitted).sheet(sheet)
    except (RefusedError, ValueError, OSError):
        return None
    if found is None:
        return None
    there = found.cells.get(place)
    return inert(there.text) if there else ""
