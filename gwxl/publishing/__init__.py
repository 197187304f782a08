"""Pages (work): to publish, of one return or of all that passed in a summary; and the receipt of what was counted."""

from gwxl.publishing.counted import Counted, write_receipt
from gwxl.publishing.folder import PublishedSummary, publish_summary
from gwxl.publishing.page import report_page
from gwxl.publishing.single import Published, publish

__all__ = ["Counted", "Published", "PublishedSummary", "publish", "publish_summary", "report_page", "write_receipt"]
