"""Draw inboxes and say what a merge must make of them: openpyxl and arithmetic, no code of gwxl.

Whoever draws knows what each file is: a plain return, one with an error, a copy, a correction, one of two that nothing
tells apart, one of two senders with one code, last year's form, noise, a scan. The model says what becomes of each and
adds up what counts; nothing is taken from what gwxl says.
"""

import io
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import openpyxl

from tests.support.decided import fill_in

FIGURES = ("release_total", "site_unique_visitors", "service_items")
"""Counts that are added up, of which no rule doubts what is drawn."""

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_FIRST_DAY = date(2027, 1, 4)
_LEFT_OPEN = 0.25


@dataclass(kw_only=True, eq=False)
class Sent:
    """One thing that lies in the inbox: a file, or a member of a zip.

    Attributes:
        status: what a merge must make of it. error: it is accepted with an open error. doubt: with an open doubt.
        answers: field key → what is typed; nothing where it is no return.
    """

    file: str
    status: str
    member: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    error: bool = False
    doubt: bool = False
    data: bytes = b""

    @property
    def accepted(self) -> bool:
        """Tell whether it counts."""
        return self.status == "accepted"


@dataclass(frozen=True, kw_only=True)
class Blank:
    """A blank workbook and where its inputs are: key → sheet and address."""

    data: bytes
    cells: Mapping[str, tuple[str, str]]

    def fill(self, answers: Mapping[str, Any], *, saved: date) -> bytes:
        """Return the workbook with answers, saved on a day."""
        book = openpyxl.load_workbook(io.BytesIO(self.data))
        for key, value in answers.items():
            sheet, address = self.cells[key]
            book[sheet][address].value = value
        stream = io.BytesIO()
        book.save(stream)
        return date_saved(stream.getvalue(), saved)


