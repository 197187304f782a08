"""What happened to a file on its way: told from its bytes, and by its name where they say nothing."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from gwxl.errors import RefusedError
from gwxl.form.identity import issue_identity
from gwxl.intake import check_file
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.rules.ruleset import RuleSet
from gwxl.spreadsheets.admission.door import Kind, admit_bytes
from gwxl.spreadsheets.opening import read_book
from gwxl.terms import Terms
from gwxl.wording import LANGUAGES, text
from tests.support import binaries as biff
from tests.support.workbooks import parts, unzip, zip_parts
from tests.support.written import write_template

NOISE = random.Random(8)


@pytest.fixture(scope="module")
def forms() -> RuleSet:
    """Return the form that comes with gwxl, and its rules."""
    return load("website_annual_report")


@pytest.fixture(scope="module")
def base(forms: RuleSet, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a blank workbook of the form."""
    path = tmp_path_factory.mktemp("base") / "form.xlsx"
    write_template(forms, path, identity=issue_identity(forms.form, period=Period(2026)))
    return path.read_bytes()


def breaks(data: bytes) -> bytes:
    """Return a zip with a part in which every pair of signs that breaks lines stands, and each alone."""
    pieces = (b"\n", b"\r", b"\r\n")
    more = b"".join(NOISE.randbytes(40) + NOISE.choice(pieces) for _ in range(400))
    return zip_parts(unzip(data) | {"xl/media/a.bin": more}, 0)


WAYS: dict[str, tuple[Callable[[bytes], bytes], Kind]] = {
    "to Windows": (lambda data: data.replace(b"\n", b"\r\n"), Kind.LINE_ENDS),
    "from Windows": (lambda data: data.replace(b"\r\n", b"\n"), Kind.LINE_ENDS),
    "there and back": (lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), Kind.LINE_ENDS),
    "to an old Mac": (lambda data: data.replace(b"\n", b"\r"), Kind.LINE_ENDS),
    "without returns": (lambda data: data.replace(b"\r", b""), Kind.LINE_ENDS),
    "bytes that are no UTF-8 replaced": (lambda data: data.decode("utf-8", "replace").encode(), Kind.RECODED),
    "bytes that are no GBK replaced": (lambda data: data.decode("gb18030", "replace").encode(), Kind.RECODED),
    "from Latin 1 to UTF-8": (lambda data: data.decode("latin-1").encode(), Kind.RECODED),
    "to UTF-16": (lambda data: data.decode("latin-1").encode("utf-16"), Kind.RECODED),
    "to seven bits": (lambda data: bytes(byte & 0x7F for byte in data), Kind.RECODED),
    "a byte order mark put before": (lambda data: b"\xef\xbb\xbf" + data, Kind.RECODED),
    "a line put before": (lambda data: b"\r\n" + data, Kind.RECODED),
}


@pytest.mark.parametrize(("way", "kind"), WAYS.values(), ids=WAYS.keys())
def test_workbooks_taken_for_texts_are_told(way: Callable[[bytes], bytes], kind: Kind, base: bytes) -> None:
    """A zip that went through something made for texts is refused with what to do, never as just damaged."""
    with pytest.raises(RefusedError) as refusal:
        read_book(admit_bytes(way(breaks(base))))
    assert refusal.value.reason == kind.value


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "latin-1"])
def test_binary_workbooks_in_another_encoding_are_told(encoding: str) -> None:
    """An old workbook is known by its bytes even where none of them is left as it was."""
    data = biff.xls(b"".join(biff.number(row, 1, row / 7) for row in range(1, 400)))
    assert admit_bytes(data.decode(encoding, "replace").encode()).kind is Kind.RECODED


def test_binary_workbooks_with_new_line_ends_are_told() -> None:
    """An old workbook whose line ends were doubled is told whether its directory survived or not."""
    data = biff.xls(b"".join(biff.number(row, 1, row / 7) for row in range(1, 400)), biff.number(1, 1, 1.0))
    with pytest.raises(RefusedError, match="line_ends"):
        read_book(admit_bytes(data.replace(b"\n", b"\r\n")))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_what_was_cut_off_is_not_taken_for_a_text(base: bytes, share: float) -> None:
    """A file that ends too early is incomplete and nothing else."""
    with pytest.raises(RefusedError, match="truncated"):
        read_book(admit_bytes(base[: int(len(base) * share)]))


NAMES = {
    "甲.xlsx.crdownload": "unfinished",
    "甲.xlsx.part": "unfinished",
    "甲.xlsx.baiduyun.downloading": "unfinished",
    "甲.xlsx.lnk": "shortcut",
    "甲.url": "shortcut",
    ".甲.xlsx.icloud": "placeholder",
    "甲.z02": "split",
    "甲.zip.002": "split",
    "甲.part2.rar": "split",
    "甲.7z.003": "split",
    "甲.xlsx": "scrambled",
    "甲.partner": "scrambled",
}


@pytest.mark.parametrize(("name", "reason"), NAMES.items())
def test_a_name_tells_what_the_content_does_not(name: str, reason: str, tmp_path: Path, forms: RuleSet) -> None:
    """Noise is what its name says it is, if it says anything."""
    (tmp_path / name).write_bytes(random.Random(7).randbytes(5_000))
    (receipt,) = check_file(tmp_path / name, name, Terms(forms))
    assert receipt.findings[0].id == reason
    assert receipt.reason == text(f"refused.{reason}", forms.form.language)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "甲.xlsx"])
def test_content_that_is_whole_is_read_whatever_it_is_called(
    name: str, tmp_path: Path, forms: RuleSet, base: bytes
) -> None:
    """A workbook that came whole counts under the name of a download that did not finish."""
    (tmp_path / name).write_bytes(base)
    (receipt,) = check_file(tmp_path / name, name, Terms(forms))
    assert receipt.submission is not None


@pytest.mark.parametrize("name", ["甲.xlsx.crdownload", "甲.xlsx.part", "甲.zip.001"])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.95])
def test_half_a_download_is_refused_as_such(
    name: str, share: float, tmp_path: Path, forms: RuleSet, base: bytes
) -> None:
    """What did not come whole is named by what it is: half a download, one of several pieces."""
    (tmp_path / name).write_bytes(base[: int(len(base) * share)])
    (receipt,) = check_file(tmp_path / name, name, Terms(forms))
    assert receipt.findings[0].id == ("split" if name.endswith("001") else "unfinished")


@pytest.mark.parametrize("reason", ["damaged", "bomb"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_holds_empty_brackets(reason: str, language: str, tmp_path: Path, forms: RuleSet) -> None:
    """Where no part of a file is to be named, the message names none."""
    end = b"PK\5\6" + bytes(4) + b"\2\0\2\0" + bytes(10)
    data = {"damaged": zip_parts(parts())[:600] + end, "bomb": b""}[reason]
    if data:
        (tmp_path / "a.xlsx").write_bytes(data)
        (receipt,) = check_file(tmp_path / "a.xlsx", "a.xlsx", Terms(forms))
        assert receipt.findings[0].id == reason
        assert "（）" not in receipt.reason
    whole = text(f"refused.{reason}_whole", language)
    assert not {"（）", "()"} & {whole[at : at + 2] for at in range(len(whole))}
