"""What a code says of itself: whether its check digit is right, the day and the sex in it, a part of it."""

from collections.abc import Callable, Mapping
from datetime import date
from string import ascii_uppercase, digits

_CITIZEN_DIGITS = "10X98765432"
_CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18
_BANK_DIGITS = {char: str(value) for value, char in enumerate(digits + ascii_uppercase)}


class UnusableCodeError(ArithmeticError):
    """A code holds nothing that could be compared: what its check says of it comes first."""


def is_citizen_number(code: str) -> bool:
    """Tell whether a citizen's identity number is one (GB 11643): 17 digits with a real day, and the right check."""
    bare = code.upper()
    if len(bare) != _LENGTH or not _are_digits(bare[:-1]) or _day_in(bare) is None:
        return False
    total = sum(int(digit) * 2 ** (_LENGTH - 1 - place) for place, digit in enumerate(bare[:-1]))
    return _CITIZEN_DIGITS[total % 11] == bare[-1]


def is_credit_code(code: str) -> bool:
    """Tell whether a unified social credit code is one (GB 32100): 18 characters, the last the check of the others."""
    bare = code.upper()
    if len(bare) != _LENGTH or not set(bare) <= set(_CREDIT_DIGITS):
        return False
    total = sum(_CREDIT_DIGITS.index(char) * pow(3, place, 31) for place, char in enumerate(bare[:-1]))
    return _CREDIT_DIGITS[-total % 31] == bare[-1]


def is_luhn_number(code: str) -> bool:
    """Tell whether the last digit of a card's number is its check (ISO/IEC 7812)."""
    if len(code) <= 1 or not _are_digits(code):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(code)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0  # noqa: PLR2004 - two digits are added up


def is_bank_number(code: str) -> bool:
    """Tell whether a number is divided by 97 with a rest of 1 (ISO 7064); of an IBAN its first four come last."""
    bare = "".join(code.upper().split())
    if bare[:2].isalpha():
        bare = bare[4:] + bare[:4]
    if not bare or not set(bare) <= _BANK_DIGITS.keys():
        return False
    return int("".join(_BANK_DIGITS[char] for char in bare)) % 97 == 1


def read_birth_date(code: str) -> str:
    """Return the day in a citizen's identity number, as days are compared.

    Raises:
        UnusableCodeError: there is none.
    """
    day = _day_in(code)
    if day is None:
        raise UnusableCodeError
    return day.isoformat()


def is_male(code: str) -> bool:
    """Tell whether the last but one digit of a citizen's identity number is odd.

    Raises:
        UnusableCodeError: there is none.
    """
    if len(code) != _LENGTH or not _are_digits(code[:-1]):
        raise UnusableCodeError
    return int(code[-2]) % 2 == 1


def take_part(code: str, first: int, count: int) -> str:
    """Return some characters of a code, the first of them counted from 1.

    Raises:
        UnusableCodeError: it is shorter.
    """
    part = code[first - 1 : first - 1 + count]
    if len(part) != count:
        raise UnusableCodeError
    return part


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _day_in(code: str) -> date | None:
    try:
        return date(int(code[6:10]), int(code[10:12]), int(code[12:14])) if _are_digits(code[6:14]) else None
    except ValueError:
        return None


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "gb11643": is_citizen_number,
    "gb32100": is_credit_code,
    "luhn": is_luhn_number,
    "mod97": is_bank_number,
    "is_male": is_male,
}
"""The functions of an expression that tell something of a code."""

BIRTH_DATE, PART = "birth_date", "part"
CODE_FUNCTIONS = frozenset({*CHECKS, BIRTH_DATE, PART})
