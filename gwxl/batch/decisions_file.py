"""decisions.csv: UTF-8 with BOM, so that a spreadsheet opens it; filled rows are never changed."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from gwxl.batch.batch import Decision
from gwxl.batch.decisions import Verb
from gwxl.errors import SettingsError
from gwxl.inert import inert_line
from gwxl.outputs import refuse_nothing, replacing
from gwxl.wording import LANGUAGES, each, text

FILE_NAME = "decisions.csv"

# What a clerk reads and writes comes first, what ties the row to its case last.
_COLUMNS = ("file", "site", "question", "decision", "reason", "who", "when", "rule", "key", "sha256")
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # no blank is left in front of them
_ENCODINGS = ("utf-8-sig", "gb18030")  # spreadsheets under a Chinese Windows save CSV files in the latter
_LARGEST = 50_000_000


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """Read a decisions file; none is there on the first merge.

    Raises:
        SettingsError: it cannot be read, a column is missing, or a row decides something unknown.
    """
    if not path.exists():
        return ()
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    columns = [_column(head) for head in next(reader, [])]
    missing = {"sha256", "key", "rule", "decision"} - set(columns)
    if missing:
        raise SettingsError(each("failure.columns", path=path, columns=", ".join(sorted(missing))))
    return tuple(_decisions(path, columns, reader))


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(each("failure.unreadable", path=path, reason=error.strerror)) from error
    for encoding in _ENCODINGS:
        try:
            return data[:_LARGEST].decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SettingsError(each("failure.encoding", path=path))


def _column(head: str) -> str:
    """Return the column a head names by its first word: heads are written as ``decision 决定``."""
    return head.strip().partition(" ")[0].lower()


def _decisions(path: Path, columns: Sequence[str], reader: Iterator[list[str]]) -> Iterator[Decision]:
    for number, row in enumerate(reader, 2):
        values = {name: value for name, value in zip(columns, row, strict=False) if name in _COLUMNS}
        if not any(values.values()):
            continue
        values["decision"] = _verb(path, number, values["decision"])
        yield Decision(**{"sha256": "", **{name: value.strip().removeprefix("'") for name, value in values.items()}})


def _verb(path: Path, number: int, word: str) -> str:
    known = {text(f"decision.verb_{verb}", language): str(verb) for verb in Verb for language in LANGUAGES}
    known |= {str(verb): str(verb) for verb in Verb}
    cleaned = word.strip().lower()
    if cleaned and cleaned not in known:
        choices = " / ".join(known)
        raise SettingsError(each("failure.verb", path=path, line=number, word=inert_line(word), choices=choices))
    return known.get(cleaned, "")


def merged_rows(filled: Sequence[Decision], cases: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return the filled rows unchanged, then a row for each open case that no filled row answers."""
    kept = tuple(one for one in filled if one.decision)
    answered = {(one.sha256, one.key, one.rule) for one in kept}
    return kept + tuple(case for case in cases if (case.sha256, case.key, case.rule) not in answered)


def write_decisions(path: Path, rows: Sequence[Decision], language: str) -> None:
    """Write a decisions file whole, or leave the old one as it is.

    Raises:
        OutputError: it cannot be written, e.g. because a spreadsheet holds it open.
    """
    with replacing(path, refuse_nothing) as draft, draft.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(text(f"decision.column_{name}", language) for name in _COLUMNS)
        writer.writerows([_shown(one, name, language) for name in _COLUMNS] for one in rows)


def _shown(decision: Decision, name: str, language: str) -> str:
    value = str(getattr(decision, name))
    if name == "decision" and value:
        return text(f"decision.verb_{value}", language)
    shown = inert_line(value, 2_000)
    return f"'{shown}" if shown.startswith(_FORMULA_STARTS) else shown
