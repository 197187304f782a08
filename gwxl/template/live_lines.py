"""What the check cell of a row can say: lines of words, each with the condition it stands for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gwxl.form.definition import NUMBERS
from gwxl.rules.excel import Verdict, failed_code, quoted
from gwxl.rules.excel_cells import OwnCheck
from gwxl.rules.excel_classes import CellClass, State
from gwxl.rules.relations import Relation
from gwxl.rules.reporting import field_key
from gwxl.rules.rule import Rule
from gwxl.template.live_block import Block
from gwxl.wording import text

_SUMMARY = {Verdict.ERROR: 101, Verdict.VERIFY: 201, Verdict.HINT: 401}
PENDING, FILLED = 5, 6
"""Severities of a row besides those of :class:`Verdict`: still to fill in; filled in and fine."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """Hold one thing a check cell can say.

    Attributes:
        level: what it weighs before any explanation. condition: the formula under which it is said;
            settled: the one under which it is said to be explained, empty for what needs no explanation.
        words, explained: what is said then.
        holds: tells the same of codes: the row's first failed check, its class, the relations.
        answered: tells of codes whether an explanation answers it.
    """

    level: Verdict
    condition: str
    settled: str
    words: str
    explained: str
    holds: Callable[["Codes"], bool]
    answered: Callable[["Codes"], bool]


@dataclass(frozen=True, kw_only=True)
class Codes:
    """Hold what the helpers give: the code of the first failed check and the class by path, verdicts by id.

    ``said`` holds the keys of the fields that are explained.
    """

    own: Mapping[str, int]
    kinds: Mapping[str, CellClass]
    relations: Mapping[str, Verdict]
    said: frozenset[str]


def own_lines(block: Block, said: str, language: str) -> Iterator[Line]:
    """Yield a line for each check of an input; a text in a number's place is told apart."""
    for check in block.checks:
        if check.behind == "type" and block.sorting.kind in NUMBERS:
            yield _own_line(check, block, said, language, kind=CellClass.TEXT)
        if check.behind != "required" or block.missing != "0":
            yield _own_line(check, block, said, language)


def _own_line(check: OwnCheck, block: Block, said: str, language: str, kind: CellClass | None = None) -> Line:
    condition, code, path = f"{block.spots.own}={check.code}", check.code, block.path
    title = check.rule.title
    if kind is not None:
        condition = f"AND({condition},{block.spots.kind}={kind:d})"
        title = text("live.not_a_number", language)
    level = failed_code(check.rule.reported)
    verify = level is Verdict.VERIFY
    return Line(
        level=level,
        condition=f"AND({condition},NOT({said}))" if verify else condition,
        settled=f"AND({condition},{said})" if verify else "",
        words=_words(check.rule, title, language),
        explained=text("live.explained", language, id=check.rule.id),
        holds=lambda codes: codes.own[path] == code and kind in {None, codes.kinds[path]},
        answered=lambda codes: verify and field_key(path) in codes.said,
    )


def relation_line(relation: Relation, place: str, language: str) -> Line:
    """Return the line of a relation whose verdict stands at a place."""
    rule, code = relation.rule, failed_code(relation.rule.reported)
    return Line(
        level=code,
        condition=f"{place}={code:d}",
        settled=f"{place}={Verdict.EXPLAINED:d}" if code is Verdict.VERIFY else "",
        words=_words(rule, rule.title, language),
        explained=text("live.explained", language, id=rule.id),
        holds=lambda codes: codes.relations[rule.id] in {code, Verdict.EXPLAINED},
        answered=lambda codes: codes.relations[rule.id] is Verdict.EXPLAINED,
    )


def _words(rule: Rule, title: str, language: str) -> str:
    return text(f"live.{rule.reported}", language, id=rule.id, title=title)


def summary_lines(key: str, own: str, said: str, sheet: str, language: str) -> Iterator[Line]:
    """Yield the lines of a row that stands for a table: what is wrong is told on the table's sheet."""
    for level, code in _SUMMARY.items():
        verify, condition = level is Verdict.VERIFY, f"{own}={code}"
        yield Line(
            level=level,
            condition=f"AND({condition},NOT({said}))" if verify else condition,
            settled=f"AND({condition},{said})" if verify else "",
            words=text(f"live.see_table_{level.name.lower()}", language, sheet=sheet),
            explained=text("live.table_explained", language),
            holds=lambda codes, code=code: codes.own[key] == code,  # type: ignore[misc]  # bound for this level
            answered=lambda codes, verify=verify: verify and key in codes.said,  # type: ignore[misc]  # as above
        )