def date_saved(data: bytes, day: date) -> bytes:
    """Return a workbook that says it was saved on a day."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                moment = f">{day.isoformat()}T08:00:00Z</dcterms:modified>"
                part = re.sub(rb">[^<]*</dcterms:modified>", moment.encode(), part)
            new.writestr(name, part)
    return stream.getvalue()


def good(number: int, random: Random) -> dict[str, Any]:
    """Return an invented return without a fault."""
    name = f"示例{number}局门户网站"
    parts = [random.randrange(1, 900) for _ in range(3)]
    items = random.randrange(50, 900)
    return {
        "site_name": name,
        "site_url": f"http://w{number}.example.gov.cn",
        "site_sponsor": f"示例{number}局办公室",
        "site_type": "部门网站",
        "site_code": f"{number:010}",
        "site_icp_number": f"京ICP备{number:08}号-1",
        "site_psb_number": f"京公网安备110000020000{number % 100:02}号",
        "site_unique_visitors": random.randrange(10_000, 50_000),
        "site_page_views": random.randrange(60_000, 900_000),
        "release_total": sum(parts) + random.randrange(50),
        "release_overview": parts[0],
        "release_affairs": parts[1],
        "release_catalog": parts[2],
        "columns_maintained": 17,
        "columns_opened": 3,
        "interpretation_total": 47,
        "interpretation_materials": 31,
        "interpretation_products": 11,
        "interpretation_commentaries": 5,
        "concern_responses": 7,
        "has_service_catalog": "是",
        "service_registered_users": 4013,
        "service_items": items,
        "service_items_online": items - random.randrange(1, 40),
        "cases_total": 3707,
        "cases_natural_person": 2903,
        "cases_legal_person": 804,
        "has_unified_platform": "是",
        "messages_received": 307,
        "messages_resolved": 301,
        "messages_average_days": 3.7,
        "messages_published": 283,
        "surveys_held": 13,
        "surveys_opinions": 307,
        "surveys_published": 11,
        "interviews_held": 7,
        "interviews_messages": 93,
        "interviews_answers": 58,
        "has_smart_qa": "否",
        "security_assessments": 3,
        "security_problems_found": 5,
        "security_problems_fixed": 5,
        "has_security_monitoring": "是",
        "has_emergency_drill": "是",
        "has_security_officer": "是",
        "has_new_media": "是",
        "weibo_name": f"{name}发布",
        "weibo_posts": 707,
        "weibo_followers": 9013,
        "wechat_name": f"{name}服务号",
        "wechat_posts": 503,
        "wechat_subscribers": 7019,
        "innovations.accessible": "√",
        "contact_name": "张三（虚构）",
        "contact_phone": "000-0000000",
        "report_date": _FIRST_DAY,
    }


class Drawn:
    """An inbox that was drawn, and what has to become of it."""

    def __init__(self, seed: int, blank: Blank, old: Blank, *, files: int = 40) -> None:
        """Draw so many files; ``old`` is last year's form."""
        self.random, self._blank, self._old = Random(seed), blank, old
        self.sent: list[Sent] = []
        self.pairs: list[tuple[str, Sent, Sent]] = []
        self._number = 100
        kinds = [self._plain, self._faulty, self._copy, self._correct, self._leave_undecided, self._two_senders]
        kinds += [
            self._last_year,
            self._noise,
            self._leftover,
            self._scan,
            self._lone_scan,
            self._zip,
            self._send_again,
        ]
        for kind in kinds:  # each at least once
            kind()
        while len({one.file for one in self.sent}) < files:
            self.random.choice(kinds)()

    def _new(self, **changes: Any) -> dict[str, Any]:
        self._number += self.random.randrange(1, 9)
        return {**good(self._number, self.random), **changes}

    def _name(self, answers: Mapping[str, Any], more: str = "") -> str:
        stem = self.random.choice(("{name}", "年报 {name}", "{code}", "子目录{code}/报表{code}"))
        return stem.format(name=answers["site_name"], code=answers["site_code"]) + more + ".xlsx"

    def _add(self, answers: Mapping[str, Any], status: str, more: str = "", **what: Any) -> Sent:
        saved = what.pop("saved", _FIRST_DAY)
        blank = what.pop("blank", self._blank)
        data = blank.fill(answers, saved=saved)
        one = Sent(file=self._name(answers, more), status=status, answers=answers, data=data, **what)
        self.sent.append(one)
        return one

    def _plain(self) -> None:
        self._add(self._new(), "accepted")

    def _faulty(self) -> None:
        answers = self._new()
        self._add({**answers, "service_items_online": answers["service_items"] + 7}, "accepted", error=True)

    def _copy(self) -> None:
        one = self._add(self._new(), "accepted")
        self.sent.append(replace(one, file=one.file.replace(".xlsx", " - 副本.xlsx"), status="superseded"))

    def _send_again(self) -> None:
        """Draw the same answers saved twice: one counts, and nobody has to act."""
        answers = self._new()
        self._add(answers, "accepted", "（重发）", saved=_FIRST_DAY + timedelta(days=2))
        self._add(answers, "superseded", saved=_FIRST_DAY)

    def _correct(self) -> None:
        answers = self._new()
        self._add(answers, "superseded")
        later = {
            **answers,
            "release_total": answers["release_total"] + 1,
            "report_date": _FIRST_DAY + timedelta(days=3),
        }
        self._add(later, "accepted", "（更正）", doubt=True, saved=_FIRST_DAY + timedelta(days=3))

    def _leave_undecided(self) -> None:
        answers = self._new()
        one = self._add({**answers, "report_date": _FIRST_DAY + timedelta(days=2)}, "held", "a")
        other = {**answers, "release_total": answers["release_total"] + 3}
        two = self._add(other, "held", "b", saved=_FIRST_DAY + timedelta(days=2))
        self.pairs.append(("undecided", one, two))

    def _two_senders(self) -> None:
        answers = self._new()
        other = {**self._new(), "site_code": answers["site_code"]}
        one = self._add(answers, "held", "甲")
        two = self._add(other, "held", "乙", saved=_FIRST_DAY + timedelta(days=2))
        self.pairs.append(("two senders", one, two))

    def _last_year(self) -> None:
        one = self._add(self._new(), "held", "旧", blank=self._old)
        self.pairs.append(("last year", one, one))

    def _noise(self) -> None:
        self._number += 1
        self.sent.append(Sent(file=f"杂{self._number}.xlsx", status="refused", data=self.random.randbytes(3000)))

    def _leftover(self) -> None:
        self._number += 1
        self.sent.append(Sent(file=f"~$年报{self._number}.xlsx", status="ignored", data=b"\x05user"))

    def _scan(self) -> None:
        one = self._add(self._new(), "accepted")
        code = one.answers["site_code"]
        self.sent.append(Sent(file=f"{code} 盖章扫描件.pdf", status="ignored", data=PDF))

    def _lone_scan(self) -> None:
        self._number += 1
        self.sent.append(Sent(file=f"另一单位{self._number} 扫描件.pdf", status="refused", data=PDF))

    def _zip(self) -> None:
        self._number += 1
        first = len(self.sent)
        for _ in range(self.random.randrange(1, 4)):
            self._plain()
        for one in self.sent[first:]:
            one.member, one.file = one.file, f"打包{self._number}.zip"

    def write(self, folder: Path) -> None:
        """Write the inbox, its files in no order at all."""
        folder.mkdir()
        files: dict[str, list[Sent]] = {}
        for one in self.random.sample(self.sent, len(self.sent)):
            files.setdefault(one.file, []).append(one)
        for name, inside in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(inside[0].data if inside[0].member is None else _archive(inside))

    # what the clerk decides, and what comes back

    def decide(self, table: Path) -> None:
        """Fill in the file of decisions for most of the cases, and know what must become of each return."""
        said = {one.file: self._decide(kind, one, other) for kind, one, other in self.pairs}
        told = {file: {"decision": words, "reason": "电话核实"} for file, words in said.items()}
        rows = fill_in(table, lambda row: told.get(row["file"], {}))
        assert sorted(row["file"] for row in rows if row["file"] in said) == sorted(said)

    def _decide(self, kind: str, one: Sent, other: Sent) -> str:
        """Return what the clerk writes beside one of two returns; nothing where she leaves it open."""
        if self.random.random() < _LEFT_OPEN:
            return ""
        if kind == "undecided":
            one.status, other.status = "accepted", "superseded"
            return "采用"
        if kind == "two senders":
            self._number += 1
            one.status = other.status = "accepted"
            return f"改标识码（{self._number:010}）"
        one.status = self.random.choice(("accepted", "rejected"))
        return "接受" if one.accepted else "不接受。"

    def answer(self, returned: Mapping[str, Path], inbox: Path) -> None:
        """Send most of what came back again, corrected, and leave the rest lying in the inbox as it is.

        Args:
            returned: file → the workbook that went back for it.
            inbox: the folder.
        """
        for one in [one for one in self.sent if one.accepted and one.error and one.member is None]:
            book = openpyxl.load_workbook(returned[one.file])
            again = Sent(file=f"退回后/{Path(one.file).stem}.xlsx", status="ignored")
            if self.random.random() > _LEFT_OPEN:
                fixed = {"service_items_online": one.answers["service_items"] - 1}
                if self.random.random() < _LEFT_OPEN:
                    self._number += 1
                    fixed["site_code"] = f"{self._number:010}"  # whatever code: a correction replaces what it corrects
                for key, value in fixed.items():
                    _input(book, key).value = value
                again = replace(one, file=again.file, error=False, answers={**one.answers, **fixed})
                one.status = "superseded"
            stream = io.BytesIO()
            book.save(stream)
            again.data = date_saved(stream.getvalue(), _FIRST_DAY + timedelta(days=9))
            self.sent.append(again)
            (inbox / again.file).parent.mkdir(exist_ok=True)
            (inbox / again.file).write_bytes(again.data)

    # what a merge must make of it

    def counts(self) -> Mapping[str, int]:
        """Return the counts of a merge."""
        statuses = Counter(one.status for one in self.sent)
        accepted = [one for one in self.sent if one.accepted]
        errors = sum(one.error for one in accepted)
        verify = sum(one.doubt and not one.error for one in accepted)
        names = ("held", "rejected", "superseded", "refused", "ignored")
        return {
            "received": len(self.sent),
            "accepted": len(accepted),
            "passed": len(accepted) - errors - verify,
            "errors": errors,
            "verify": verify,
            **{name: statuses[name] for name in names},
        }

    def statuses(self) -> Mapping[tuple[str, str | None], str]:
        """Return file and member → status."""
        return {(one.file, one.member): one.status for one in self.sent}

    def totals(self, *, passed: bool) -> Mapping[str, tuple[int, int, int]]:
        """Return figure → sum, how many went into it, and of how many; of those that passed or of all that count."""
        counted = [one for one in self.sent if one.accepted and not (passed and (one.error or one.doubt))]
        return {key: (sum(one.answers[key] for one in counted), len(counted), len(counted)) for key in FIGURES}

    def origins(self, key: str) -> set[tuple[str, str, str, str]]:
        """Return file, member, sheet and address of each figure that is added up."""
        sheet, address = self._blank.cells[key]
        return {(one.file, one.member or "", sheet, address) for one in self.sent if one.accepted}


def _input(book: Any, key: str) -> Any:
    """Return the input of a field in a workbook of any layout, by the hidden key of its row."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_col=4):
            if sheet.sheet_state == "visible" and row[0].value == key:
                return row[3]
    raise LookupError(key)


def _archive(inside: Iterable[Sent]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for one in inside:
            archive.writestr(str(one.member), one.data)
    return stream.getvalue()


def stands(folder: Path, origins: Iterable[tuple[str, str, str, str]]) -> Iterator[Any]:
    """Yield what really stands in each cell that is named, read by openpyxl."""
    for file, member, sheet, address in origins:
        data = (folder / file).read_bytes()
        if member:
            data = zipfile.ZipFile(io.BytesIO(data)).read(member)
        yield openpyxl.load_workbook(io.BytesIO(data), read_only=True)[sheet][address].value


def shuffle(source: Path, target: Path, random: Random) -> None:
    """Copy an inbox, its files in another order and with other times."""
    files = [path for path in source.rglob("*") if path.is_file()]
    for path in random.sample(files, len(files)):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
