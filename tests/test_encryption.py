"""Locked workbooks: Excel's own password, one the clerk was told, and files made to cost too much."""

import hashlib
import io
import random
import struct
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from msoffcrypto.method.ecma376_agile import ECMA376Agile

from gwxl.containers.ole import read_stream
from gwxl.errors import RefusedError
from gwxl.form.identity import issue_identity
from gwxl.intake import check_file
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.spreadsheets.admission.door import Kind, admit_bytes
from gwxl.spreadsheets.encryption import PASSWORD, PASSWORD_FILE, unlock
from gwxl.spreadsheets.opening import read_book
from gwxl.terms import Terms
from gwxl.wording import LANGUAGES, text
from tests.support.binaries import begin, compound_file, record
from tests.support.clients.libreoffice import LibreOffice
from tests.support.draws import draws, seed
from tests.support.formats import answers_seen, fill, see
from tests.support.workbooks import parts, read, zip_parts
from tests.support.written import write_template

EXCELS_OWN = "VelvetSweatshop"
TOLD = "口令 1"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test without a password told."""
    monkeypatch.delenv(PASSWORD, raising=False)
    monkeypatch.delenv(PASSWORD_FILE, raising=False)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the filled template."""
    path = tmp_path_factory.mktemp("locked") / "return.xlsx"
    rules = load("website_annual_report")
    write_template(rules, path, identity=issue_identity(rules.form, period=Period(2026)), answers=fill())
    return path


def lock(data: bytes, password: str) -> bytes:
    """Return a workbook as Excel locks it."""
    return bytes(ECMA376Agile.encrypt(password, io.BytesIO(data)))


def reason(data: bytes) -> str:
    """Return why a file is refused; there is a text for it in both languages."""
    with pytest.raises(RefusedError) as refusal:
        read(data)
    error = refusal.value
    assert all(text(f"refused.{error.reason}", language, **error.details) for language in LANGUAGES)
    return error.reason


def test_excels_own_password_opens(template: Path, tmp_path: Path) -> None:
    """What Excel opens without asking is read as if it were open; its hash is that of the file as it came."""
    path = tmp_path / "locked.xlsx"
    path.write_bytes(lock(template.read_bytes(), EXCELS_OWN))
    assert admit_bytes(path.read_bytes()).kind is Kind.ENCRYPTED
    assert see(path) == see(template)
    (receipt,) = check_file(path, "locked.xlsx", Terms(load("website_annual_report")))
    assert receipt.source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_unknown_password_is_refused(template: Path) -> None:
    """Another password keeps it closed."""
    assert reason(lock(template.read_bytes(), TOLD)) == "encrypted"


