"""From one file to what it says (heart): let in, found, read, judged."""

from gwxl.intake.checking import Member, Members, check_file, read_part, refuse_file
from gwxl.intake.doubtful_rows import DOUBTS
from gwxl.intake.judging import judge_reading, rejudge, sort_findings

__all__ = [
    "DOUBTS",
    "Member",
    "Members",
    "check_file",
    "judge_reading",
    "read_part",
    "refuse_file",
    "rejudge",
    "sort_findings",
]
