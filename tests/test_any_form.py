"""What loading accepts makes a workbook that is read back, and what it refuses it refuses with file, key and reason."""

import re
from pathlib import Path

from gwxl.authoring import check_form
from gwxl.errors import DeclarationError
from gwxl.form.loading import load_form
from gwxl.rules.ruleset import load_rules
from tests.support.any_form import Drawn
from tests.support.draws import draws, seed

EXAMPLE = re.compile(r"\.(ok|bad)\[")  # examples are not drawn, so they fit no rule


def is_refused(folder: Path, form: Path) -> bool:
    """Tell whether loading refuses a form, by one of its files."""
    try:
        load_rules(folder / "rules" / form.name, load_form(form))
    except DeclarationError:
        return True
    return False


def test_what_loading_accepts_makes_a_workbook(tmp_path: Path) -> None:
    """A form of any texts, keys and limits is refused by its files alone, or its workbook is made and read back."""
    for number in range(seed(), seed() + draws(16, full=40)):
        form = Drawn(number).write(tmp_path / str(number))
        told = [str(one) for one in check_form(str(form)).mistakes if not EXAMPLE.search(one.key)]
        assert bool(told) is is_refused(tmp_path / str(number), form), (number, told)
        assert not [one for one in told if "workbook is" in one or "makes no workbook" in one], number


def test_the_draw_knows_both(tmp_path: Path) -> None:
    """Of the forms that are drawn every time some are accepted, and some refused."""
    folders = {seed: tmp_path / str(seed) for seed in range(40)}
    assert 10 <= sum(is_refused(folder, Drawn(seed).write(folder)) for seed, folder in folders.items()) <= 30
