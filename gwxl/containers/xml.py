"""Parse the XML parts of a workbook: one pass each, without a tree, under limits."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from xml.parsers import expat

from gwxl.containers.limits import Limits
from gwxl.errors import RefusedError

Attributes = dict[str, str]
Starts = Mapping[str, Callable[[Attributes], None]]
Ends = Mapping[str, Callable[[str], None]]
_OnStart = Callable[[str, Attributes], None]
_OnEnd = Callable[[str], None]

INDEX = re.compile(r"[0-9]{1,9}\Z")
"""What an attribute or value that counts looks like."""

_ENCODINGS = frozenset({"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE"})
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16le", b"\0<": "utf-16be"}
_BEGINNING = 1024 * 1024
_LONGEST_KEPT = 1 << 15
_ON = frozenset({"1", "true", "on", "t"})


class Markup:
    """A parser of the parts of one workbook; the number of their elements is limited together."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._elements = 0
        self._uncounted: list[bytes] = []

    def parse(
        self, part: str, data: bytes, starts: Starts, ends: Ends, loose: Callable[[str], None] | None = None
    ) -> None:
        """Call ``starts[name](attributes)`` and ``ends[name](text)`` for the elements of a part.

        Names come without their prefix. ``text`` is what stands between this end tag and the tag before it, so
        a leaf's whole text. A handler may raise :class:`~gwxl.errors.RefusedError`.

        Args:
            part: what messages call the part.
            data: the part.
            starts: handlers of start tags.
            ends: handlers of end tags.
            loose: takes the text before a start tag and that of elements without an end handler, where a format
                mixes text and elements; without it text beside elements is refused.

        Raises:
            RefusedError: ``damaged``, ``doctype``, ``encoding`` or ``overloaded``.
        """
        if self._limits.beginning:
            data = data[:_BEGINNING]
        self.count(part, data)
        parser = _Reading(part, self._limits, data, loose).parser(encoding_of(data), starts, ends)
        try:
            # In one call: a long token that comes in pieces is scanned again from its start with every piece.
            parser.Parse(data, not self._limits.beginning)
        except (expat.ExpatError, UnicodeError):
            raise RefusedError("damaged", part=part) from None

    def recall(self, part: str, data: bytes, starts: Starts, ends: Ends) -> None:
        """Do as :meth:`parse` does with a part that many workbooks hold byte for byte: it is parsed once for all."""
        told = None
        if len(data) <= _LONGEST_KEPT and not self._limits.beginning:
            with suppress(RefusedError):
                told = _tell(data, frozenset(starts), frozenset(ends), self._limits)
        if told is None:
            self.parse(part, data, starts, ends)
            return
        self.count(part, data)
        for name, attributes, text in told:
            if attributes is None:
                ends[name](text)
            else:
                starts[name](attributes)

    def count(self, part: str, data: bytes) -> None:
        """Count the elements of a part that need not be parsed.

        Raises:
            RefusedError: ``overloaded``.
        """
        self._uncounted.append(data)
        # No part has more elements than bytes: those of a usual return need no counting.
        if self._elements + sum(map(len, self._uncounted)) > self._limits.elements:
            self._elements += sum(map(_most_elements, self._uncounted))
            self._uncounted.clear()
        if self._elements > self._limits.elements or _has_long_tag(data, self._limits.token_chars):
            raise RefusedError("overloaded", part=part)


_Told = tuple[str, Attributes | None, str]


@lru_cache(maxsize=64)
def _tell(data: bytes, starts: frozenset[str], ends: frozenset[str], limits: Limits) -> tuple[_Told, ...]:
    """Return what handlers of some elements are told: name and attributes of a start, None and text of an end."""
    told: list[_Told] = []

    def tell_start(name: str, attributes: Attributes) -> None:
        told.append((name, attributes, ""))

    def tell_end(name: str, text: str) -> None:
        told.append((name, None, text))

    opening = {name: partial(tell_start, name) for name in starts}
    Markup(limits).parse("", data, opening, {name: partial(tell_end, name) for name in ends})
    return tuple(told)


