"""Summaries opened as any program opens them."""

import warnings
from pathlib import Path

import openpyxl


def open_book(path: Path, *, formulas: bool = False) -> openpyxl.Workbook:
    """Open a workbook with openpyxl, which says that it does not know the extension data bars are written in."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* extension is not supported")
        return openpyxl.load_workbook(path, data_only=not formulas)
