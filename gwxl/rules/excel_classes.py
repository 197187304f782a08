"""Write the formulas that sort what stands in one cell into a class, as the reader sorts it; no text is coerced.

What formulas do not see is left to the reader: the number format of a cell (a date in a number's place), digits
beyond the fifteenth, and in LibreOffice a logical that a file brought along, which is a plain 1 or 0 there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from gwxl.form.definition import NUMBERS, Kind
from gwxl.rules.excel import array, quoted

_REMOVED = "\u200b\ufeff\u2060"
_SPACES = "\u00a0\u3000"
_MARK = "CHAR(1)"
_LARGEST = "1E+25"  # what is beyond is no number to the reader either
_DAYS = "2958466"  # up to 9999-12-31; the 60th day never was
_MOST_DIGITS = "1E+15"  # a number in a text cell that has lost digits
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}  # ASCII → full-width form
_DIGITS = array(tuple("0123456789"))


class CellClass(IntEnum):
    """Number the classes of what can stand in a cell; they are tested from error and logical down to text."""

    BLANK = 0
    TEXT = 1
    NUMBER = 2
    BAD_NUMBER = 3
    LOGICAL = 4
    ERROR = 5
    WORD = 6


class State(IntEnum):
    """Number what relations see of a cell; NOTHING is a value that counts as not filled (0 in a gated field)."""

    BLANK = 0
    GOOD = 1
    WRONG = 2
    NOTHING = 3


@dataclass(frozen=True, kw_only=True)
class Spots:
    """Hold the addresses of one cell and its helpers: ``raw`` is the input, the others are made of it.

    ``clean`` has the invisible characters taken out, ``plain`` is for comparing words, ``text`` is the text between
    its blanks, ``kind`` the class, ``value`` what relations calculate with, ``own`` the first failed check.
    """

    raw: str
    clean: str
    plain: str
    text: str
    kind: str
    value: str
    own: str


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """Say how the texts of one cell are sorted.

    Attributes:
        gate: words that mean blank here. nothing: words a rule of their own stands behind.
        answers: yes and no, a tick or the choices: spelling → value; a value of None is not ticked.
    """

    kind: Kind
    gate: frozenset[str] = frozenset()
    nothing: frozenset[str] = frozenset()
    answers: tuple[tuple[str, str | bool | None], ...] = ()

    @property
    def zero_is_nothing(self) -> bool:
        """Tell whether the number 0 has a value here, but counts as not filled."""
        return self.kind in NUMBERS and "0" in self.gate

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words that are a class of their own: for a number, what is no number itself."""
        words = self.gate | self.nothing
        return tuple(sorted(word for word in words if self.kind not in NUMBERS or not word.isdigit()))


def clean(spots: Spots) -> str:
    """Return the formula of the text without invisible characters, every blank a space; empty for an error."""
    return f'IF(ISERROR({spots.raw}),"",{cleaned(spots.raw)})'


def cleaned(raw: str) -> str:
    """Return the formula of a cell's text without invisible characters, every blank a space."""
    text = f'{raw}&""'
    for char in _REMOVED:
        text = f'SUBSTITUTE({text},"{char}","")'
    for char in _SPACES:
        text = f'SUBSTITUTE({text},"{char}"," ")'
    return f'SUBSTITUTE(SUBSTITUTE({text},CHAR(9)," "),CHAR(13),"")'


def trimmed(text: str) -> str:
    """Return the formula of a text without outer blanks, the inner ones single spaces."""
    return f'TRIM(SUBSTITUTE({text},CHAR(10)," "))'


def plain(spots: Spots) -> str:
    """Return the formula of the text for comparing words: no outer blanks, inner ones single, no leading '."""
    bare = trimmed(spots.clean)
    first, last = f"LEFT({bare},1)", f"RIGHT({bare},1)"
    led = f"""OR({first}="'",{first}="＇")"""
    closed = f"""AND(LEN({bare})>1,OR({last}="'",{last}="＇"))"""
    return f"IF({led},IF({closed},{bare},TRIM(MID({bare},2,LEN({bare})))),{bare})"


