"""The workbooks that go out (heart): a form made into a locked, checked template."""

from gwxl.live.inputs import MOST_ROWS
from gwxl.template.bound import site_answers
from gwxl.template.issue import Notice
from gwxl.template.making import Template, make_template, render_letter, write_letter, write_template
from gwxl.template.review import Done, Point, Review, Reviewed, State, left_words, place_label

__all__ = [
    "MOST_ROWS",
    "Done",
    "Notice",
    "Point",
    "Review",
    "Reviewed",
    "State",
    "Template",
    "left_words",
    "make_template",
    "place_label",
    "render_letter",
    "site_answers",
    "write_letter",
    "write_template",
]
