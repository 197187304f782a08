"""The look of a summary: one font, three sizes, one dark colour, one light grey."""

from collections.abc import Mapping
from typing import Any

from gwxl.records.finding import Severity

FONT = "宋体"
TITLE_FONT = "黑体"
TITLE, BODY, SMALL = 16, 11, 9

DARK = "#1F3A5F"
GREY = "#EDEFF2"
LINE = "#BFC5CD"
FAINT = "#5F6873"
RED = "#B3261E"
ALARM = "#FBEDEC"
AMBER = "#8A5A00"
BAR = "#9DB7D5"

COUNT = "#,##0"
MEASURE = "#,##0.0#######"
MEAN = "#,##0.00"

NORMAL: Mapping[str, Any] = {
    "font_name": FONT,
    "font_size": BODY,
    "font_scheme": "none",  # a font of the theme would be shown instead of the one named
}

_BASE: Mapping[str, Any] = {"valign": "vcenter"}
_BOX: Mapping[str, Any] = {**_BASE, "border": 1, "border_color": LINE}
_TEXT: Mapping[str, Any] = {**_BOX, "num_format": "@", "text_wrap": True}  # "@" keeps "=1+1" a text when edited
_LINE: Mapping[str, Any] = {**_TEXT, "text_wrap": False}
_TOTAL: Mapping[str, Any] = {**_BOX, "bg_color": GREY, "bold": True}
_SMALL: Mapping[str, Any] = {"font_size": SMALL, "font_color": FAINT}

STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {**_BASE, "font_name": TITLE_FONT, "font_size": TITLE, "bold": True, "font_color": DARK},
    "heading": {**_BASE, "font_name": TITLE_FONT, "font_color": DARK, "bottom": 2, "bottom_color": DARK},
    "note": {**_BASE, **_SMALL},
    "plain": {**_BASE, "text_wrap": True},
    "strong": {**_BASE, "bold": True},
    "key": {**_BASE, **_SMALL, "num_format": "@"},
    "band": {**_BOX, "font_name": TITLE_FONT, "font_color": "#FFFFFF", "bg_color": DARK, "border_color": DARK},
    "group": {**_BOX, "bg_color": GREY, "bold": True},
    "head": {**_BOX, "bg_color": GREY, "bold": True, "align": "center", "text_wrap": True},
    "of": {**_BOX, **_SMALL, "align": "center"},
    "text": _TEXT,
    "line": _LINE,
    "code": _LINE,
    "small": {**_LINE, **_SMALL},
    "centre": {**_BOX, "align": "center"},
    "number": {**_BOX, "num_format": COUNT, "align": "right", "indent": 1},
    "measure": {**_BOX, "num_format": MEASURE, "align": "right", "indent": 1},
    "mean": {**_BOX, "num_format": MEAN, "align": "right", "indent": 1},
    "exact": {**_LINE, "align": "right", "indent": 1},
    "mark": {**_LINE, "font_color": RED, "align": "right", "indent": 1, "bg_color": ALARM},
    "wrong": {**_LINE, "font_color": RED, "bg_color": ALARM},
    "absent": {**_LINE, **_SMALL, "align": "center"},
    "tick": {**_BOX, "align": "center"},
    "total": {**_TOTAL, "num_format": COUNT, "align": "right", "indent": 1},
    "total_measure": {**_TOTAL, "num_format": MEASURE, "align": "right", "indent": 1},
    "total_mean": {**_TOTAL, "num_format": MEAN, "align": "right", "indent": 1},
    "total_exact": {**_TOTAL, "num_format": "@", "align": "right", "indent": 1},
    "total_label": {**_TOTAL, "align": "left"},
    Severity.ERROR: {**_BOX, "align": "center", "font_color": RED, "bold": True},
    Severity.VERIFY: {**_BOX, "align": "center", "font_color": AMBER, "bold": True},
    Severity.HINT: {**_BOX, "align": "center", "font_color": FAINT},
}

WRAPPED = frozenset(name for name, properties in STYLES.items() if properties.get("text_wrap"))
