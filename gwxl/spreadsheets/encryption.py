"""Open workbooks that need a password: Excel's own, or the one the clerk was told.

The clerk's password comes from the file that ``GWXL_PASSWORD_FILE`` names (its first line), else from
``GWXL_PASSWORD``; never from the command line, where others could read it. The work is done by the optional package
msoffcrypto; without it such a file stays closed.
"""

import importlib
import io
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from gwxl.containers.limits import DEFAULT_LIMITS, Limits
from gwxl.containers.ole import read_stream
from gwxl.containers.xml import INDEX, Attributes, Markup
from gwxl.errors import RefusedError
from gwxl.spreadsheets.admission.door import Admitted, admit_bytes
from gwxl.spreadsheets.admission.kinds import Kind
from gwxl.wording.system import system_words

PASSWORD_FILE = "GWXL_PASSWORD_FILE"  # noqa: S105 - the name of a setting
PASSWORD = "GWXL_PASSWORD"  # noqa: S105 - the name of a setting

_EXCELS_OWN = "VelvetSweatshop"  # what Excel locks a workbook with that it opens without asking
_INFO = "EncryptionInfo"
_LONGEST_PASSWORD = 255
_MOST_TURNS = 1_000_000  # Excel makes 100,000
_MOST_KEY_BITS = 512
_AGILE = (4, 4)
_INFO_HEAD = 8
_LARGEST_BINARY = 4 * 1024 * 1024  # its bytes are undone one by one


def unlock(admitted: Admitted, limits: Limits = DEFAULT_LIMITS) -> Admitted:
    """Return what a locked workbook holds; its kind is told anew by its bytes.

    Raises:
        RefusedError: ``encrypted``: no password at hand opens it, or the package for it is missing;
            ``costly_password``, ``too_large``, ``password_file``.
    """
    package = _package()
    if package is None:
        raise RefusedError("encrypted")
    _check(admitted, limits)
    for password in _passwords():
        data = _decrypt(package, admitted.data, password)
        if data is not None:
            return admit_bytes(data, limits)
    raise RefusedError("encrypted")


def _package() -> ModuleType | None:
    # By its name, when it is needed: it is optional, and slow to load.
    try:
        return importlib.import_module("msoffcrypto")
    except ImportError:
        return None


def _passwords() -> Iterator[str]:
    yield _EXCELS_OWN
    path = os.environ.get(PASSWORD_FILE)
    if path:
        try:
            with Path(path).open(encoding="utf-8-sig") as file:
                told = file.readline(_LONGEST_PASSWORD + 2)
        except (OSError, ValueError) as error:
            raise RefusedError("password_file", setting=PASSWORD_FILE, path=path, error=system_words(error)) from None
    else:
        told = os.environ.get(PASSWORD, "")
    told = told.rstrip("\r\n")
    if told:
        yield told


def _check(admitted: Admitted, limits: Limits) -> None:
    """Refuse what would cost more than an honest file, before a password is tried."""
    if admitted.kind is Kind.XLS:
        if admitted.size > _LARGEST_BINARY:
            megabyte = 1024 * 1024
            raise RefusedError("too_large", size=f"{admitted.size / megabyte:.1f}", limit=_LARGEST_BINARY // megabyte)
        return
    info = read_stream(admitted.data, _INFO) or b""
    version = (int.from_bytes(info[:2], "little"), int.from_bytes(info[2:4], "little"))
    if version == _AGILE:
        Markup(limits).parse(_INFO, info[_INFO_HEAD:], {"encryptedKey": _check_key, "keyData": _check_key}, {})


def _check_key(attributes: Attributes) -> None:
    for name, most in (("spinCount", _MOST_TURNS), ("keyBits", _MOST_KEY_BITS)):
        told = attributes.get(name, "0").strip()
        if not INDEX.match(told) or int(told) > most:
            raise RefusedError("costly_password")


def _decrypt(package: ModuleType, data: bytes, password: str) -> bytes | None:
    """Return the bytes a password opens, None if it does not."""
    target = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the old ciphers, which old files were locked with
            file = package.OfficeFile(io.BytesIO(data))
            _check_again(file)
            file.load_key(password=password, **_verify_options(file))
            file.decrypt(target)
    except RefusedError:
        raise
    except Exception:  # noqa: BLE001 - it raises whatever its parsers raise on bytes that are not what they should be
        return None
    return target.getvalue()


def _check_again(file: Any) -> None:
    """Hold the limits for the package's own reading, which may have found another stream of that name."""
    info = getattr(file, "info", {})
    if info.get("spinValue", 0) > _MOST_TURNS or info.get("passwordKeyBits", 0) > _MOST_KEY_BITS:
        raise RefusedError("costly_password")


def _verify_options(file: Any) -> dict[str, bool]:
    return {"verify_password": True} if getattr(file, "format", "") == "ooxml" else {}
