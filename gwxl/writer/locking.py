"""Say of every cell format whether it is locked.

XlsxWriter leaves the protection of locked formats out; beside an open Normal style a program may then read
them as open. So the style part of the finished package says it for each.
"""

import re
import zipfile
from io import BytesIO

from gwxl.errors import WorkbookError

STYLES_PART = "xl/styles.xml"

_CELL_XFS = re.compile(r"<cellXfs\b[^>]*>(.*?)</cellXfs>", re.DOTALL)
_XF = re.compile(r"<xf\b([^<>]*?)(?:/>|>((?:(?!<xf\b).)*?)</xf>)", re.DOTALL)
_PROTECTION = re.compile(r"<protection\b([^>]*)/>")
_LOCKED = re.compile(r'\blocked="([^"]*)"')


def state_locks(package: bytes) -> bytes:
    """Return the package of a workbook with ``applyProtection`` and ``locked`` on every cell format.

    Raises:
        WorkbookError: the package has no cell formats.
    """
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for info in source.infolist():
            part = source.read(info)
            if info.filename == STYLES_PART:
                part = _explicit(part.decode("utf-8")).encode("utf-8")
            entry = zipfile.ZipInfo(info.filename, info.date_time)
            entry.external_attr = info.external_attr
            copy.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def explicit_locks(styles: str) -> list[bool | None]:
    """Return locked or open of each cell format in a style part, None where it does not say."""
    match = _CELL_XFS.search(styles)
    return [_read_stated(xf[1], xf[2] or "") for xf in _XF.finditer(match[1])] if match else []


def _explicit(styles: str) -> str:
    match = _CELL_XFS.search(styles)
    if match is None:
        message = f"{STYLES_PART}: no cell formats found, the locks cannot be written"
        raise WorkbookError(message)
    stated = _XF.sub(_state, match[1])
    return styles[: match.start(1)] + stated + styles[match.end(1) :]


def _state(xf: re.Match[str]) -> str:
    attributes, inner = xf[1].rstrip(), xf[2] or ""
    found = _PROTECTION.search(inner)
    locked = _LOCKED.search(found[1]) if found else None
    if not _says_apply(attributes):
        attributes += ' applyProtection="1"'
    protection = f'<protection locked="{locked[1] if locked else 1}"/>'
    return f"<xf{attributes}>{_PROTECTION.sub('', inner)}{protection}</xf>"


def _says_apply(attributes: str) -> bool:
    return 'applyProtection="1"' in attributes


def _read_stated(attributes: str, inner: str) -> bool | None:
    found = _PROTECTION.search(inner)
    locked = _LOCKED.search(found[1]) if found else None
    return locked[1] in {"1", "true"} if locked and _says_apply(attributes) else None
