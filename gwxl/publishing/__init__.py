"""Pages to publish (work): of one return, or of all that passed in a summary, with an index."""

from gwxl.publishing.folder import PublishedSummary, publish_summary
from gwxl.publishing.page import report_page
from gwxl.publishing.single import Published, publish

__all__ = ["Published", "PublishedSummary", "publish", "publish_summary", "report_page"]
