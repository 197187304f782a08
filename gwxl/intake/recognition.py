"""Tell which form, and which edition of it, each form sheet of a workbook is of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gwxl.errors import RefusedError
from gwxl.form.definition import Edition, Form
from gwxl.form.layout import lay_out
from gwxl.intake.answers import read_answers
from gwxl.intake.contents import contents, digest
from gwxl.intake.locating.form_sheets import Located, Untouched, locate
from gwxl.intake.locating.identity import is_map_sheet, marker_identities, workbook_identities
from gwxl.intake.unanswered import is_blank_sheet
from gwxl.records.submission import Source
from gwxl.rules.ruleset import RuleSet
from gwxl.spreadsheets.book import Book
from gwxl.wording.joining import join_words


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """A form sheet, located as the edition it says it is of; ``edition`` is None for the current one."""

    located: Located
    rules: RuleSet
    edition: Edition | None = None

    @property
    def form(self) -> Form:
        """Return the form as it was when the sheet was issued."""
        return self.edition.form if self.edition else self.rules.form


def recognise(book: Book, forms: Sequence[RuleSet]) -> tuple[Recognised, ...]:
    """Return the form sheets of a workbook, those of an older edition found by that edition's own layout.

    A sheet that names an edition nobody declared, or none, is looked for as the current one.

    Raises:
        RefusedError: it is of another form, or of none.
    """
    others: set[str] = set()
    for rules in forms:
        found = _locate_forms(book, rules)
        foreign = {one.located.identity.form for one in found if one.located.identity} - {rules.form.id}
        if found and not foreign:
            return found
        others |= foreign
    expected = join_words((rules.form.title for rules in forms), forms[0].form.language)
    if others:
        raise RefusedError("other_form", found=", ".join(sorted(others)), expected=expected)
    raise RefusedError("no_form", expected=expected)


def refuse_foreign(book: Book, forms: Sequence[RuleSet]) -> None:
    """Refuse the beginning of a workbook that is none of these forms, by its identity and its sheets.

    Raises:
        RefusedError: it is of another form, or of none.
    """
    if not any(next(_find_editions(book, rules.form), "") for rules in forms):
        recognise(book, forms)


def _locate_forms(book: Book, rules: RuleSet) -> tuple[Recognised, ...]:
    form = rules.form
    named = {edition for edition in _find_editions(book, form) if form.older_edition(edition)} if form.older else set()
    every = locate(book, lay_out(form), _make_untouched_test(book, form, rules))
    current = (one for one in every if not named or _edition(one, form) is None)
    found = [Recognised(located=one, rules=rules) for one in current]
    for edition in (one for one in form.older if one.form.edition in named):
        older = locate(book, lay_out(edition.form), _make_untouched_test(book, edition.form, rules))
        mine = (one for one in older if _edition(one, form) is edition)
        found += [Recognised(located=one, rules=rules, edition=edition) for one in mine]
    places = {sheet.title: place for place, sheet in enumerate(book.sheets)}
    return tuple(sorted(found, key=lambda one: places[one.located.sheet]))


def _make_untouched_test(book: Book, form: Form, rules: RuleSet) -> Untouched:
    """Return what tells a form sheet that is blank, or as it was sent back, from one that somebody filled in."""

    def is_untouched(located: Located) -> bool:
        if is_blank_sheet(book, located, form.roles.code):
            return True
        sent = located.round
        if sent is None or not sent.contents or form is not rules.form:
            return False
        found = read_answers(book, located, form, rules.means_blank, Source(file="")).submission
        return sent.contents == digest(contents(found), found.explanations)

    return is_untouched


def _edition(located: Located, form: Form) -> Edition | None:
    identity = located.identity
    return form.older_edition(identity.edition) if identity is not None and identity.form == form.id else None


def _find_editions(book: Book, form: Form) -> Iterator[str]:
    """Yield the edition each copy of the form's identity names, on whatever sheet it stands."""
    marked = (identity for sheet in book.sheets if not is_map_sheet(sheet) for identity in marker_identities(sheet))
    yield from (one.edition for one in (*workbook_identities(book), *marked) if one.form == form.id)
