"""What the page in a browser asks (outside): requests as JSON in, the documents of ``--json`` out."""

from gwxl.browser.desk import Desk
from gwxl.engines.relayed import work

__all__ = ["Desk", "work"]
