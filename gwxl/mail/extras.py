"""The packages of the extra ``mail``: loaded when they are first needed, and named where they are not installed."""

import importlib
import logging
from collections.abc import Callable, Mapping
from types import ModuleType

from gwxl.errors import RefusedError

_PACKAGES: Mapping[str, Callable[[], ModuleType]] = {
    "flufl.bounce": lambda: importlib.import_module("flufl.bounce"),
    "imap_tools": lambda: importlib.import_module("imap_tools"),
    "olefile": lambda: importlib.import_module("olefile"),
    "oxmsg.properties": lambda: importlib.import_module("oxmsg.properties"),
    "oxmsg.storage": lambda: importlib.import_module("oxmsg.storage"),
    "tnefparse": lambda: importlib.import_module("tnefparse"),
}


def extra(name: str) -> ModuleType:
    """Return a package of the extra; what it would log goes nowhere.

    Raises:
        RefusedError: ``mail_extra``: it is not installed.
    """
    log = logging.getLogger(name.split(".", 1)[0])
    log.addHandler(logging.NullHandler())
    log.propagate = False
    try:
        return _PACKAGES[name]()
    except ImportError as error:
        raise RefusedError("mail_extra", package=name) from error
