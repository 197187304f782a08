"""Read an admitted file as a workbook, whatever its format."""

from collections.abc import Callable, Mapping

from gwxl.containers.limits import DEFAULT_LIMITS, Limits
from gwxl.errors import RefusedError
from gwxl.spreadsheets.admission.content import container_kind
from gwxl.spreadsheets.admission.door import Admitted
from gwxl.spreadsheets.admission.kinds import Kind
from gwxl.spreadsheets.admission.transfer import damage
from gwxl.spreadsheets.book import Book
from gwxl.spreadsheets.encryption import unlock
from gwxl.spreadsheets.ods.workbook import read_ods
from gwxl.spreadsheets.xls.workbook import is_locked, read_xls
from gwxl.spreadsheets.xlsx.workbook import read_ooxml

_READERS: Mapping[Kind, Callable[[Admitted, Limits], Book]] = {
    Kind.XLSX: read_ooxml,
    Kind.XLSM: read_ooxml,
    Kind.XLTX: read_ooxml,
    Kind.XLTM: read_ooxml,
    Kind.XLS: read_xls,
    Kind.ODS: read_ods,
    Kind.FODS: read_ods,
}

EXCESSES = frozenset({"too_many_cells", "too_many_sheets", "too_many_merges", "too_many_names", "overloaded"})
"""Why a workbook is refused that is only too large."""

_DAMAGE = frozenset({"damaged", "truncated", "duplicate_cell", "address"})


def read_book(admitted: Admitted, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Return the cells, names and properties of a workbook; one that is locked is unlocked first, if it can be.

    Raises:
        RefusedError: the kind is not read, or the file is damaged or costs more than its limits.
    """
    try:
        return _read(admitted, limits)
    except RefusedError as error:
        kind = damage(admitted.data) if error.reason in _DAMAGE else None
        if kind is None:
            raise
        raise RefusedError(kind.value) from error


def glimpse(admitted: Admitted, limits: Limits) -> Book | None:
    """Return the beginning of a workbook that is too large, None if not even that can be read."""
    try:
        return read_book(admitted, limits.of_beginning())
    except RefusedError:
        return None


def _read(admitted: Admitted, limits: Limits) -> Book:
    if admitted.kind is Kind.ENCRYPTED or (admitted.kind is Kind.XLS and is_locked(admitted.data, limits)):
        admitted = unlock(admitted, limits)
    reader = _READERS.get(admitted.kind)
    if reader is not None:
        return reader(admitted, limits)
    # What could not be looked into at the door says here why.
    kind = container_kind(admitted.data, limits) if admitted.kind is Kind.BROKEN else admitted.kind
    raise RefusedError(kind.value)
