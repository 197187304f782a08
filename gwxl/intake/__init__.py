"""From one file to what it says (heart): let in, found, read, judged."""

from gwxl.intake.checking import Member, Members, check_file, check_part, in_order, refused, rejudge
from gwxl.intake.rows import DOUBTS

__all__ = ["DOUBTS", "Member", "Members", "check_file", "check_part", "in_order", "refused", "rejudge"]
