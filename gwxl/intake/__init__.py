"""From one file to what it says: let in, found, read, judged."""

from gwxl.intake.checking import check_file, in_order, refused, rejudge
from gwxl.intake.rows import DOUBTS

__all__ = ["DOUBTS", "check_file", "in_order", "refused", "rejudge"]
