"""Say where a figure of a summary comes from."""

from functools import partial
from pathlib import Path

from gwxl.summary.stored.aside import aside
from gwxl.summary.stored.explaining import Explanation, explain_figure


def explain(summary: Path, key: str, site: str | None = None) -> Explanation:
    """Return every place a figure stands at, the counted ones and those left out.

    Args:
        summary: a summary that gwxl wrote.
        key: a field's key, a choice (``innovations.other``), a table's column (``other_media.posts``) or cell.
        site: the code of one site, None for the total.

    Raises:
        SettingsError: the file is no summary, was typed into since it was written, or holds no such key or site.
    """
    return aside(partial(explain_figure, key=key, site=site), summary)
