"""A form's folder for its author to go on with: a small one, or a draft out of an office's workbook (work)."""

from gwxl.drafting.drafting import Drafted, draft_form
from gwxl.drafting.small_form import start_form

__all__ = ["Drafted", "draft_form", "start_form"]
