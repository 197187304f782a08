"""Merge what a clerk drops onto the page; her decisions, the summary, what goes back, and the report."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from gwxl import merge, send_back, write_report
from gwxl.batch.decision import FITTING, VALUED, Decision, word_of
from gwxl.browser.asking import terms_of
from gwxl.documents.checked import Document
from gwxl.documents.merged import merge_document
from gwxl.documents.reported import report_document
from gwxl.documents.returned import return_document
from gwxl.errors import SettingsError
from gwxl.summary.places import decisions_on
from gwxl.wording import each

_CASE = ("file", "sheet", "site", "rule", "key", "question")
"""What tells a case from every other."""


def merge_inbox(asked: Document) -> Document:
    """Return ``gwxl.merge/1`` of the inbox, whose summary and decisions are written beside it.

    Beside the document stand state and code of each of its files, the words of the totals' labels, and of each case the
    words that may be written into it.
    """
    merged = merge(terms_of(asked), Path(asked["inbox"]), force=True)
    batch, language = merged.batch, merged.batch.form.language
    return {
        "document": merge_document(merged),
        "states": [receipt.state for receipt in batch.receipts],
        "codes": [batch.site(receipt) for receipt in batch.receipts],
        "labels": {str(path): batch.form.label(path) for path in merged.totals},
        "words": [_list_words(decision, language) for decision in batch.decisions],
    }


def _list_words(decision: Decision, language: str) -> list[Document]:
    """Return the words that answer a case, and which of them take a value in brackets."""
    verbs = FITTING[decision.choice] if decision.choice else ()
    return [{"word": word_of(verb, language), "valued": verb in VALUED} for verb in verbs]


def locate_decisions(asked: Document) -> Document:
    """Return where the decisions on the inbox are looked for."""
    return {"file": str(decisions_on(Path(asked["inbox"]), terms_of(asked).language).path)}


def decide(asked: Document) -> Document:
    """Write what the clerk answered on the page into the decisions on the inbox, as if typed there.

    An answer names its case by what ``cases`` of the last merge says of it; a blank one takes back what stood there.

    Raises:
        SettingsError: an answer is to no row that stands there now, or to several.
    """
    file = decisions_on(Path(asked["inbox"]), terms_of(asked).language)
    answers = {tuple(one["case"][name] for name in _CASE): one for one in asked["answers"]}
    places = Counter(_case(row) for row in file.rows)
    if any(places[case] != 1 for case in answers):
        raise SettingsError(each("browser.case_gone"))
    rows = [_answer(row, answers.get(_case(row))) for row in file.rows]
    with file.replace_rows(rows, terms_of(asked).language):
        return {"written": len(answers)}


def _case(row: Decision) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in _CASE)


def _answer(row: Decision, answer: Document | None) -> Decision:
    if answer is None:
        return row
    decision, reason, who = (str(answer.get(name) or "") for name in ("decision", "reason", "who"))
    return replace(row, decision=decision, reason=reason, who=who)


def return_faulty(asked: Document) -> Document:
    """Return ``gwxl.return/1``: what goes back, written into a folder."""
    folder = Path(asked["folder"])
    return return_document(folder, send_back(terms_of(asked, "summary"), Path(asked["summary"]), folder))


def report(asked: Document) -> Document:
    """Return ``gwxl.report/1`` of the summary."""
    page, publisher = Path(asked["page"]), str(asked.get("office") or "")
    return report_document(
        write_report(terms_of(asked, "summary"), Path(asked["summary"]), page, publisher=publisher, force=True)
    )


def pack(asked: Document) -> Document:
    """Put files and folders into one zip; return its path and size."""
    target = Path(asked["target"])
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        for file, name in _list_packed([Path(one) for one in asked["paths"]]):
            with file.open("rb") as source, packed.open(name, "w") as put:
                shutil.copyfileobj(source, put)
    return {"file": str(target), "size": target.stat().st_size}


def _list_packed(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        if path.is_dir():
            yield from (
                (one, one.relative_to(path.parent).as_posix()) for one in sorted(path.rglob("*")) if one.is_file()
            )
        else:
            yield path, path.name
