"""A small form to start from: a few questions of different kinds, their rules, a relation."""

from pathlib import Path

from gwxl.drafting.form_folder import write_folder

_SOURCES = Path(__file__).with_name("small")


def start_form(folder: Path, language: str) -> Path:
    """Write a small form into a new folder, and return that folder.

    Raises:
        OutputError: the folder is there already, its name cannot be the id of a form, or it cannot be written.
    """

    def source(name: str) -> str:
        content = (_SOURCES / f"{language}.{name}.toml").read_text("utf-8")
        return content.replace("{id}", folder.name).replace("{folder}", folder.name)

    write_folder(
        folder,
        {
            "rules/cells.toml": source("cells"),
            "rules/relations.toml": source("relations"),
            "form.toml": source("form"),
        },
    )
    return folder
