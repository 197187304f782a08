"""From one file to what it says (heart): let in, found, read, judged."""

from gwxl.intake.checking import Member, Members, check_file, check_part, refuse_file, rejudge, sort_findings
from gwxl.intake.doubtful_rows import DOUBTS

__all__ = ["DOUBTS", "Member", "Members", "check_file", "check_part", "refuse_file", "rejudge", "sort_findings"]
