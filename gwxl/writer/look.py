"""The look of the workbooks that go out: an official form, calm, made to be printed and stamped.

One font in three sizes, one dark colour for section bands, one pale colour for what is to be filled in.
Every style says whether its cells are locked; Normal is open, so that a cell pasted over stays open.
"""

from collections.abc import Mapping
from typing import Any

FONT = "微软雅黑"
TITLE_SIZE = 18
BODY_SIZE = 11
SMALL_SIZE = 9

DARK = "#1F3864"
LIGHT = "#EDEDED"
PALE = "#EAF2FB"
GREY = "#595959"
LINE = "#A6A6A6"
OPEN_TEXT = "#843C0C"
OPEN_FILL = "#FDF1E3"
PENDING_TEXT = "#8C8C8C"

NORMAL: Mapping[str, Any] = {
    "font_name": FONT,
    "font_size": BODY_SIZE,
    "font_family": 2,
    "font_charset": 134,
    "font_scheme": "none",  # a font of the theme would be shown instead of the one named
    "valign": "vcenter",
    "locked": 0,
}

_BOX = {"border": 1, "border_color": LINE}
_SMALL = {"font_size": SMALL_SIZE, "font_color": GREY}
_BAND = {"bg_color": DARK, "font_color": "#FFFFFF", "bold": 1, "locked": 1, "top": 1, "bottom": 1, "border_color": DARK}
_GROUP = {"bg_color": LIGHT, "bold": 1, "locked": 1, "top": 1, "bottom": 1, "top_color": LINE, "bottom_color": LINE}
_INPUTS: Mapping[str, Mapping[str, Any]] = {
    "input": {**_BOX, "bg_color": PALE, "text_wrap": 1, "indent": 1, "align": "left", "locked": 0},
    "input_line": {**_BOX, "bg_color": PALE, "shrink": 1, "indent": 1, "align": "left", "locked": 0},
    "input_number": {**_BOX, "bg_color": PALE, "align": "right", "indent": 1, "locked": 0},
    "input_choice": {**_BOX, "bg_color": PALE, "align": "center", "text_wrap": 1, "locked": 0},
}

STYLES: Mapping[str, Mapping[str, Any]] = {
    "outside": {"locked": 1},
    "key": {**_SMALL, "locked": 1},
    "title": {"font_size": TITLE_SIZE, "bold": 1, "align": "center_across", "locked": 1},
    "title_left": {"font_size": TITLE_SIZE, "bold": 1, "locked": 1},
    "plain": {"locked": 1},
    "lead": {"bold": 1, "indent": 1, "locked": 1},
    "guidance_line": {"indent": 1, "locked": 1},
    "guidance_small": {"font_size": SMALL_SIZE, "indent": 1, "locked": 1},
    "guide": {"font_size": SMALL_SIZE, "font_color": DARK, "indent": 1, "locked": 1},
    "guide_wrapped": {"font_size": SMALL_SIZE, "font_color": DARK, "text_wrap": 1, "indent": 1, "locked": 1},
    "guide_right": {**_SMALL, "align": "right", "locked": 1},
    "progress": {"bold": 1, "font_color": DARK, "align": "left", "indent": 1, "locked": 1},
    "head": {**_BOX, "bg_color": LIGHT, "bold": 1, "align": "center", "text_wrap": 1, "locked": 1},
    "band": {**_BAND, "indent": 1},
    "band_number": {**_BAND, "align": "center"},
    "band_clause": {**_BAND, "font_size": SMALL_SIZE, "bold": 0, "text_wrap": 1, "indent": 1},
    "group": {**_GROUP, "indent": 1},
    "group_hint": {**_GROUP, **_SMALL, "bold": 0, "indent": 1},
    "group_number": {**_GROUP, "align": "center"},
    "number": {**_BOX, "align": "center", "locked": 1},
    "label": {**_BOX, "text_wrap": 1, "indent": 1, "locked": 1},
    "label_inner": {**_BOX, "text_wrap": 1, "indent": 2, "locked": 1},
    "unit": {**_BOX, **_SMALL, "align": "center", "locked": 1},
    "previous": {**_BOX, **_SMALL, "align": "center", "text_wrap": 1, "locked": 1},
    "previous_number": {**_BOX, **_SMALL, "align": "right", "shrink": 1, "locked": 1},
    "clause": {**_BOX, **_SMALL, "text_wrap": 1, "indent": 1, "locked": 1},
    "check": {**_BOX, "font_size": SMALL_SIZE, "align": "center", "text_wrap": 1, "locked": 1},
    "pointer": {**_BOX, **_SMALL, "text_wrap": 1, "indent": 1, "locked": 1},
    **_INPUTS,
    **{f"{name}_fixed": {**look, "bg_color": LIGHT, "locked": 1} for name, look in _INPUTS.items()},
    "remark": {**_BOX, "font_size": SMALL_SIZE, "text_wrap": 1, "locked": 0},
    "closed": {**_BOX, "bg_color": "#BFBFBF", "locked": 1},
    "head_row": {**_BOX, "bg_color": LIGHT, "align": "left", "indent": 1, "text_wrap": 1, "locked": 1},
    "table_end": {**_SMALL, "locked": 1, "top": 1, "top_color": LINE},
    "signature": {
        "bg_color": PALE,
        "bottom": 1,
        "bottom_color": GREY,
        "indent": 1,
        "shrink": 1,
        "align": "left",
        "locked": 0,
    },
    "seal": {**_SMALL, "left": 1, "right": 1, "top": 1, "border_color": GREY, "align": "center", "locked": 1},
    "seal_inside": {"left": 1, "right": 1, "border_color": GREY, "locked": 1},
    "seal_end": {"left": 1, "right": 1, "bottom": 1, "border_color": GREY, "locked": 1},
    "seal_box": {**_SMALL, "border": 1, "border_color": GREY, "align": "center", "valign": "top", "locked": 1},
    "marker": {"font_size": SMALL_SIZE, "font_color": "#A6A6A6", "locked": 1},
    "paragraph": {"text_wrap": 1, "indent": 1, "locked": 1},
    "section_text": {**_BAND, "indent": 1},
    "group_text": {**_GROUP, "indent": 1},
    "review": {**_BOX, "align": "center", "text_wrap": 1, "locked": 1},
    "review_small": {**_BOX, **_SMALL, "text_wrap": 1, "indent": 1, "locked": 1},
    "review_link": {**_BOX, "align": "center", "font_color": "#0563C1", "underline": 1, "locked": 1},
    "review_error": {**_BOX, "align": "center", "font_color": "#9C0006", "bg_color": "#FBE3E4", "locked": 1},
    "review_verify": {**_BOX, "align": "center", "font_color": "#7F5200", "bg_color": "#FFF4CE", "locked": 1},
    "review_beside": {
        **_BOX,
        "font_size": SMALL_SIZE,
        "font_color": OPEN_TEXT,
        "text_wrap": 1,
        "indent": 1,
        "locked": 1,
    },
    "row_error": {"font_color": "#9C0006", "bg_color": "#FBE3E4"},
    "row_verify": {"font_color": "#7F5200", "bg_color": "#FFF4CE"},
    "row_hint": {"font_color": "#1F4E79", "bg_color": "#E4EEF8"},
    "row_left_out": {"font_color": GREY, "bg_color": "#D9D9D9"},
    "row_fine": {"font_color": "#2E6B34"},
    "pending": {"font_size": SMALL_SIZE, "font_color": PENDING_TEXT, "align": "center", "locked": 1},
}
