"""What is wrong with one file of a campaign, all of it told at once."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from gwxl.errors import CampaignError
from gwxl.wording import each

_MOST = 100  # told one by one


def refuse_mistakes(file: Path, mistakes: Sequence[Mapping[str, str]]) -> None:
    """Go on where a file holds no mistake.

    Args:
        file: the file.
        mistakes: of each, language → where it is, what was found and what to do.

    Raises:
        CampaignError: it holds some; the first hundred are told, and how many more there are.
    """
    told = [each("campaign.in_file", file=file, mistake=mistake) for mistake in mistakes[:_MOST]]
    if len(mistakes) > _MOST:
        told.append(each("campaign.more", file=file, count=len(mistakes) - _MOST))
    if told:
        raise CampaignError(told)
