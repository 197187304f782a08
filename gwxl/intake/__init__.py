"""From one file to what it says: let in, found, read, judged."""

from gwxl.intake.checking import check_file, in_order, refused, rejudge

__all__ = ["check_file", "in_order", "refused", "rejudge"]
