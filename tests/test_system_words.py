"""What the system says against a file is told in the reader's language."""

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gwxl.batch.files import list_files
from gwxl.errors import OutputError, RefusedError, SettingsError
from gwxl.files.outputs import refuse_nothing, replace_file
from gwxl.intake.checking import refuse_file
from gwxl.records.submission import Source
from gwxl.wording.system import KNOWN, system_words
from tests.support.command import COMMAND, PATIENCE, environment, run

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_each_known_error_has_chinese_words(name: str) -> None:
    """No Latin letter stands in them; the English ones are those of Linux."""
    number = getattr(errno, name, None)
    if number is None:
        pytest.skip(f"this system has no {name}")
    words = system_words(OSError(number, "something else"))
    assert re.search("[a-zA-Z]", words["zh"]) is None
    if sys.platform == "linux":
        assert words["en"] == os.strerror(number)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EPIPE, "Broken pipe"), "Broken pipe"),
        (OSError("no number"), "no number"),
        (ValueError("embedded null byte"), "embedded null byte"),
    ],
)
def test_what_is_not_known_is_told_in_the_systems_words(error: Exception, words: str) -> None:
    """Rather a foreign word than none."""
    assert system_words(error) == {"zh": words, "en": words}


def test_outputs_and_files_that_fail_are_told_in_either_language(tmp_path: Path) -> None:
    """An output that cannot be written, and a file that is refused."""
    with pytest.raises(OutputError) as failed, replace_file(tmp_path / "a", refuse_nothing):
        raise FULL
    assert "（磁盘已满）" in failed.value.line("zh")
    assert ": No space left on device;" in failed.value.line("en")
    refusal = RefusedError("unreadable", error=system_words(PermissionError(errno.EACCES, "x")))
    told = {language: refuse_file(Source(file="a"), refusal, language).reason for language in ("zh", "en")}
    assert told["zh"].startswith("文件打不开（没有权限）。")
    assert told["en"].startswith("The file cannot be opened (Permission denied).")


def test_an_inbox_that_cannot_be_listed_is_told_in_either_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder that a command names."""

    def scandir(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "x", str(folder))

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(SettingsError) as failed:
        list_files(tmp_path)
    assert "（没有权限）" in failed.value.line("zh")
    assert "(Permission denied)" in failed.value.line("en")


def test_the_command_line_speaks_one_language(tmp_path: Path) -> None:
    """A key file that is not there, and a standard output that is full."""
    (tmp_path / "x").mkdir()
    result = run("--lang", "zh", "check", "x", cwd=tmp_path, GWXL_KEY_FILE="gone.key")
    assert result.stderr.startswith("错误：gone.key：签名密钥文件读不出来（没有这个文件或文件夹）；")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_output_is_told_in_chinese(tmp_path: Path) -> None:
    """What no part of the program foresaw comes from the system alone."""
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [*COMMAND, "--lang", "zh", "rules"],
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    assert (result.returncode, result.stderr.decode()) == (2, "错误：磁盘已满\n")