def text(spots: Spots) -> str:
    """Return the formula of the text between its outer blanks, the inner ones kept."""
    first = f"FIND(LEFT({spots.plain},1),{spots.clean})"
    last = f"RIGHT({spots.plain},1)"
    count = f'LEN({spots.clean})-LEN(SUBSTITUTE({spots.clean},{last},""))'
    end = f"FIND({_MARK},SUBSTITUTE({spots.clean},{last},{_MARK},{count}))"
    return f'IF({spots.plain}="","",MID({spots.clean},{first},{end}-{first}+1))'


def one_of(text_formula: str, words: Iterable[str]) -> str:
    """Return a condition: a text is one of some words, whatever their case, in ASCII or full width."""
    forms = spelled(words)
    return f"SUMPRODUCT(--EXACT(LOWER({text_formula}),{array(forms)}))>0" if forms else "FALSE"


def spelled(words: Iterable[str]) -> tuple[str, ...]:
    """Return words in ASCII and in full width."""
    return tuple(dict.fromkeys(form for word in sorted(words) for form in (word, word.translate(_FULL_WIDTH))))


def exactly_one_of(text_formula: str, words: Iterable[str]) -> str:
    """Return a condition: a text is one of some words, letter by letter."""
    return f"SUMPRODUCT(--EXACT({text_formula},{array(tuple(dict.fromkeys(words)))}))>0"


def class_formula(sorting: Sorting, spots: Spots) -> str:
    """Return the formula of the class."""
    word = one_of(spots.plain, sorting.words)
    if sorting.kind is Kind.CHOICES:
        word = one_of(spots.plain, (spelling for spelling, value in sorting.answers if value is None))
    blank, worded = f'{spots.plain}=""', f"{CellClass.WORD:d}"
    text_class = f"IF({blank},{CellClass.BLANK:d},IF({word},{worded},{CellClass.TEXT:d}))"
    number = f"IF({_good_number(sorting, spots)},{CellClass.NUMBER:d},{CellClass.BAD_NUMBER:d})"
    if sorting.kind not in {*NUMBERS, Kind.DATE} and word != "FALSE":
        number = f"IF({word},{worded},{number})"
    inner = f"IF(ISNUMBER({spots.raw}),{number},{text_class})"
    return f"IF(ISERROR({spots.raw}),{CellClass.ERROR:d},IF(ISLOGICAL({spots.raw}),{CellClass.LOGICAL:d},{inner}))"


def _good_number(sorting: Sorting, spots: Spots) -> str:  # noqa: PLR0911 - one for each kind of input
    raw = spots.raw
    match sorting.kind:
        case Kind.COUNT:
            return f"AND(ABS({raw})<{_LARGEST},{raw}=INT({raw}))"
        case Kind.DECIMAL:
            return f"ABS({raw})<{_LARGEST}"
        case Kind.DATE:
            return f"AND({raw}>=1,INT({raw})<>60,{raw}<{_DAYS})"
        case Kind.TEXT:
            return f"ABS({raw})<{_MOST_DIGITS}"
        case Kind.CODE:
            return f"AND({raw}>=0,{raw}<{_MOST_DIGITS},{raw}=INT({raw}))"
        case Kind.YES_NO | Kind.CHOICES:
            return one_of(spots.plain, (spelling for spelling, _ in sorting.answers))
    return "FALSE"


def usable(sorting: Sorting, spots: Spots) -> str:
    """Return a condition: what stands here is of the field's kind."""
    kind = spots.kind
    match sorting.kind:
        case Kind.COUNT | Kind.DECIMAL | Kind.DATE:
            return f"{kind}={CellClass.NUMBER:d}"
        case Kind.TEXT:
            return f"OR({kind}={CellClass.TEXT:d},{kind}={CellClass.NUMBER:d})"
        case Kind.CODE:
            return f"OR({kind}={CellClass.NUMBER:d},AND({kind}={CellClass.TEXT:d},NOT({_scientific(spots.text)})))"
        case Kind.URL:
            return f"{kind}={CellClass.TEXT:d}"
        case Kind.YES_NO | Kind.CHOICES:
            read = (spelling for spelling, value in sorting.answers if value is not None)
            by_word = f"AND(OR({kind}={CellClass.TEXT:d},{kind}={CellClass.NUMBER:d}),{one_of(spots.plain, read)})"
            return f"IF({kind}={CellClass.LOGICAL:d},TRUE,{by_word})"
    labels = (spelling for spelling, _ in sorting.answers)
    return f"AND({kind}={CellClass.TEXT:d},{exactly_one_of(spots.plain, labels)})"


