"""What a draft of a form consists of: sections of questions, with the cell of each and what is unsure."""

from dataclasses import dataclass, field

from gwxl.wording import text


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """What an author should look at: where in the office's workbook, and what."""

    place: str
    key: str
    said: str

    def say(self, language: str) -> str:
        """Return what is unsure, in a language."""
        return text(self.key, language, said=self.said)


@dataclass(kw_only=True)
class Question:
    """One field, or one column of a table: what form.toml says of it.

    Attributes:
        place: sheet and cell it was found in.
        choices: labels of what can be chosen.
        columns: of a table, and how many ``rows`` it offers.
        matrix: of a matrix, rows, columns, closed cells.
        formula: of one that is worked out, as form.toml says it, rounded to ``decimals``.
        cells: the address of each input, and part and row of its path.
        least, most: the limits its validation gives, as numbers are written in TOML; longest: in characters.
    """

    key: str = ""
    label: str
    kind: str = "text"
    place: str
    number: str = ""
    unit: str = ""
    group: str = ""
    instruction: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple["Question", ...] = ()
    rows: int = 0
    matrix: "Shape | None" = None
    least: str = ""
    most: str = ""
    longest: str = ""
    role: str = ""
    formula: str = ""
    decimals: int = 2
    cells: tuple[tuple[str, str, int | str | None], ...] = ()
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def sheet(self) -> str:
        """Return the title of the sheet it was found on."""
        return self.place.rpartition("!")[0]


@dataclass(kw_only=True)
class Head:
    """A row or column of a matrix, or a head over several; ``sums`` as form.toml says what a total adds up."""

    key: str
    label: str
    number: str = ""
    sums: str | tuple[str, ...] = ""
    below: "list[Head]" = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The rows and columns of a matrix; ``closed`` as form.toml writes them."""

    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    closed: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Part:
    """A section, with its questions in the order of the sheet."""

    label: str
    number: str = ""
    instruction: str = ""
    questions: list[Question] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A form as it was understood; ``header`` holds what is asked around it."""

    title: str
    language: str
    header: tuple[Question, ...]
    parts: tuple[Part, ...]
    doubts: tuple[Doubt, ...] = ()
