"""A clerk's year with five sites: what happens between the commands that the guide shows."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from gwxl.campaign.settings import FILE_NAME
from gwxl.form.layout import lay_out
from tests.support import filling, mails
from tests.support.command import run
from tests.support.decided import fill_in
from tests.support.inboxes import site
from tests.support.submissions import GOOD, report_form

_LAYOUT = lay_out(report_form())
_CELLS = {str(path): cell for path, cell in {**_LAYOUT.anchors, **_LAYOUT.cells}.items()}
_NAMES = ("示例市政府门户网站", "示例市教育局网站", "示例市文化局网站", "示例市卫生局网站", "示例市水利局网站")
_SETTINGS = {
    'office = ""': 'office = "示例市政务公开办"',
    'phone = ""': 'phone = "000-0000000"',
    'deadline = ""': 'deadline = "2027-01-20"',
    'sender = ""': 'sender = "report@example.org"',
}
_DAYS = {
    ("init", 1): "2026-12-10",
    ("collect", 1): "2027-01-13",
    ("remind", 1): "2027-01-21",
    ("collect", 2): "2027-01-22",
}
_FAULTS: Mapping[int, Mapping[str, Any]] = {2: {"service_items_online": 999}, 3: {"messages_resolved": 520}}
_CHANGING = {
    r"\b[0-9a-f]{64}\b": "4a6b5445ff76eeec8b654659c1a5d517d8d4aff55c8768bfd0ce4e18c99cf59c",
    r"(T[0-9]{6})-[0-9a-f]{8}-": r"\1-4a6b5445-",
}
"""What is another in each run, as workbooks are signed: digests → what the guide shows for them."""

_MOMENT = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}$", re.MULTILINE)


class ClerkYear:
    """The folder of a campaign on the desk of a clerk."""

    def __init__(self, desk: Path, language: str) -> None:
        """Take an empty folder, and the language of the clerk."""
        self._place = desk
        self._language = language
        self._played: Counter[str] = Counter()
        self._day = ""

    def play(self, words: Sequence[str]) -> str:
        """Let happen what happens before a command, run it, and return what it prints."""
        verb = words[0]
        self._played[verb] += 1
        moment = verb, self._played[verb]
        self._day = _DAYS.get(moment, self._day)
        happens: dict[tuple[str, int], Callable[[], None]] = {
            ("issue", 1): lambda: self._fill_in_roster({2: {"code": "000000002"}, 3: {"mail": "s3.example.org"}}),
            ("issue", 2): lambda: self._fill_in_roster({}),
            ("collect", 1): lambda: self._reply(Path(words[1]), (1, 2, 3, 4)),
            ("merge", 2): self._decide,
            ("collect", 2): lambda: self._correct(Path(words[1])),
        }
        if moment in happens:
            happens[moment]()
        done = run(*words, cwd=self._place, GWXL_LANG=self._language, GWXL_TODAY=self._day, TZ="UTC")
        if verb == "init":
            self._place /= words[1]
            self._set()
        return self._settle(done.stdout + done.stderr)

    def _settle(self, printed: str) -> str:
        for changing, shown in _CHANGING.items():
            printed = re.sub(changing, shown, printed)
        return _MOMENT.sub(f"{self._day} 09:30", printed)

    def _set(self) -> None:
        path = self._place / FILE_NAME
        words = path.read_text("utf-8")
        for old, new in _SETTINGS.items():
            assert old in words
            words = words.replace(old, new)
        path.write_text(words, "utf-8")

    def _fill_in_roster(self, slips: Mapping[int, Mapping[str, str]]) -> None:
        path = self._place / "roster.xlsx"
        book = openpyxl.load_workbook(path)
        for number, name in enumerate(_NAMES, 1):
            row = {
                "code": f"{number:010}",
                "name": name,
                "mail": f"s{number}@example.org",
                "phone": f"000-000000{number}",
                "parent": _NAMES[0] if number > 1 else "",
            }
            for column, value in enumerate({**row, **slips.get(number, {})}.values(), 1):
                book.worksheets[0].cell(number + 2, column, value)
        book.save(path)

    def _reply(self, folder: Path, numbers: Sequence[int]) -> None:
        """Let sites fill in their workbooks and send them; one changes what an item is called."""
        (self._place / folder).mkdir()
        for number in numbers:
            path = self._fill(self._issued(number), number, _FAULTS.get(number, {}))
            if number == 4:
                _rename(path, "site_page_views", "访问量合计")
            self._mail(folder, number, 12, path)

    def _correct(self, folder: Path) -> None:
        """Let sites correct what came back to them, and the last one report."""
        for number in _FAULTS:
            (back,) = (self._place / "returns").glob(f"{number:010}-*.xlsx")
            self._mail(folder, number, 21, self._fill(back, number, {}))
        self._mail(folder, 5, 21, self._fill(self._issued(5), 5, {}))

    def _issued(self, number: int) -> Path:
        return self._place / "outbox" / f"{number:010}-{_NAMES[number - 1]}.xlsx"

    def _fill(self, blank: Path, number: int, faults: Mapping[str, Any]) -> Path:
        answers = {**GOOD, **site(number), **faults}
        own = {key: value for key, value in answers.items() if key not in {"site_code", "site_name"}}
        return filling.fill(blank, self._place.parent / "desk.xlsx", report_form(), _CELLS, own)

    def _mail(self, folder: Path, number: int, day: int, path: Path) -> None:
        name = f"{_NAMES[number - 1]}.xlsx"
        sender, date = f"s{number}@example.org", f"{day} Jan 2027 10:0{number}:00 +0800"
        told = mails.mail((name, path.read_bytes()), sender=sender, subject=f"年报 {day}", Date=date)
        (self._place / folder / f"{day}-{number}.eml").write_bytes(told)

    def _decide(self) -> None:
        files = sorted((self._place).glob("inbox-*.xlsx"))
        for path in files:
            fill_in(
                path, lambda row: {"decision": "接受", "who": "李某"} if row["file"].startswith("0000000004") else {}
            )


def _rename(path: Path, key: str, words: str) -> None:
    """Write something else over what an item is called."""
    book, cell = openpyxl.load_workbook(path), _CELLS[key]
    label = report_form().fields[key].label
    (found,) = (one for one in book[cell.sheet][cell.row] if one.value == label)
    found.value = words
    book.save(path)