def _scientific(place: str) -> str:
    """Return a condition: a text such as 1.1E+9, a code that a program took for a number."""
    digits = f'SUMPRODUCT(LEN({place})-LEN(SUBSTITUTE({place},{_DIGITS},"")))'
    exponent = f'SEARCH("e",{place})'
    dot, plus = (f'IF(ISNUMBER(FIND("{char}",{place})),1,0)' for char in ".+")
    shape = f'IF({dot}=1,AND(FIND(".",{place})=2,{exponent}>3),{exponent}=2)'
    sign = f'IF({plus}=1,FIND("+",{place})={exponent}+1,TRUE)'
    return f"IFERROR(AND(LEN({place})-{digits}=1+{dot}+{plus},{shape},{sign},LEN({place})>{exponent}+{plus}),FALSE)"


def value_formula(sorting: Sorting, spots: Spots) -> str:
    """Return the formula of the value relations calculate with; empty where there is none."""
    kind = spots.kind
    match sorting.kind:
        case Kind.COUNT | Kind.DECIMAL:
            return f'IF({kind}={CellClass.NUMBER:d},{spots.raw},"")'
        case Kind.DATE:
            return f'IF({kind}={CellClass.NUMBER:d},INT({spots.raw}),"")'
        case Kind.YES_NO | Kind.CHOICES:
            yes = one_of(spots.plain, (spelling for spelling, value in sorting.answers if value is True))
            return f"IF({kind}={CellClass.LOGICAL:d},IF({spots.raw},1,0),IF({yes},1,0))"
        case Kind.CHOICE:
            formula = '""'
            for spelling, value in reversed(sorting.answers):
                formula = f"IF(EXACT({spots.plain},{quoted(spelling)}),{quoted(str(value))},{formula})"
            return f'IF({kind}={CellClass.TEXT:d},{formula},"")'
    return spots.text


def blank_condition(sorting: Sorting, spots: Spots) -> str:
    """Return a condition: nothing stands here, or a word that means so."""
    blank, word = f"{spots.kind}={CellClass.BLANK:d}", f"{spots.kind}={CellClass.WORD:d}"
    if sorting.gate and sorting.nothing:
        word = f"AND({word},{one_of(spots.plain, sorting.gate)})"
    return f"OR({blank},{word})" if sorting.gate or sorting.kind is Kind.CHOICES else blank


def state_formula(sorting: Sorting, spots: Spots) -> str:
    """Return the formula of the state; ``own`` codes from 100 to 199 are errors."""
    good = f"{State.GOOD:d}"
    if sorting.zero_is_nothing:
        good = f"IF({spots.value}=0,{State.NOTHING:d},{State.GOOD:d})"
    if sorting.kind is Kind.CHOICES:
        good = f"IF({spots.value}=1,{State.GOOD:d},{State.BLANK:d})"
    wrong = f"OR(NOT({usable(sorting, spots)}),AND({spots.own}>=100,{spots.own}<200))"
    return f"IF({blank_condition(sorting, spots)},{State.BLANK:d},IF({wrong},{State.WRONG:d},{good}))"


def filled_condition(sorting: Sorting, spots: Spots) -> str:
    """Return a condition: something stands here that is no word for nothing, and no 0 that means so."""
    filled = f"NOT({blank_condition(sorting, spots)})"
    if not sorting.zero_is_nothing:
        return filled
    # The value is asked for only where there is a number: AND would compare an error cell too.
    return f"IF({spots.kind}={CellClass.NUMBER:d},{spots.value}<>0,{filled})"