@pytest.mark.parametrize("content", [TOLD, f"{TOLD}\r\n", f"\ufeff{TOLD}\nsecond line\n"])
def test_password_from_a_file(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    """The first line of the file that the setting names opens it, and counts before the other setting."""
    (tmp_path / "password.txt").write_bytes(content.encode())
    monkeypatch.setenv(PASSWORD_FILE, str(tmp_path / "password.txt"))
    monkeypatch.setenv(PASSWORD, "another")
    assert read(lock(template.read_bytes(), TOLD)).kind == "xlsx"


def test_password_from_the_environment(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other setting holds the password itself."""
    monkeypatch.setenv(PASSWORD, TOLD)
    assert read(lock(template.read_bytes(), TOLD)).kind == "xlsx"
    monkeypatch.setenv(PASSWORD, "another")
    assert reason(lock(template.read_bytes(), TOLD)) == "encrypted"


def test_password_file_that_cannot_be_read(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that names no readable file is told, with its name and path."""
    data = lock(template.read_bytes(), TOLD)
    monkeypatch.setenv(PASSWORD_FILE, str(tmp_path / "none.txt"))
    assert reason(data) == "password_file"
    (tmp_path / "none.txt").write_bytes(b"\xff\xfe\x00")
    assert reason(data) == "password_file"


def test_without_the_package_it_stays_closed(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the optional package is missing, even Excel's own password opens nothing; the text says what to do."""
    data = lock(template.read_bytes(), EXCELS_OWN)
    monkeypatch.setitem(sys.modules, "msoffcrypto", None)
    assert reason(data) == "encrypted"
    assert all("gwxl[encrypted]" in text("refused.encrypted", language) for language in LANGUAGES)


@pytest.fixture(scope="module")
def saved(soffice: LibreOffice, template: Path) -> Mapping[str, Path]:
    """Return the filled template as LibreOffice locks it, by password and suffix, and an open one."""
    with soffice.open(template) as document:
        return {"open": document.save(template.with_name("open.xls"))} | {
            f"{name}.{kind}": document.save(template.with_name(f"{name}.{kind}"), password)
            for name, password in (("own", EXCELS_OWN), ("told", TOLD))
            for kind in ("xls", "ods")
        }


def test_locked_xls(saved: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A binary workbook opens by the same passwords, and holds what the open one holds."""
    assert admit_bytes(saved["own.xls"].read_bytes()).kind is Kind.XLS
    assert see(saved["own.xls"]) == see(saved["open"])
    assert reason(saved["told.xls"].read_bytes()) == "encrypted"
    monkeypatch.setenv(PASSWORD, TOLD)
    assert answers_seen(saved["told.xls"]) == answers_seen(saved["open"])


def test_locked_ods_is_refused(saved: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """What locks an OpenDocument file cannot be opened, and is named."""
    monkeypatch.setenv(PASSWORD, TOLD)
    assert reason(saved["told.ods"].read_bytes()) == "encrypted"


def test_what_was_locked_goes_through_the_door() -> None:
    """A locked text document is one, a locked bomb a bomb; no package inside, or a lock again, stays closed."""
    assert reason(lock(b"<html>" * 1_000, EXCELS_OWN)) == "encrypted"
    padding = {"x": random.Random(1).randbytes(5_000)}  # msoffcrypto locks nothing small in a way it can open
    word: dict[str, str | bytes] = {
        name: str(part).replace("xl/", "word/") for name, part in parts(main_type="x").items()
    }
    assert reason(lock(zip_parts(word | padding), EXCELS_OWN)) == "docx"
    bomb = zip_parts(parts() | padding | {"xl/media/a": bytes(3_000_000)})
    assert reason(lock(bomb, EXCELS_OWN)) == "bomb"
    inside = lock(lock(zip_parts(parts() | padding), EXCELS_OWN), EXCELS_OWN)
    assert reason(inside) == "encrypted"


def info_of(xml: str) -> bytes:
    """Return a locked file with a description of its lock."""
    return compound_file(
        {"EncryptionInfo": struct.pack("<2HL", 4, 4, 0x40) + xml.encode(), "EncryptedPackage": bytes(64)}
    )


KEY = (
    '<encryption><keyEncryptors><p:encryptedKey xmlns:p="x" spinCount="{}" keyBits="{}"/></keyEncryptors></encryption>'
)
COSTLY = {
    "turns": (info_of(KEY.format(1_000_001, 256)), "costly_password"),
    "many turns": (info_of(KEY.format(10**30, 256)), "costly_password"),
    "turns that are no number": (info_of(KEY.format("many", 256)), "costly_password"),
    "long key": (info_of(KEY.format(1, 10**9 - 1)), "costly_password"),
    "no keys": (info_of(KEY.format(1, 256)), "encrypted"),
    "entities": (info_of('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "doctype"),
    "no markup": (info_of("hello"), "damaged"),
    "another way": (
        compound_file({"EncryptionInfo": struct.pack("<2HL", 3, 3, 0), "EncryptedPackage": b""}),
        "encrypted",
    ),
    "nothing": (compound_file({"EncryptionInfo": b"", "EncryptedPackage": b""}), "encrypted"),
    "binary": (
        compound_file({"Workbook": begin(5) + record(0x2F, bytes(6)) + record(0x0A), "x": bytes(4 * 1024 * 1024)}),
        "too_large",
    ),
    "binary of no way": (compound_file({"Workbook": begin(5) + record(0x2F, b"\7\0") + record(0x0A)}), "encrypted"),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("data", "expected"), COSTLY.values(), ids=COSTLY.keys())
def test_lock_that_costs_too_much(data: bytes, expected: str) -> None:
    """A lock made to cost a processor for days is refused before a password is tried; others simply stay closed."""
    assert reason(data) == expected


def test_standard_lock_is_no_concern_of_the_turns(template: Path) -> None:
    """What the lock says of itself stands where it is looked for."""
    data = lock(template.read_bytes(), EXCELS_OWN)
    info = read_stream(data, "encryptioninfo")
    assert info is not None
    assert b'spinCount="100000"' in info
    assert unlock(admit_bytes(data)).data == template.read_bytes()


@pytest.mark.timeout(200)
def test_mutants(template: Path, saved: Mapping[str, Path]) -> None:
    """Mutants of locked files are read or refused, nothing else."""
    random_ = random.Random(seed())
    found = set()
    for data in (lock(template.read_bytes(), EXCELS_OWN), saved["own.xls"].read_bytes()):
        for _ in range(draws(15, full=45)):
            mutant = bytearray(data)
            for _ in range(3):
                mutant[random_.choice((random_.randrange(len(data)), random_.randrange(2048)))] ^= random_.randrange(
                    256
                )
            try:
                found.add(read_book(admit_bytes(bytes(mutant))).kind)
            except RefusedError as error:
                found.add(error.reason)
    assert found >= {"damaged", "encrypted"}
