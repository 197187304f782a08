"""What a pipe gets, printed without the package that prints on terminals."""

import io
import random
import subprocess
import sys

from hypothesis import given, note, seed, settings
from hypothesis import strategies as st

from gwxl.cli.pipe import Pipe
from gwxl.cli.terminal import Terminal
from gwxl.inert import inert
from tests.support.command import environment

SEED = random.SystemRandom().randrange(10**9)

TEXTS = st.text(st.sampled_from("a表，🙂é\u0301\u3000\t[b]1:") | st.characters(exclude_categories=["Cs"]), max_size=200)


@seed(SEED)
@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_line_is_that_of_a_terminal_without_colour(text: str) -> None:
    """Tabs, wide signs and brackets come out as rich prints them into a pipe; only blanks at the end may stay."""
    note(f"seed {SEED}")
    line = inert(text).replace("\n", " ")
    ours, theirs = io.StringIO(), io.StringIO()
    Pipe(ours).line(line)
    Terminal(theirs, forced=False).line(line)
    assert ours.getvalue().rstrip() == theirs.getvalue().rstrip()


def test_a_long_table_is_not_fitted_to_the_window() -> None:
    """What nobody reads line by line is printed on a terminal as into a pipe, however narrow the window."""
    rows = [[str(number), "网" * 90, "x" * 90] for number in range(1_001)]
    into_a_pipe, on_a_terminal = io.StringIO(), io.StringIO()
    Pipe(into_a_pipe).table(["1", "2", "3"], rows, ())
    Terminal(on_a_terminal, forced=True).table(["1", "2", "3"], rows, ())
    assert on_a_terminal.getvalue() == into_a_pipe.getvalue()
    fitted = io.StringIO()
    Terminal(fitted, forced=True).table(["1", "2", "3"], rows[:9], ())
    assert rows[8][1] not in fitted.getvalue()


def test_the_terminal_is_loaded_where_somebody_looks() -> None:
    """A command whose output goes into a pipe does not wait for what draws tables and bars."""
    asked = "import sys; from gwxl.cli.console import console; console(); print('rich.console' in sys.modules)"
    for variables, loaded in (({}, "False"), ({"FORCE_COLOR": "1"}, "True"), ({"TTY_COMPATIBLE": "1"}, "True")):
        printed = subprocess.run(
            [sys.executable, "-c", asked],
            env=environment(**variables),
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert printed.stdout == f"{loaded}\n"