def summary_code(levels: Sequence[int], *, wrong: bool) -> int:
    """Return what the row of a table says for the severities of its rows."""
    if wrong or Verdict.ERROR in levels:
        return _SUMMARY[Verdict.ERROR]
    if Verdict.VERIFY in levels or Verdict.EXPLAINED in levels:
        return _SUMMARY[Verdict.VERIFY]
    return _SUMMARY[Verdict.HINT] if Verdict.HINT in levels else 0


def summary_formula(severities: str, state: str) -> str:
    """Return the formula of the same, from the range of severities and the table's state."""
    errors, verify, explained, hints = (
        f"COUNTIF({severities},{level:d})" for level in (Verdict.ERROR, Verdict.VERIFY, Verdict.EXPLAINED, Verdict.HINT)
    )
    codes = {level: str(code) for level, code in _SUMMARY.items()}
    calm = f"IF({hints}>0,{codes[Verdict.HINT]},0)"
    verify = f"IF({verify}+{explained}>0,{codes[Verdict.VERIFY]},{calm})"
    return f"IF(OR({state}={State.WRONG:d},{errors}>0),{codes[Verdict.ERROR]},{verify})"


def severity_formula(lines: Sequence[Line], pending: str, state: str) -> str:
    """Return the formula of a row's severity: error, to fill in, to verify, explained, hint, fine, nothing."""
    calm = f"IF({state}={State.BLANK:d},0,{FILLED})"
    hint = _if(_open(lines, Verdict.HINT), Verdict.HINT, calm)
    settled = _if([line.settled for line in lines if line.settled], Verdict.EXPLAINED, hint)
    verify = _if(_open(lines, Verdict.VERIFY), Verdict.VERIFY, settled)
    waiting = f"IF({pending},{PENDING},{verify})" if pending else verify
    return _if(_open(lines, Verdict.ERROR), Verdict.ERROR, waiting)


def _open(lines: Sequence[Line], level: Verdict) -> list[str]:
    return [line.condition for line in lines if line.level is level]


def _if(conditions: Sequence[str], then: Verdict, other: str) -> str:
    if not conditions:
        return other
    either = conditions[0] if len(conditions) == 1 else f"OR({','.join(conditions)})"
    return f"IF({either},{then:d},{other})"


def text_formula(lines: Sequence[Line], severity: str, language: str) -> str:
    """Return the formula of what the check cell shows, by the row's severity."""
    parts = [
        '""',
        _first(lines, Verdict.ERROR),
        _first(lines, Verdict.VERIFY),
        _first(lines, Verdict.VERIFY, explained=True),
        _first(lines, Verdict.HINT),
        quoted(text("template.pending", language)),
        quoted(text("live.filled", language)),
    ]
    return f"CHOOSE({severity}+1,{','.join(parts)})"


def _first(lines: Sequence[Line], level: Verdict, *, explained: bool = False) -> str:
    chain = '""'
    for line in reversed([line for line in lines if line.level is level]):
        condition, words = (line.settled, line.explained) if explained else (line.condition, line.words)
        chain = f"IF({condition},{quoted(words)},{chain})"
    return chain


def severity_of(lines: Sequence[Line], codes: Codes, *, pending: bool, state: State) -> int:
    """Return the severity of a row for what the workbook starts with."""
    levels = {line.level for line in _standing(lines, codes)}
    if Verdict.ERROR in levels:
        return Verdict.ERROR
    if pending:
        return PENDING
    if Verdict.VERIFY in levels:
        return Verdict.VERIFY
    if any(line.holds(codes) and line.answered(codes) for line in lines):
        return Verdict.EXPLAINED
    if Verdict.HINT in levels:
        return Verdict.HINT
    return 0 if state is State.BLANK else FILLED


def _standing(lines: Sequence[Line], codes: Codes) -> Iterator[Line]:
    return (line for line in lines if line.holds(codes) and not line.answered(codes))


def text_of(lines: Sequence[Line], codes: Codes, severity: int, language: str) -> str:
    """Return what the check cell shows for what the workbook starts with."""
    if severity == PENDING:
        return text("template.pending", language)
    if severity == FILLED:
        return text("live.filled", language)
    if severity == Verdict.EXPLAINED:
        return next(line.explained for line in lines if line.holds(codes) and line.answered(codes))
    return next((line.words for line in _standing(lines, codes) if line.level == severity), "")
