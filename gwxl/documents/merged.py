"""The JSON document of ``gwxl merge``."""

from collections.abc import Mapping

from gwxl.batch.decision import FITTING, Decision
from gwxl.documents.checked import Document, file_document
from gwxl.records.path import Path
from gwxl.records.receipt import Difference
from gwxl.records.submission import Source
from gwxl.summary.levels.taking import FromBelow
from gwxl.summary.merged import Merged
from gwxl.summary.stored.comparing import Change, Changes
from gwxl.totals.adding import Total

_NAMED = 20  # differences of a program; 文件清单 tells every file that has some

_TEXTS = ("file", "sheet", "site", "rule", "key", "question", "decision", "reason", "who", "when", "effect", "trouble")


def merge_document(merged: Merged) -> Document:
    """Return ``gwxl.merge/1``."""
    batch = merged.batch
    return {
        "schema": "gwxl.merge/1",
        "summary": str(merged.summary),
        "unchanged": merged.unchanged,
        "kept": str(merged.kept) if merged.kept else None,
        "decisions": str(merged.decisions) if merged.decisions else None,
        "cases": [_case(decision) for decision in batch.decisions],
        "set_aside": [
            {"file": str(one.path), "kept": str(one.kept), "read": one.reason is None} for one in merged.set_aside
        ],
        "overlooked": [str(one) for one in merged.overlooked],
        "form": batch.form.id,
        "year": batch.period.year,
        "period": str(batch.period),
        "previous": _previous(merged),
        "unjudged": sorted(merged.unjudged),
        "counts": {name: getattr(batch.counts, name) for name in batch.counts.__dataclass_fields__},
        "files": [file_document(batch.form, receipt, values=False) for receipt in batch.receipts],
        "totals": _totals(merged.totals),
        "totals_passed": _totals(merged.totals_passed),
        "agreement": {
            program: {"compared": one.compared, "differ": len(one.differences)}
            for program, one in batch.agreement.items()
        },
        "disagreements": [
            _disagreement(program, source, difference)
            for program, one in batch.agreement.items()
            for source, difference in one.differences[:_NAMED]
        ],
        "below": [_below(one) for one in merged.below],
        "left_out": [one.source.file for one in merged.left_out],
        "changes": _changes(merged.changes, batch.form.language) if merged.changes else None,
    }


def _below(one: FromBelow) -> Document:
    """Return what became of a summary that was named."""
    return {
        "file": one.source.file,
        "sha256": one.source.sha256,
        "year": one.head.period.year if one.head else None,
        "period": str(one.head.period) if one.head else "",
        "returns": len(one.receipts) if one.head else 0,
        "anew": one.anew,
        "held": one.held or None,
    }


def _changes(changes: Changes, language: str) -> Document:
    told = {name: getattr(changes, name) for name in ("added", "changed", "dropped")}
    return {
        "unread": changes.unread.line(language) if changes.unread else None,
        "counts": {name: len(some) for name, some in told.items()} | {"unchanged": changes.unchanged},
        **{name: [_change(one) for one in some] for name, some in told.items()},
    }


def _change(change: Change) -> Document:
    source = change.source
    return {
        "file": source.file,
        "member": source.member,
        "sheet": source.sheet,
        "before": change.before,
        "after": change.after,
        "other_content": change.other_content,
    }


def _previous(merged: Merged) -> Document | None:
    last = merged.last
    if last is None:
        return None
    told = {
        "place": str(last.place) if last.place else None,
        "year": last.period.year,
        "period": str(last.period),
        "sites": len(last.sites),
        "unused": last.unused,
    }
    return {**told, "newcomers": merged.newcomers}


def _case(decision: Decision) -> Document:
    return {
        **{name: getattr(decision, name) for name in _TEXTS},
        "verb": decision.verb.value if decision.verb else None,
        "state": decision.state.value,
        "choices": [verb.value for verb in FITTING[decision.choice]] if decision.choice else [],
    }


def _disagreement(program: str, source: Source, difference: Difference) -> Document:
    return {
        "program": program,
        "file": source.file,
        "member": source.member,
        "sheet": difference.cell.sheet,
        "cell": difference.cell.address,
        "sheet_says": difference.sheet,
        "checker_says": difference.checker,
    }


def _totals(totals: Mapping[Path, Total]) -> Document:
    return {key: {"value": total.value, "n": total.n, "of": total.of} for key, total in totals.items()}
