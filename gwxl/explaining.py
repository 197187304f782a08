"""Say where a figure of a summary comes from."""

from functools import partial
from pathlib import Path

from gwxl.summary.stored.explaining import explain_figure
from gwxl.summary.stored.explanation import Explanation
from gwxl.summary.stored.own_process import run_aside


def explain(summary: Path, key: str, site: str | None = None) -> Explanation:
    """Return every place a figure stands at, the counted ones and those left out.

    Args:
        summary: a summary that gwxl wrote.
        key: a field's key, a choice (``innovations.other``), a table's column (``other_media.posts``) or cell; a label
            or part of one; a cell of the summary (``N12``, ``分类汇总!G9``).
        site: the code of one site, its name or part of it, or its file; None for the total.

    Raises:
        SettingsError: the file is no summary, what it remembers of itself was changed, or it holds no such figure or
            site, or several.
    """
    return run_aside(partial(explain_figure, key=key, site=site), summary)
