"""Receipts as bytes: exact on the way there and back, and nothing else taken for one."""

import json
import pickle
import random
from collections.abc import Mapping
from copy import copy
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, note, seed, settings
from hypothesis import strategies as st

from gwxl.errors import CodecError
from gwxl.intake import check_file
from gwxl.records.cell import CellRef
from gwxl.records.codec import VERSION, decode, encode
from gwxl.records.finding import Finding, Severity, Verdict
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.receipt import Agreement, Difference, Receipt
from gwxl.records.submission import (
    Answer,
    Answered,
    Change,
    Identity,
    LeftBehind,
    Round,
    Source,
    Status,
    Submission,
    Unread,
)
from gwxl.terms import Terms
from tests.support.draws import draws
from tests.support.sources import ROOT

SEED = random.SystemRandom().randrange(10**9)

TEXTS = st.text(st.characters(), max_size=8)  # lone surrogates too: names of files hold them
DECIMALS = st.decimals(allow_nan=False) | st.sampled_from([Decimal("1.20"), Decimal("-0"), Decimal("1E+400")])
SCALARS = st.booleans() | st.integers(-(10**30), 10**30) | DECIMALS | TEXTS
KEYS = st.from_regex("[a-z][a-z0-9_]{0,5}", fullmatch=True)
PERIODS = st.sampled_from(["", "2026", "2026H2", "2025Q4", "2026-09"]).map(Period.parse)
PATHS = st.builds(Path, KEYS, st.just("") | KEYS, st.none() | st.integers(1, 9_999_999) | KEYS)
CELLS = st.builds(CellRef, TEXTS, st.integers(1, 2**20), st.integers(1, 2**14))
UNREADS = st.builds(Unread, raw=TEXTS, kind=TEXTS, proposal=st.none() | SCALARS)
ROWS = st.lists(st.dictionaries(TEXTS, SCALARS | UNREADS, max_size=3), max_size=3).map(tuple)
VALUES = SCALARS | UNREADS | st.lists(TEXTS, max_size=3).map(tuple) | ROWS
CHANGES = st.builds(Change, key=PATHS, raw=TEXTS, value=TEXTS, kind=TEXTS)


