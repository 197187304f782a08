"""Check a form for its author: every mistake in its files at once, its examples, and the workbook it makes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir

from gwxl.batch.batch import COMPARED
from gwxl.errors import DeclarationError, FormError, OutputError, ResourceError, RuleError, WorkbookError
from gwxl.files.declarations import Report, catch_mistake
from gwxl.files.drafts import draft_folder
from gwxl.files.key_lines import find_line
from gwxl.files.resources import form_folder, rules_folder
from gwxl.form.asked_period import example_period
from gwxl.form.definition import Form
from gwxl.form.identity import issue_identity
from gwxl.form.loading import FILE_NAME, load_form
from gwxl.intake import check_file
from gwxl.records.finding import Finding, Severity, render_message
from gwxl.records.signals import is_signal
from gwxl.rendering import check_templates
from gwxl.rules.neighbours import is_between
from gwxl.rules.proving import contradictions
from gwxl.rules.ruleset import RuleSet, load_rules
from gwxl.template import Template, count_pages, draft_template, render_letter
from gwxl.terms import Notice, Terms
from gwxl.wording import each
from gwxl.wording.system import system_words


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was found in a form.

    Attributes:
        folder: the form's folder.
        form: the form with what could be read of it, None where its file is no TOML.
        mistakes: in the order of the files; each names file, key and what would be right.
        blank: the workbook that was made of it, None where there are mistakes.
    """

    folder: Path
    form: Form | None
    mistakes: tuple[DeclarationError, ...]
    blank: "Blank | None" = None

    @property
    def lines(self) -> tuple[int | None, ...]:
        """Return the line of each mistake."""
        return tuple(find_line(Path(one.file), one.key) for one in self.mistakes)


@dataclass(frozen=True, kw_only=True)
class Blank:
    """The blank workbook of a form: its size in bytes, and the printed pages of each visible sheet by title."""

    size: int
    pages: Mapping[str, int]


@dataclass
class _Mistakes:
    """Mistakes, each place once: what follows from one that was told is not told too."""

    told: list[DeclarationError] = field(default_factory=list)
    _places: set[tuple[str, str]] = field(default_factory=set)
    _missing: set[tuple[str, str]] = field(default_factory=set)

    def add(self, mistake: DeclarationError) -> None:
        place = mistake.file, mistake.key
        if place in self._places or any((mistake.file, above) in self._missing for above in _find_above(mistake.key)):
            return
        self.told.append(mistake)
        if mistake.key:
            self._places.add(place)
            self._missing |= {place} if mistake.reason.startswith("is missing") else set()


def _find_above(key: str) -> Iterator[str]:
    """Yield the keys that a dotted key stands in."""
    while "." in key:
        key = key.rpartition(".")[0]
        yield key


def check_form(form: str) -> Checked:
    """Return every mistake in a form: its files, its rules against their examples, its workbook written and read back.

    The workbook is made only of a form whose files have no mistake.

    Args:
        form: the id of a form that comes with gwxl, or a form's folder.

    Raises:
        ResourceError: there is no such form.
    """
    folder = form_folder(form)
    mistakes = _Mistakes()
    declared = blank = None
    with catch_mistake(mistakes.add):
        declared = load_form(folder, mistakes.add)
    for mistake in check_templates(folder):
        mistakes.add(mistake)
    if declared is not None:
        _check_id(declared, mistakes.add)
        blank = _check_rules(declared, mistakes)
    told = tuple(mistakes.told)
    return Checked(folder=folder, form=declared, mistakes=told, blank=None if told else blank)


def _check_id(form: Form, report: Report) -> None:
    if form.id and form.id != form.folder.name:
        reason = f"is {form.id!r}, but its folder is {form.folder.name!r}: name both alike"
        report(FormError(form.folder / FILE_NAME, "id", reason))


def _check_rules(form: Form, mistakes: _Mistakes) -> Blank | None:
    """Tell what is wrong with the rules of a form, and return the workbook that was made where nothing is."""
    try:
        folder = rules_folder(form.folder)
    except ResourceError as error:
        mistakes.add(FormError(form.folder, "", error.line("en")))
        return None
    rules = None
    with catch_mistake(mistakes.add):
        rules = load_rules(folder, form, mistakes.add)
    if rules is None:
        return None
    sound = not mistakes.told
    for mistake in (*_own_ids(rules, folder), *contradictions(rules, folder)):
        mistakes.add(mistake)
    return _make_blank(rules, mistakes) if sound else None


def _own_ids(rules: RuleSet, folder: Path) -> Iterator[RuleError]:
    between = {one.rule.id for one in rules.neighbours}
    for rule in rules.rules:
        if is_signal(rule.id) or rule.id in COMPARED or (is_between(rule.id) and rule.id not in between):
            yield RuleError(folder, rule.id, "is the id of a rule of the program's own; choose another")


def _make_blank(rules: RuleSet, mistakes: _Mistakes) -> Blank | None:
    """Tell what is wrong with the blank workbook of a form: it cannot be made, or is not read back as it is."""
    form, file = rules.form, rules.form.folder / FILE_NAME
    identity = issue_identity(form, period=example_period(form))
    with _temporary(form) as folder:
        path = folder / "blank.xlsx"
        try:
            template = draft_template(rules, path, identity=identity)
            render_letter(form, Notice(), example_period(form))
        except (FormError, ResourceError, WorkbookError) as error:
            mistakes.add(FormError(file, "", f"makes no workbook: {error}"))
            return None
        for key, reason in _read_back(rules, template):
            mistakes.add(FormError(file, key, reason))
        return Blank(size=path.stat().st_size, pages=count_pages(path))


@contextmanager
def _temporary(form: Form) -> Iterator[Path]:
    """Give a folder that goes at the end.

    Raises:
        OutputError: no workbook can be written in it; names the form, as nobody knows the folder.
    """
    try:
        with draft_folder(Path(gettempdir())) as folder:
            yield folder
    except OSError as error:
        raise OutputError(each("failure.no_trial", form=form.id, reason=system_words(error))) from error


def _read_back(rules: RuleSet, template: Template) -> Iterator[tuple[str, str]]:
    (receipt, *more) = check_file(template.path, template.path.name, Terms(rules))
    submission = receipt.submission
    if submission is None or receipt.reason or more:
        yield "", f"its blank workbook is not read back: {receipt.reason}"
        return
    for path in template.layout.inputs:
        if path not in rules.form.surround and submission.cells.get(path) != template.cells[path]:
            yield path, f"its cell {template.cells[path]} is not found again in the blank workbook"
    for finding in receipt.findings:
        if is_signal(finding.id) and finding.severity is not Severity.HINT:
            yield finding.key or "", f"the blank workbook is doubted: {finding.id} {_words(finding, rules.form)}"


def _words(finding: Finding, form: Form) -> str:
    return render_message(finding, form.label, {}, form.language)
