"""The workbooks that go out: a form made into a locked, checked template."""

from gwxl.template.issue import Notice
from gwxl.template.making import Template, render_letter, write_letter, write_template

__all__ = ["Notice", "Template", "render_letter", "write_letter", "write_template"]
