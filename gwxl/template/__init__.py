"""The workbooks that go out (heart): a form made into a locked, checked template."""

from gwxl.live.inputs import MOST_ROWS
from gwxl.template.making import Template, draft_template, make_template, render_letter, write_template
from gwxl.template.printed_pages import count_pages
from gwxl.template.review import Done, Point, Review, Reviewed, State, place_label, why_left
from gwxl.template.site_binding import site_answers

__all__ = [
    "MOST_ROWS",
    "Done",
    "Point",
    "Review",
    "Reviewed",
    "State",
    "Template",
    "count_pages",
    "draft_template",
    "make_template",
    "place_label",
    "render_letter",
    "site_answers",
    "why_left",
    "write_template",
]
