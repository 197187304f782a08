"""The folder of a form that is written for its author: whole or not at all, never over one that is there."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from gwxl.drafting.schemas import write_schemas
from gwxl.errors import OutputError
from gwxl.files.outputs import fill_folder, refuse_standing
from gwxl.wording import each

_DIRECTIVE = {
    "form.toml": "#:schema ./schema/form.json\n",
    "rules/cells.toml": "#:schema ../schema/cells.json\n",
    "rules/relations.toml": "#:schema ../schema/relations.json\n",
}
"""What stands first in a file, so that an editor completes and underlines."""

_ID = re.compile(r"[a-z][a-z0-9_]{0,60}")


def refuse_name(folder: Path) -> None:
    """Refuse a folder whose name cannot be the id of a form.

    Raises:
        OutputError: it cannot.
    """
    if not _ID.fullmatch(folder.name):
        raise OutputError(each("failure.no_form_id", folder=folder.name))


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files of a form, name → content, into a new folder, each beside the schema that editors go by.

    Raises:
        OutputError: it is there already, its name cannot be the id of a form, or it cannot be written.
    """
    refuse_name(folder)
    refuse_standing(folder)
    schemas = {f"schema/{name}": json.dumps(one, indent=1) for name, one in write_schemas().items()}
    files = {**schemas, **{name: _DIRECTIVE[name] + content for name, content in files.items()}}
    with fill_folder(folder, tuple(files), refuse_standing) as place:
        for name, content in files.items():
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_text(content, "utf-8")
