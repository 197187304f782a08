"""Receipts as bytes and back: a line that names the version, then JSON; exact, and safe to read from strangers.

A record becomes the list of its fields, in their order; a value that JSON does not know is named: ``{"decimal":
"1.20"}``, ``{"unread": [...]}``, ``{"row": {...}}``. Whoever changes a field of a record counts :data:`VERSION` on.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, get_args, get_origin, get_type_hints

from gwxl.errors import CodecError
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Unread

VERSION = 6

_HEAD = f"gwxl.receipt/{VERSION}\n".encode("ascii")


def encode(receipt: Receipt) -> bytes:
    """Return a receipt as bytes."""
    return _HEAD + json.dumps(coder(Receipt).pack(receipt), separators=(",", ":")).encode("ascii")


def decode(data: bytes) -> Receipt:
    """Return the receipt of some bytes.

    Raises:
        CodecError: they are no receipt, or one of another version.
    """
    if not data.startswith(_HEAD):
        raise CodecError(f"receipt: begins with {data[:20]!r}, expected {_HEAD!r}; read the returned file again")
    try:
        receipt: Receipt = coder(Receipt).unpack(json.loads(data[len(_HEAD) :].decode("ascii")))
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        raise CodecError(f"receipt: cannot be decoded ({error}); read the returned file again") from error
    return receipt


@dataclass(frozen=True)
class Coder:
    """How values of one type become JSON and come back; what cannot be such a value raises ValueError or TypeError."""

    pack: Callable[[Any], Any]
    unpack: Callable[[Any], Any]


@cache
def coder(kind: Any) -> Coder:
    """Return how the values of a type, a record of ours or a mapping of such, become JSON and come back."""
    origin, inner = get_origin(kind), get_args(kind)
    if isinstance(kind, type):
        return _record(kind) if is_dataclass(kind) else _plain(kind)
    if origin is tuple and inner[-1] is not Ellipsis:
        return _pair(*map(coder, inner))
    if origin in {tuple, frozenset}:
        return _series(coder(inner[0]), origin)
    if origin is Mapping:
        return _mapping(coder(inner[0]), coder(inner[1]))
    one, *more = (option for option in inner if option is not type(None))
    return _make_either(frozenset(get_origin(option) or option for option in inner)) if more else _optional(coder(one))


def _plain(kind: type) -> Coder:
    if issubclass(kind, StrEnum):
        return Coder(str, lambda packed: kind(_of(packed, str)))
    if kind is Path:
        return Coder(str, lambda packed: Path.parse(_of(packed, str)))
    return Coder(lambda value: value, lambda packed: _of(packed, kind))


def _record(kind: Any) -> Coder:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    coders = [coder(hints[name]) for name in names]
    values_of = attrgetter(*names)
    packs, unpacks = [coder.pack for coder in coders], [coder.unpack for coder in coders]

    makers = tuple(zip(names, unpacks, strict=True))
    slotted = not hasattr(kind, "__dict__") or "__slots__" in vars(kind)

    def unpack(packed: Any) -> Any:
        parts = _of(packed, list)
        if len(parts) != len(makers):
            raise ValueError(f"{kind.__name__} of {len(parts)} fields, expected {len(makers)}")
        values = {name: make(part) for (name, make), part in zip(makers, parts, strict=True)}
        if slotted or hasattr(kind, "__post_init__"):
            return kind(**values)
        made = object.__new__(kind)
        vars(made).update(values)  # as the frozen class would do, field by field, in three times the time
        return made

    return Coder(lambda record: [pack(value) for pack, value in zip(packs, values_of(record), strict=True)], unpack)


def _pair(first: Coder, second: Coder) -> Coder:
    def unpack(packed: Any) -> Any:
        one, other = _of(packed, list)
        return first.unpack(one), second.unpack(other)

    return Coder(lambda pair: [first.pack(pair[0]), second.pack(pair[1])], unpack)


def _series(coder: Coder, kind: Any) -> Coder:
    in_order = sorted if kind is frozenset else tuple
    return Coder(
        lambda values: [coder.pack(value) for value in in_order(values)],
        lambda packed: kind([coder.unpack(one) for one in _of(packed, list)]),
    )


def _mapping(names: Coder, coder: Coder) -> Coder:
    return Coder(
        lambda mapping: {name: coder.pack(value) for name, value in mapping.items()},
        lambda packed: {names.unpack(name): coder.unpack(value) for name, value in _of(packed, dict).items()},
    )


def _optional(coder: Coder) -> Coder:
    return Coder(
        lambda value: None if value is None else coder.pack(value),
        lambda packed: None if packed is None else coder.unpack(packed),
    )


def _make_either(kinds: frozenset[type]) -> Coder:
    """Return the coder of what an input may hold: of several types, told from each other by how they look."""

    def unpack(packed: Any) -> Any:
        value = _unpack_value(packed)
        if type(value) not in kinds:
            raise TypeError(f"{packed!r:.40} cannot stand here")
        return value

    return Coder(_pack_value, unpack)


def _pack_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_pack_value(one) for one in value]
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Unread):
        return {"unread": coder(Unread).pack(value)}
    return {"row": _ROW.pack(value)} if isinstance(value, Mapping) else value


def _unpack_value(packed: Any) -> Any:
    if isinstance(packed, list):
        return tuple(_ROW.unpack(_of(one, dict)["row"]) if type(one) is dict else _of(one, str) for one in packed)
    if not isinstance(packed, dict):
        return packed
    ((name, inner),) = packed.items()
    return Decimal(_of(inner, str)) if name == "decimal" else coder(Unread).unpack({"unread": inner}[name])


def _of(packed: Any, kind: type) -> Any:
    if type(packed) is not kind:
        raise TypeError(f"{packed!r:.40} is no {kind.__name__}")
    return packed


_ROW = _mapping(_plain(str), _make_either(frozenset({bool, int, Decimal, str, Unread})))