def many(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return tuples of up to three."""
    return st.lists(strategy, max_size=3).map(tuple)


def draw_named(
    strategy: st.SearchStrategy[Any], names: st.SearchStrategy[str] = TEXTS
) -> st.SearchStrategy[dict[str, Any]]:
    """Return mappings of up to three names, in any order."""
    return st.dictionaries(names, strategy, max_size=3)


ANSWERS = st.builds(
    Answer,
    key=PATHS,
    raw=TEXTS,
    value=st.none() | SCALARS | UNREADS,
    cell=st.none() | CELLS,
    changes=many(CHANGES),
    left_out=st.booleans(),
)
ROUNDS = st.builds(
    Round,
    number=st.integers(0, 9),
    faults=many(st.tuples(TEXTS, TEXTS)),
    answers=many(st.builds(Answered, sha256=TEXTS, sheet=TEXTS)),
    site=TEXTS,
    contents=TEXTS,
    signature=st.none() | TEXTS,
)
MAYBE = st.none() | TEXTS
SOURCES = st.builds(
    Source,
    file=TEXTS,
    member=MAYBE,
    sheet=MAYBE,
    sha256=TEXTS,
    size=st.integers(0),
    modified=MAYBE,
    program=MAYBE,
    shared=st.booleans(),
    by=many(TEXTS),
)
SUBMISSIONS = st.builds(
    Submission,
    identity=st.builds(
        Identity,
        form=TEXTS,
        edition=TEXTS,
        fingerprint=TEXTS,
        period=PERIODS,
        site_code=MAYBE,
        signature=MAYBE,
    ),
    source=SOURCES,
    answers=draw_named(ANSWERS, PATHS),
    values=draw_named(VALUES),
    surround=draw_named(SCALARS),
    unread=many(ANSWERS),
    reread=many(ANSWERS),
    explanations=draw_named(TEXTS, PATHS),
    cells=draw_named(CELLS, PATHS),
    round=st.none() | ROUNDS,
    not_asked=st.frozensets(PATHS, max_size=3),
    retired=st.frozensets(PATHS, max_size=3),
    left_behind=many(
        st.builds(LeftBehind, key=PATHS, label=TEXTS, raw=TEXTS, cell=st.none() | CELLS, why=TEXTS, kind=TEXTS)
    ),
    blank=st.booleans(),
)
FINDINGS = st.builds(
    Finding,
    id=TEXTS,
    severity=st.sampled_from(Severity),
    message=TEXTS,
    verdict=st.sampled_from(Verdict),
    settled=st.booleans(),
    explanation=MAYBE,
    key=st.none() | PATHS,
    operands=many(PATHS),
    arguments=draw_named(TEXTS),
    shown=draw_named(TEXTS, PATHS),
    value=MAYBE,
    expected=TEXTS,
    proposal=MAYBE,
    source=st.none() | CELLS,
)
RECEIPTS = st.builds(
    Receipt,
    source=SOURCES,
    status=st.sampled_from(Status),
    reason=TEXTS,
    submission=st.none() | SUBMISSIONS,
    findings=many(FINDINGS),
    agreement=st.none()
    | st.builds(
        Agreement,
        program=TEXTS,
        compared=st.integers(),
        differences=many(st.builds(Difference, cell=CELLS, sheet=TEXTS, checker=TEXTS)),
    ),
)


def exact(value: Any) -> Any:
    """Return a value with all that ``==`` overlooks: types, the signs and digits of a decimal, the order of names."""
    if is_dataclass(value):
        return type(value), [exact(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return dict, [(key, exact(one)) for key, one in value.items()]
    if isinstance(value, frozenset):
        return frozenset, sorted(value)
    return (tuple, [exact(one) for one in value]) if isinstance(value, tuple) else (type(value), str(value))


@seed(SEED)
@settings(max_examples=150, deadline=None)
@given(RECEIPTS)
def test_there_and_back(receipt: Receipt) -> None:
    """Whatever a receipt holds comes back, to the last digit and type, in the same order."""
    note(f"seed {SEED}")
    assert exact(decode(encode(receipt))) == exact(receipt)


def test_the_samples() -> None:
    """The receipts of real files come back, and their bytes are the same each time."""
    terms = Terms()
    files = sorted(path for path in (ROOT / "samples" / "inbox").iterdir() if path.is_file())
    receipts = [receipt for file in files for receipt in check_file(file, file.name, terms)]
    assert len(receipts) > 30
    for receipt in receipts:
        data = encode(receipt)
        assert exact(decode(data)) == exact(receipt)
        assert encode(decode(data)) == data


RECEIPT = Receipt(
    source=Source(file="a.xlsx"),
    status=Status.OK,
    submission=Submission(
        identity=Identity(form="f", edition="1", fingerprint="0"),
        source=Source(file="a.xlsx"),
        answers={Path("n"): Answer(key=Path("n"), raw="1.20", value=Decimal("1.20"), cell=CellRef("s", 2, 4))},
        values={"n": Decimal("1.20"), "t": ({"p": Unread(raw="x", kind="not_a_number", proposal=3)},)},
    ),
)
HEAD = b"gwxl.receipt/6\n"


@seed(SEED)
@settings(max_examples=draws(100, full=300), deadline=None)
@given(st.data())
def test_strangers(data: st.DataObject) -> None:
    """Bytes that were changed are told, or are another receipt whose fields hold what they may hold."""
    note(f"seed {SEED}")
    packed = json.loads(encode(RECEIPT).removeprefix(HEAD))
    changed = data.draw(damage(packed))
    try:
        receipt = decode(HEAD + json.dumps(changed).encode())
    except CodecError:
        return
    assert exact(decode(encode(receipt))) == exact(receipt)
    assert isinstance(receipt, Receipt)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS | st.sampled_from(["decimal", "row"]), inner),
    max_leaves=4,
)


def damage(packed: Any) -> st.SearchStrategy[Any]:
    """Return the same document with one part replaced by anything, left out or doubled."""
    others = [ANYTHING]
    if isinstance(packed, list) and packed:
        others += [damage(one).map(partial(in_place, packed, at)) for at, one in enumerate(packed)]
        others += [st.just(packed[1:]), st.just([packed[0], *packed])]
    if isinstance(packed, dict):
        others += [damage(one).map(partial(in_place, packed, key)) for key, one in packed.items()]
    return st.one_of(others)


def in_place(packed: Any, at: Any, new: Any) -> Any:
    """Return a list or a mapping with another part."""
    changed = copy(packed)
    changed[at] = new
    return changed


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "begins with b''"),
        (b"gwxl.receipt/1\n[]", "begins with b'gwxl.receipt/1"),
        (pickle.dumps(RECEIPT), "begins with b'\\x80"),
        (HEAD, "cannot be decoded"),
        (HEAD + b"[]", "cannot be decoded"),
        (HEAD + b"\xff", "cannot be decoded"),
        (HEAD + b"[" * 100_000, "cannot be decoded"),
        (HEAD + b"1" * 10_000, "cannot be decoded"),
        (HEAD + encode(RECEIPT).removeprefix(HEAD).replace(b'"1.20"}', b'"1.2.0"}'), "cannot be decoded"),
        (HEAD + encode(RECEIPT).removeprefix(HEAD).replace(b'"decimal"', b'"float"'), "cannot be decoded"),
        (encode(RECEIPT)[:-1], "cannot be decoded"),
    ],
)
def test_refused(data: bytes, told: str) -> None:
    """What is no receipt of this version is told as such."""
    with pytest.raises(CodecError) as caught:
        decode(data)
    assert told in str(caught.value)


def test_whoever_changes_a_record_counts_the_version_on() -> None:
    """The fields of every record that a receipt holds are those of this version."""
    assert (VERSION, sha256("\n".join(shape(Receipt, set())).encode()).hexdigest()[:16]) == (6, "a1e8467775b64627")


def shape(kind: Any, seen: set[Any]) -> list[str]:
    """Return the fields of a record and of those inside it, with their types."""
    inner = [one for part in get_args(kind) for one in shape(part, seen)]
    if not is_dataclass(kind) or kind in seen:
        return inner
    seen.add(kind)
    hints = get_type_hints(kind)
    lines = [f"{getattr(kind, '__name__', '')}.{field.name}: {hints[field.name]}" for field in fields(kind)]
    return lines + [line for field in fields(kind) for line in shape(hints[field.name], seen)]
