"""Say what can be known of a formula in a binary workbook without undoing its whole code.

Source: [MS-XLS], 2.5.198.
"""

from collections.abc import Iterator

_STRING, _EXTENDED, _ATTRIBUTE, _CALL, _CALL_VARIABLE = 0x17, 0x18, 0x19, 0x21, 0x22
_CHOOSE = 0x04
_TRUTH = 0x1D
_WIDE = 0x01
_CLASSED, _ONE_CLASS = 0x40, 0x20
# Bytes of each token; of those with operands one class stands for three.
_SIZES = (
    {0x01: 5, 0x02: 5, **dict.fromkeys(range(0x03, 0x17), 1), 0x1C: 2, _TRUTH: 2, 0x1E: 3, 0x1F: 9}
    | {0x20: 8, _CALL: 3, _CALL_VARIABLE: 4, 0x23: 5, 0x24: 5, 0x25: 9, 0x26: 7, 0x27: 7, 0x28: 7, 0x29: 3}
    | {0x2A: 5, 0x2B: 9, 0x2C: 5, 0x2D: 9, 0x39: 7, 0x3A: 7, 0x3B: 11, 0x3C: 7, 0x3D: 11}
)
_FUNCTIONS = {
    34: "TRUE",
    35: "FALSE",
    63: "RAND",
    74: "NOW",
    78: "OFFSET",
    125: "CELL",
    148: "INDIRECT",
    221: "TODAY",
    244: "INFO",
}
_TRUTHS = frozenset({"TRUE()", "FALSE()"})


def find_known_calls(code: bytes) -> str:
    """Return ``TRUE()`` or ``FALSE()`` for a formula that is nothing else, else its volatile calls (``NOW()``).

    All other formulas give an empty text: that there is one is known, what it says is not.
    """
    tokens = tuple(_tokens(code))
    calls = [
        f"{_FUNCTIONS[call]}()" for token, call in tokens if token in {_CALL, _CALL_VARIABLE} and call in _FUNCTIONS
    ]
    alone = [token for token, _ in tokens if token != _ATTRIBUTE]
    if alone == [_TRUTH]:
        return "TRUE()" if code[-1] else "FALSE()"
    if len(alone) == 1 and len(calls) == 1 and calls[0] in _TRUTHS:
        return calls[0]
    return "+".join(dict.fromkeys(call for call in calls if call not in _TRUTHS))


def _tokens(code: bytes) -> Iterator[tuple[int, int]]:
    """Yield the tokens and, of calls, which function; ends where the code cannot be followed."""
    place = 0
    while place < len(code):
        token = code[place] if code[place] < _CLASSED else code[place] % _ONE_CLASS | _ONE_CLASS
        size = _size(code, place, token)
        if not size or place + size > len(code):
            return
        function = place + (2 if token == _CALL_VARIABLE else 1)
        yield token, int.from_bytes(code[function : function + 2], "little") & 0x7FFF
        place += size


def _size(code: bytes, place: int, token: int) -> int:
    if token == _STRING and place + 3 <= len(code):
        return 3 + code[place + 1] * (2 if code[place + 2] & _WIDE else 1)
    if token == _ATTRIBUTE and place + 4 <= len(code):
        return 4 + (2 * int.from_bytes(code[place + 2 : place + 4], "little") + 2 if code[place + 1] & _CHOOSE else 0)
    return _SIZES.get(token, 0)
