"""Read an admitted file as a workbook, whatever its format."""

from gwxl.errors import RefusedError
from gwxl.workbook.cells import Book
from gwxl.workbook.door import Admitted
from gwxl.workbook.kinds import Kind, container_kind
from gwxl.workbook.limits import DEFAULT_LIMITS, Limits
from gwxl.workbook.ooxml import read_ooxml

_READERS = dict.fromkeys((Kind.XLSX, Kind.XLSM, Kind.XLTX, Kind.XLTM), read_ooxml)


def read_book(admitted: Admitted, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Return the cells, names and properties of a workbook.

    Raises:
        RefusedError: the kind is not read, or the file is damaged or costs more than its limits.
    """
    reader = _READERS.get(admitted.kind)
    if reader is not None:
        return reader(admitted, limits)
    # What could not be looked into at the door says here why.
    kind = container_kind(admitted.data, limits) if admitted.kind is Kind.BROKEN else admitted.kind
    raise RefusedError(kind.value)
