"""The packages of the extra ``mail``: loaded when they are first needed, and named where they are not installed."""

import logging
from importlib import import_module
from types import ModuleType

from gwxl.errors import RefusedError


def extra(name: str) -> ModuleType:
    """Return a package of the extra; what it would log goes nowhere.

    Raises:
        RefusedError: ``mail_extra``: it is not installed.
    """
    log = logging.getLogger(name.partition(".")[0])
    log.addHandler(logging.NullHandler())
    log.propagate = False
    try:
        return import_module(name)
    except ImportError as error:
        raise RefusedError("mail_extra", package=name) from error
