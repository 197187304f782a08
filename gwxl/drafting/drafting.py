"""Make a draft of a form out of an office's own workbook."""

import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from gwxl.drafting.blocks import Block, find_blocks
from gwxl.drafting.declaring import declare, name_questions
from gwxl.drafting.draft import Doubt, Draft, Part, Question
from gwxl.drafting.form_folder import refuse_name, write_folder
from gwxl.drafting.formulas import say_formula
from gwxl.drafting.grid import Grid, read_grids
from gwxl.drafting.grids import draft_grid
from gwxl.drafting.inputs import Clue, Inputs, find_inputs
from gwxl.drafting.scalars import draft_scalar
from gwxl.drafting.sections import find_groups, find_sections, find_title
from gwxl.drafting.words import find_role, find_sheet_unit, read_label
from gwxl.errors import ResourceError
from gwxl.form.definition import Form
from gwxl.form.loading import load_form
from gwxl.records.path import Path
from gwxl.spreadsheets.address import read_address
from gwxl.wording import each


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A draft that was written.

    Attributes:
        folder: the form's folder. form: as it is loaded again.
        inputs: cell of the workbook, with its sheet → path in the form.
        doubts: what an author has to look at.
    """

    folder: pathlib.Path
    form: Form
    inputs: Mapping[str, Path]
    doubts: tuple[Doubt, ...]


def draft_form(workbook: pathlib.Path, folder: pathlib.Path) -> Drafted:
    """Write a draft of a form into a new folder, out of a workbook that an office sends round; that one is only read.

    Raises:
        RefusedError: the workbook is not let in, as a returned one would not be.
        ResourceError: nothing in it looks like a place to fill in, or its kind is not read.
        OutputError: the folder is there already, its name cannot be the id of a form, or it cannot be written.
    """
    refuse_name(folder)
    grids = read_grids(workbook)
    found = [(grid, find_inputs(grid)) for grid in grids]
    if not any(inputs.spots for _, inputs in found):
        raise ResourceError(each("failure.nothing_to_fill", file=workbook))
    draft = _draft(workbook.stem, found)
    files = declare(draft, folder.name)
    write_folder(folder, files)
    questions = [*draft.header, *(question for part in draft.parts for question in part.questions)]
    placed = {f"{one.sheet}!{cell}": Path(one.key, part, row) for one in questions for cell, part, row in one.cells}
    return Drafted(folder=folder, form=load_form(folder), inputs=placed, doubts=draft.doubts)


def _draft(stem: str, found: Sequence[tuple[Grid, Inputs]]) -> Draft:
    texts = [spot.text for grid, _ in found for spot in grid.spots.values()]
    language = "zh" if any(re.search(r"[\u4e00-\u9fff]", text) for text in texts) else "en"
    title = next((title for grid, _ in found if (title := find_title(grid))), "") or stem
    parts = [part for grid, inputs in found for part in _draft_sheet(grid, inputs, title)]
    header = _take_header(parts)
    parts = [part for part in parts if part.questions] or parts[:1]
    for part in parts:
        part.label = title if re.fullmatch(r"Sheet ?\d*|工作表\d*", part.label) else part.label
    doubts = [Doubt(place=grid.title, key="drafting.by_border", said=str(len(inputs.spots)))
              for grid, inputs in found if inputs.spots and inputs.clue is Clue.BORDER]  # fmt: skip
    draft = Draft(title=title, language=language, header=tuple(header), parts=tuple(parts))
    name_questions(draft)
    doubts += chain.from_iterable(_work_out(grid, draft) for grid, _ in found)
    doubts += chain.from_iterable(question.doubts for part in parts for question in part.questions)
    doubts += chain.from_iterable(
        one.doubts for part in parts for question in part.questions for one in question.columns
    )
    return replace(draft, doubts=tuple(doubts))


def _work_out(grid: Grid, draft: Draft) -> Iterator[Doubt]:
    """Put the cells that formulas work out behind the questions above them; yield those that form.toml cannot say."""
    here = [(part, one) for part in draft.parts for one in part.questions if one.sheet == grid.title]
    shaped = any(one.matrix for _, one in here)
    keys = {place: str(Path(one.key, part, row)) for _, one in here for address, part, row in one.cells
            if not one.columns and (place := read_address(address))}  # fmt: skip
    for spot in sorted((spot for spot in grid.spots.values() if spot.formula), key=lambda spot: spot.place):
        said = say_formula(spot.formula, keys)
        above = [(part, one) for part, one in here if one.cells and _row(one) <= spot.row and not one.matrix]
        if said is None or not above:
            if not shaped:
                said_here = f"={spot.formula[:60]}"
                yield Doubt(place=f"{grid.title}!{spot.address}", key="drafting.calculated", said=said_here)
            continue
        part, last = above[-1]
        question = draft_scalar(grid, spot, 0, last.unit)
        question.kind = "count" if said[1] == 0 else "decimal"
        question.formula, question.decimals = said[0], 2 if said[1] is None else said[1]
        question.group, question.cells, question.choices = last.group, (), ()
        question.key = f"{last.key}w{spot.row}_{spot.column}"
        keys[spot.place] = question.key
        part.questions.append(question)


def _row(one: Question) -> int:
    return (read_address(one.cells[-1][0]) or (0, 0))[0]


def _draft_sheet(grid: Grid, inputs: Inputs, title: str) -> Iterator[Part]:
    """Yield the sections of a sheet: one a head over rows, else the sheet."""
    blocks = find_blocks(grid, inputs.spots)
    of_sheet = unit = next((unit for spot in grid.spots.values() if (unit := find_sheet_unit(spot.text))), "")
    heads = find_sections(grid, blocks, title)
    groups = find_groups(grid, blocks, heads, title)
    part = Part(label=grid.title)
    started = 0
    for block in blocks:
        rows = [row for row in heads if started < row <= block.first]
        started = max([started, *rows])
        if rows:
            if part.questions:
                yield part
            printed = read_label(heads[rows[-1]].text)
            part = Part(label=printed.words, number=printed.number)
            unit = printed.unit or of_sheet
        over = [row for row in groups if started < row <= block.first]
        for question in _draft_block(grid, block, unit, groups[over[-1]].text if over else ""):
            question.label = question.label or part.label
            question.doubts = [replace(doubt, said=doubt.said or question.label) for doubt in question.doubts]
            part.questions.append(question)
    if part.questions:
        yield part


def _draft_block(grid: Grid, block: Block, unit: str, over: str) -> list[Question]:
    """Return the questions of a block; ``over`` stands over them."""
    if block.is_grid:
        questions = draft_grid(grid, block, unit)
        for question in questions:
            question.label = question.label or read_label(over).words
        return questions
    found: list[Question] = []
    for spots in block.rows.values():
        after = 0
        for spot in spots:
            found.append(draft_scalar(grid, spot, after, unit))
            found[-1].group = found[-1].group or over
            after = spot.right
    return found


def _take_header(parts: Sequence[Part]) -> list[Question]:
    """Take out, and return, what is asked of the sender: the questions at either end that play a part in merging."""
    header: list[Question] = []
    roles: set[str] = set()
    for part in (*parts[:1], *parts[1:][-1:]):
        for question in tuple(part.questions):
            role = find_role(question.label)
            if role and role not in roles and not question.group and question.kind in {"text", "code", "date", "count"}:
                roles.add(role)
                question.role = role
                question.kind = {"date": "date", "code": "code", "phone": "code"}.get(role, "text")
                header.append(question)
                part.questions.remove(question)
    return header