class _Reading:
    """One part, held to its limits while it is parsed."""

    def __init__(self, part: str, limits: Limits, data: bytes, loose: Callable[[str], None] | None) -> None:
        self._part = part
        self._loose = loose
        self._limits = limits
        self._pieces: list[str] = []
        self._length = 0
        self._long = len(data) > limits.token_chars  # only then can a token be too long
        self._long_values = self._long and _may_have_long_values(data, limits.token_chars)

    def parser(self, encoding: str, starts: Starts, ends: Ends) -> expat.XMLParserType:
        """Return a parser that holds the limits, then calls the handlers."""
        parser = expat.ParserCreate(encoding)
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._elements(starts, ends)
        parser.CharacterDataHandler = self._add_piece if self._long else self._pieces.append
        parser.CommentHandler = self._comment
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        return parser

    def _elements(self, starts: Starts, ends: Ends) -> tuple[_OnStart, _OnEnd]:
        """Return the handlers of expat; they run once an element, so they keep to local names."""
        most_deep, most_attributes = self._limits.depth, self._limits.attributes
        pieces, long, loose = self._pieces, self._long_values, self._loose
        depth = 0

        def start(tag: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            if depth > most_deep or len(attributes) > most_attributes:
                raise self._overload_error()
            if pieces:
                self._take_between("".join(pieces))
            if long:
                self._measure(max(map(len, attributes.values()), default=0))
            pieces.clear()
            handler = starts.get(tag if ":" not in tag else tag.rpartition(":")[2])
            if handler is not None:
                handler(attributes)

        def end(tag: str) -> None:
            nonlocal depth
            depth -= 1
            handler = ends.get(tag if ":" not in tag else tag.rpartition(":")[2])
            if handler is not None:
                handler("".join(pieces))
            elif loose is not None and pieces:
                loose("".join(pieces))
            pieces.clear()

        return start, end

    def _take_between(self, text: str) -> None:
        """Take text that stands before an element."""
        if self._loose is not None:
            self._loose(text)
        elif not text.isspace():
            # It stands nowhere in a workbook of this format; programs would differ on what it means.
            raise RefusedError("damaged", part=self._part)

    def _add_piece(self, text: str) -> None:
        self._length = self._length + len(text) if self._pieces else len(text)
        self._measure(self._length)
        self._pieces.append(text)

    def _comment(self, text: str) -> None:
        self._measure(len(text))

    def _measure(self, length: int) -> None:
        if length > self._limits.token_chars:
            raise self._overload_error()

    def _overload_error(self) -> RefusedError:
        return RefusedError("overloaded", part=self._part)

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.upper() not in _ENCODINGS:
            raise RefusedError("encoding", part=self._part)

    def _doctype(self, *_: object) -> None:
        raise RefusedError("doctype", part=self._part)


def encoding_of(data: bytes) -> str:
    """Return the encoding the bytes are in; a declaration is only asked whether it is allowed."""
    return _MARKS.get(data[:2], "utf-8")


def _most_elements(data: bytes) -> int:
    """Return how many elements a part has at most: what is no end tag may start one, in any encoding.

    Counted before it is parsed, a part with too many costs next to nothing.
    """
    ends = max(data.count(b"</"), data.count(b"<\0/"))
    return data.count(b"<") - ends


def _has_long_tag(data: bytes, longest: int) -> bool:
    """Tell whether a tag or comment is too long; expat would hold all its attributes before it shows one."""
    return len(data) > longest and re.search(rb"<[^<>]{%d}" % longest, data) is not None


def _may_have_long_values(data: bytes, longest: int) -> bool:
    """Tell whether an attribute may be too long: no value holds a ``<``, which only one byte a character shows."""
    return data[:2] in _MARKS or re.search(rb"<[^<]{%d}" % longest, data) is not None


def attribute(attributes: Attributes, name: str) -> str | None:
    """Return an attribute by its name without prefix, None if it is absent."""
    if name in attributes:
        return attributes[name]
    ending = f":{name}"
    for key in attributes:  # no generator: this runs several times a cell
        if key.endswith(ending):
            return attributes[key]
    return None


def flag(attributes: Attributes, name: str, *, absent: bool = False) -> bool:
    """Return a boolean attribute (``1``, ``true``, ``on``)."""
    value = attributes.get(name)
    return absent if value is None else value.strip().lower() in _ON
