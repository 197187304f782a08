"""Read a roster from a file of any kind, and tell every mistake in it at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gwxl.campaign.mail_address import is_address, split_addresses
from gwxl.campaign.mistakes import refuse_mistakes
from gwxl.campaign.roster.checks import Mistake, doubles, parents_of
from gwxl.campaign.roster.columns import NEEDED, OWN, RosterColumn, columns_of, is_example, match_columns
from gwxl.campaign.roster.rows import RosterTable, read_tables
from gwxl.campaign.roster.sites import Roster, Site
from gwxl.errors import EmptyRosterError
from gwxl.form.identity import can_bear
from gwxl.inert import inert_line
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, Severity, render_message
from gwxl.records.path import Path as FormPath
from gwxl.records.submission import Identity, Scalar, Source, Submission, Unread
from gwxl.rules.ruleset import RuleSet
from gwxl.spreadsheets.book import Cell
from gwxl.terms import Terms
from gwxl.values.value import read_value
from gwxl.wording import LANGUAGES, each

_HEADS_WITHIN = 20  # rows
_FILLED = frozenset({"code", "name"})


def read_roster(terms: Terms, path: Path) -> Roster:
    """Return the sites of a roster; the row that is marked as an example is none.

    Args:
        terms: the form, by whose rules codes and answers are judged.
        path: a workbook, or CSV in UTF-8 or GB18030.

    Raises:
        SettingsError: several forms are named.
        CampaignError: the file cannot be read, or holds mistakes: each is told with its row and cure.
        EmptyRosterError: it names no site yet.
    """
    reader = _Reader(terms.rules)
    sites = tuple(reader.sites(path))
    parents, strays = parents_of(sites)
    refuse_mistakes(path, _by_row([*reader.mistakes, *doubles(sites, reader.columns), *strays], sites))
    if not sites:
        raise EmptyRosterError([each("campaign.in_file", file=path, mistake=each("roster.no_rows"))])
    return Roster(path=path, sites=tuple(replace(site, parent=parents[site.code]) for site in sites))


def _by_row(mistakes: Iterable[Mistake], sites: Sequence[Site]) -> Sequence[Mapping[str, str]]:
    """Return mistakes from the first row to the last; those of the heads come first."""
    rows = {site.place["en"]: number for number, site in enumerate(sites)}
    told = sorted(mistakes, key=lambda one: rows.get(one[0].get("en", ""), -1))
    return [each("roster.mistake", place=place, mistake=words) if place else words for place, words in told]


class _Reader:
    """A reader of the rows of one roster that goes on after a mistake."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._form = rules.form
        self._identity = Identity(form=rules.form.id, edition=rules.form.edition, fingerprint="")
        self._judges: dict[frozenset[str], RuleSet] = {}
        self.columns = columns_of(rules.form)
        self.mistakes: list[Mistake] = []

    def sites(self, path: Path) -> Iterator[Site]:
        """Yield what every row says, whatever is wrong with it."""
        tables = read_tables(path, lambda words: len(match_columns(self.columns, dict(enumerate(words)))))
        headed = [(table, number, heads) for table in tables for number, heads in self._heads(table)]
        if not headed:
            self._note({}, each("roster.no_heads", heads=self._names(NEEDED)))
        for table, number, heads in headed:
            yield from self._rows(table, number, heads)

    def _names(self, names: Sequence[str]) -> Mapping[str, str]:
        heads = [column.head for column in self.columns if column.name in names]
        return {"zh": "、".join(heads), "en": ", ".join(heads)}

    def _heads(self, table: RosterTable) -> Iterator[tuple[int, Mapping[int, RosterColumn]]]:
        """Yield number and columns of the row that names most of them, among the first that names the code."""
        best: tuple[int, Mapping[int, RosterColumn]] | None = None
        for number in list(table.rows)[:_HEADS_WITHIN]:
            words = {place: cell.text for place, cell in table.rows[number].items()}
            found = match_columns(self.columns, words)
            if any(one.name == "code" for one in found.values()) and (best is None or len(found) > len(best[1])):
                best = number, found
        if best is not None:
            yield best

    def _rows(self, table: RosterTable, head: int, heads: Mapping[int, RosterColumn]) -> Iterator[Site]:
        self._look_at_heads(table, head, heads)
        for number, row in table.rows.items():
            cells = {column.name: row[place] for place, column in heads.items() if place in row}
            example = "code" in cells and is_example(cells["code"].text)
            if number > head and not example and any(cell.text.strip() for cell in cells.values()):
                refs = {one.field.path: CellRef(table.title, number, place) for place, one in heads.items()}
                values = {one.name: _value(one, cells.get(one.name), table) for one in self.columns}
                yield self._site(table.place(number), values, refs)

    def _look_at_heads(self, table: RosterTable, head: int, heads: Mapping[int, RosterColumn]) -> None:
        names = [one.name for one in heads.values()]
        if missing := [name for name in NEEDED if name not in names]:
            self._note(table.place(head), each("roster.missing_columns", heads=self._names(missing)))
        for place, cell in table.rows[head].items():
            twin = next(iter(match_columns(self.columns, {place: cell.text}).values()), None)
            if twin is not None and place not in heads:
                self._note(table.place(head), each("roster.column_twice", head=twin.head))

    def _site(
        self,
        place: Mapping[str, str],
        values: Mapping[str, Scalar | Unread | None],
        refs: Mapping[FormPath, CellRef],
    ) -> Site:
        self._judge(place, values, refs)
        own = {name: _text(values.get(name)) for name in OWN}
        mail = split_addresses(own.pop("mail"))
        for address in mail:
            if not is_address(address):
                found = inert_line(address)
                wide = each("roster.wide_address", found=found)
                self._note(place, each("roster.no_address", found=found) if address.isascii() else wide)
        paths = {column.name: column.field.path for column in self.columns if column.name not in OWN}
        known = {paths[name]: value for name, value in values.items() if name in paths and value is not None}
        read = {path: value for path, value in known.items() if not isinstance(value, Unread)}
        return Site(**own, mail=mail, known=read, place=place)

    def _judge(
        self,
        place: Mapping[str, str],
        values: Mapping[str, Scalar | Unread | None],
        refs: Mapping[FormPath, CellRef],
    ) -> None:
        """Note what is wrong with the values of a row: by the rules of the form for what it asks."""
        asked = {}
        for column in self.columns:
            value = values.get(column.name)
            if column.asked and column.field.key in self._form.fields and value is not None:
                asked[column.field.key] = value
            elif isinstance(value, Unread):
                reason = each(f"unread.{value.kind}")
                self._note(place, each("roster.unread", head=column.head, found=inert_line(value.raw), reason=reason))
            elif value is None and column.name in _FILLED:
                self._note(place, each("roster.blank", head=column.head))
        for finding in self._judge_cells(asked):
            if finding.severity is Severity.ERROR:
                words = render_message(finding, self._form.label, refs, self._form.language)
                self._note(place, dict.fromkeys(LANGUAGES, words))
        code = _text(values.get("code"))
        if code and not can_bear(code):
            self._note(place, each("roster.unbearable", found=inert_line(code)))

    def _judge_cells(self, values: Mapping[str, Scalar | Unread]) -> Sequence[Finding]:
        keys = frozenset(values)
        if keys not in self._judges:
            self._judges[keys] = self._rules.narrow(keys)
        row = Submission(identity=self._identity, source=Source(file=""), answers={}, values=values)
        return self._judges[keys].judge(row)

    def _note(self, place: Mapping[str, str], mistake: Mapping[str, str]) -> None:
        self.mistakes.append((place, mistake))


def _value(column: RosterColumn, cell: Cell | None, table: RosterTable) -> Scalar | Unread | None:
    return read_value(cell, column.field, path=column.field.path, date1904=table.date1904).value


def _text(value: Scalar | Unread | None) -> str:
    return "" if value is None or isinstance(value, Unread) else str(value)
