"""The look of a summary: one font, three sizes, one dark colour, one light grey."""

from collections.abc import Mapping
from typing import Any

from gwxl.records.finding import Severity

FONT = "宋体"
TITLE_FONT = "黑体"
TITLE, BODY, SMALL = 16, 11, 9
FIGURE = 20  # what is read from across a desk

DARK = "#1F3A5F"
GREY = "#EDEFF2"
LINE = "#BFC5CD"
FAINT = "#5F6873"
RED = "#B3261E"
ALARM = "#FBEDEC"
AMBER = "#8A5A00"
GREEN = "#2E6B34"
LINK = "#0563C1"
SERIES = ("#1F3A5F", "#7C9CC0", "#C9A227", "#B8BEC6")  # told apart in print without colour too
BAR = "#9DB7D5"

EDGE = "_)"
"""What ends the format of a number: LibreOffice leaves out the indent of one beside another that is shown otherwise."""
COUNT = f"#,##0{EDGE}"
MEASURE = f"#,##0.0#######{EDGE}"
MEAN = f"#,##0.00{EDGE}"

NORMAL: Mapping[str, Any] = {
    "font_name": FONT,
    "font_size": BODY,
    "font_scheme": "none",  # a font of the theme would be shown instead of the one named
}

_BASE: Mapping[str, Any] = {"valign": "vcenter"}
_BOX: Mapping[str, Any] = {**_BASE, "border": 1, "border_color": LINE}
# "@" keeps "=1+1" a text when edited.
_TEXT: Mapping[str, Any] = {**_BOX, "num_format": "@", "text_wrap": True, "indent": 1}
_TOTAL: Mapping[str, Any] = {**_BOX, "bg_color": GREY, "bold": True}
_STATE: Mapping[str, Any] = {**_BOX, "align": "center"}
_SMALL: Mapping[str, Any] = {"font_size": SMALL, "font_color": FAINT}

STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {**_BASE, "font_name": TITLE_FONT, "font_size": TITLE, "bold": True, "font_color": DARK},
    "heading": {**_BASE, "font_name": TITLE_FONT, "font_color": DARK, "bottom": 2, "bottom_color": DARK},
    "note": {**_BASE, **_SMALL},
    "plain": {**_BASE, "text_wrap": True},
    "strong": {**_BASE, "bold": True},
    "key": {**_BASE, **_SMALL, "num_format": "@"},
    "band": {**_BOX, "font_name": TITLE_FONT, "font_color": "#FFFFFF", "bg_color": DARK, "border_color": DARK},
    "band_head": {
        **_BOX,
        "font_name": TITLE_FONT,
        "font_color": "#FFFFFF",
        "bg_color": DARK,
        "border_color": DARK,
        "left_color": "#FFFFFF",
        "align": "center",
        "text_wrap": True,
    },
    "group": {**_BOX, "bg_color": GREY, "bold": True},
    "group_head": {**_BOX, "bg_color": GREY, "bold": True, "align": "center"},
    "head": {**_BOX, "bg_color": GREY, "bold": True, "align": "center", "text_wrap": True},
    "filter_head": {**_BOX, "bg_color": GREY, "bold": True, "align": "center", "valign": "top", "text_wrap": True},
    "closed": {**_BOX, "bg_color": LINE},
    "of": {**_BOX, **_SMALL, "align": "center"},
    "text": _TEXT,
    "line": _TEXT,
    "code": _TEXT,
    "small": {**_TEXT, **_SMALL},
    "digest": {**_BOX, **_SMALL, "num_format": "@", "align": "fill"},  # cut at its edge: nobody reads all of it
    "centre": {**_BOX, "align": "center", "text_wrap": True},
    "number": {**_BOX, "num_format": COUNT, "align": "right"},
    "measure": {**_BOX, "num_format": MEASURE, "align": "right"},
    "exact": {**_TEXT, "align": "right", "indent": 1},
    "mark": {**_TEXT, "font_color": RED, "align": "right", "indent": 1, "bg_color": ALARM},
    "wrong": {**_TEXT, "font_color": RED, "bg_color": ALARM},
    "absent": {**_TEXT, **_SMALL, "align": "center", "indent": 0},
    "tick": {**_BOX, "align": "center"},
    "total": {**_TOTAL, "num_format": COUNT, "align": "right"},
    "total_measure": {**_TOTAL, "num_format": MEASURE, "align": "right"},
    "total_mean": {**_TOTAL, "num_format": MEAN, "align": "right"},
    "total_exact": {**_TOTAL, "num_format": "@", "align": "right", "indent": 1, "text_wrap": True},
    "total_label": {**_TOTAL, "align": "left", "indent": 1},
    "total_tally": {**_TOTAL, "align": "left", "text_wrap": True},
    "figure": {**_BOX, "font_size": FIGURE, "bold": True, "align": "center", "font_color": DARK, "num_format": "#,##0"},
    "figure_label": {**_BOX, **_SMALL, "align": "center", "bg_color": GREY},
    "meaning": {**_BOX, **_SMALL, "indent": 1},
    "day": {**_BASE, "align": "right", "font_color": FAINT},
    "sign": {**_BASE, "align": "right", "valign": "bottom"},
    "sign_line": {**_BASE, "bottom": 1, "bottom_color": FAINT},
    Severity.ERROR: {**_STATE, "font_color": RED, "bold": True},
    Severity.VERIFY: {**_STATE, "font_color": AMBER, "bold": True},
    Severity.HINT: {**_STATE, "font_color": FAINT},
    "unsent": {**_STATE, "font_color": RED, "bold": True, "bg_color": ALARM},
    "link": {**_STATE, "font_color": LINK, "underline": 1},
    "link_number": {**_BOX, "num_format": COUNT, "align": "right", "font_color": LINK, "underline": 1},
    "fine": {**_STATE, "font_color": GREEN},
}

SIZES = {name: int(properties.get("font_size", BODY)) for name, properties in STYLES.items()}
WRAPPED = frozenset(name for name, properties in STYLES.items() if properties.get("text_wrap"))
