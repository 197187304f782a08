"""Count what one rendering takes, and stop it where that is more than a form's text ever takes."""

from collections.abc import Mapping

from jinja2.exceptions import SecurityError

STEPS = 3_000_000  # parts of a template that are run through; the longest page of a return takes a tenth
CHARACTERS = 20_000_000  # of all texts that are put together on the way; they are counted each time


class Meter:
    """What is left of the steps and characters of one rendering."""

    def __init__(self) -> None:
        self._steps = STEPS
        self._characters = CHARACTERS

    def spend(self, steps: int = 1) -> None:
        """Take some steps.

        Raises:
            SecurityError: there are none left.
        """
        self._steps -= steps
        if self._steps < 0:
            message = f"takes more than {STEPS:,} steps: shorten its loops"
            raise SecurityError(message)

    def write(self, characters: int) -> None:
        """Take room for some characters.

        Raises:
            SecurityError: there is none left.
        """
        self._characters -= characters
        if self._characters < 0:
            message = f"makes texts of more than {CHARACTERS:,} characters"
            raise SecurityError(message)

    def weigh(self, value: object) -> None:
        """Take what it costs to look at every part of a value, however often one part stands in it.

        Raises:
            SecurityError: it is too large.
        """
        self.spend()
        if isinstance(value, str):
            self.write(len(value))
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                self.weigh(key)
                self.weigh(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                self.weigh(inner)
