"""Make the record of a summary: what was written of each site, and what stands above them."""

from collections.abc import Iterator, Mapping
from decimal import Context, Decimal

from gwxl.files.excel_limits import DIGITS
from gwxl.form.definition import Field
from gwxl.inert import inert
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.rules.computed.reading import list_computed
from gwxl.rules.computed.words import describe
from gwxl.summary.columns import Column, plain
from gwxl.summary.groups import Block
from gwxl.summary.page import Put, fit_text
from gwxl.summary.record import Asked, Fact, HeadRecord, Part, SiteRecord, number_words, shorten_text
from gwxl.summary.sheets.files import way
from gwxl.summary.sheets.notes import Note
from gwxl.summary.sites import Sites
from gwxl.totals.adding import Total
from gwxl.totals.arithmetic import Number
from gwxl.wording import text
from gwxl.wording.joining import join_clauses

Facts = dict[str, dict[Path, Fact]]
"""What is remembered of the entries of each site, by its number."""


def fact(put: Put, note: Note, language: str) -> Fact:
    """Return what is remembered of a cell and the note on it."""
    return Fact(shown=_format_put(put, language), address=note.address, why=note.why, raw=note.raw)


def site_record(sites: Sites, receipt: Receipt, facts: Mapping[Path, Fact], entries: Mapping[Path, Fact]) -> SiteRecord:
    """Return the record of an accepted return.

    Args:
        sites: the batch.
        receipt: the return.
        facts: those of 汇总表, in the order of its columns.
        entries: those of the sheets of table fields, in their order.
    """
    source = receipt.source
    return SiteRecord(
        id=sites.id(receipt),
        code=inert(sites.batch.site(receipt)),
        name=inert(sites.name(receipt)),
        passed=receipt.passed,
        file=inert(source.file),
        member=inert(source.member or ""),
        sheet=inert(source.sheet or ""),
        sha256=source.sha256,
        shared=source.shared,
        shown={number: one.shown for number, one in enumerate(facts.values())},
        places={number: one.address for number, one in enumerate(facts.values())},
        notes={str(number): [one.why, one.raw] for number, one in enumerate(facts.values()) if one.noted},
        entries={path: [one.shown, one.address, one.why, one.raw] for path, one in entries.items()},
        by=inert(way(source)),
    )


def _format_put(put: Put, language: str) -> str:
    if put.value is None:
        return ""
    if isinstance(put.value, int | Decimal):
        return number_words(put.value)
    return shorten_text(fit_text(str(put.value), language))


def head_record(sites: Sites) -> HeadRecord:
    """Return the record of what stands above the sites."""
    form = sites.batch.form
    return HeadRecord(
        keys=tuple(column.path for column in sites.columns),
        asked=dict(_collect_asked(sites)),
        by=form.roles.by or "",
    )


def _collect_asked(sites: Sites) -> Iterator[tuple[str, Asked]]:
    form = sites.batch.form
    formulas = {one.path: describe(one, form) for one in list_computed(form)}
    for field in form.fields.values():
        own = tuple(column for column in sites.columns if column.field is field)
        label = f"{field.number} {form.label(field.path)}".strip() + _unit(field.unit, sites.language)
        if field.kind.is_choices:
            parts = tuple(_parts(sites, field, field.path))
            yield field.key, Asked(label=label, columns=tuple(one.path for one in own), parts=parts)
        if field.kind.is_choice:
            for choice in field.choices:
                path, named = Path(field.key, choice.key), f"{label}·{choice.label}"
                parts = tuple(_parts(sites, field, path))
                yield path, Asked(label=named, columns=(field.key,), answer=shorten_text(choice.label), parts=parts)
        for column in own:
            named = form.label(column.path) if column.choice else label
            parts = tuple(_parts(sites, field, column.path, column))
            yield (
                column.path,
                Asked(
                    label=named,
                    columns=(column.path,),
                    weight=field.weight or "",
                    formula=formulas.get(field.path, ""),
                    parts=parts,
                ),
            )
        for inner in field.columns:
            path = Path(field.key, inner.key)
            named = form.label(path) + _unit(inner.unit, sites.language)
            parts = tuple(_parts(sites, field, path))
            yield path, Asked(label=named, columns=(path,), table=True, formula=formulas.get(path, ""), parts=parts)


def _unit(unit: str, language: str) -> str:
    return text("summary.unit", language, unit=unit) if unit else ""


def _parts(sites: Sites, field: Field, path: Path, column: Column | None = None) -> Iterator[Part]:
    key = path if path in sites.totals and field.kind.is_table else field.path
    for block in sites.blocks:
        all_, passed = block.all[key], block.passed[key]
        spread = (all_.minimum, all_.median, all_.maximum)
        least, middle, most = (_number(one) for one in spread)
        yield Part(
            group=_group(block, sites),
            value=_value(field, path, all_, sites.language),
            counted=_format_count(path, all_, column),
            minimum=least,
            median=middle,
            maximum=most,
            passed=_value(field, path, passed, sites.language),
            passed_counted=_format_count(path, passed, column),
        )


def _group(block: Block, sites: Sites) -> str:
    return "" if block is sites.blocks[0] else block.label


def _value(field: Field, path: Path, total: Total, language: str) -> str:
    if not isinstance(total.value, Mapping):
        return _number(total.value)
    if field.kind.is_yes_no:
        return _number(total.value.get("true"))
    if path.part:
        return _number(total.value.get(path.part))
    counts = [f"{choice.label} {total.value[choice.key]}" for choice in field.choices]
    return join_clauses(counts, language)


def _format_count(path: Path, total: Total, column: Column | None) -> str:
    n, of = total.choices.get(path.part, (total.n, total.of)) if column else (total.n, total.of)
    return f"{n} / {of}"


def _number(value: Number | None) -> str:
    if value is None:
        return ""
    return plain(value) if isinstance(value, int) else plain(Context(prec=DIGITS + 19).plus(value).normalize())
