"""A summary → one page that says how it stands (work): for those who read it and do not open a workbook."""

from gwxl.reporting.reporting import Reported, write_report

__all__ = ["Reported", "write_report"]
