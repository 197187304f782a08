"""The store: what it holds is what a fresh reading gives, nobody else's word is taken, and no trouble stops a merge."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from gwxl.batch import inbox
from gwxl.batch.files import list_files
from gwxl.batch.inbox import read_files
from gwxl.form.signature import CampaignKey
from gwxl.records.period import Period
from gwxl.records.previous import Previous
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.rules.available_forms import load
from gwxl.rules.ruleset import RuleSet
from gwxl.store.fingerprint import digest_of
from gwxl.store.place import default_folder
from gwxl.store.store import FILE, Store
from gwxl.terms import Terms
from tests.support.command import COMMAND, environment, run
from tests.support.draws import draws, seed
from tests.support.sources import ROOT

FORM = "website_annual_report"
SAMPLES = ROOT / "samples" / "inbox"
KEY = CampaignKey(secret=bytes(range(40)))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return an inbox with all samples."""
    folder = tmp_path / "inbox"
    shutil.copytree(SAMPLES, folder)
    return folder


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    """Return a store."""
    with_all = Store(tmp_path / "store")
    yield with_all
    with_all.close()


def read(folder: Path, terms: Terms, store: Store | None = None) -> list[tuple[Receipt, ...]]:
    """Return the receipts of an inbox."""
    return list(read_files(list_files(folder), replace(terms, store=store)))


def refuse_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no workbook be opened from now on."""

    def read_part(*_given: object) -> None:
        raise AssertionError

    monkeypatch.setattr(inbox, "read_part", read_part)


def test_nothing_is_read_twice(place: Path, kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time only the file with a password is opened, whatever was made of the others; all is equal."""
    terms = Terms(FORM, today=date(2027, 1, 10))
    fresh = read(place, terms)
    assert read(place, terms, kept) == fresh
    (place / "43-加了密码.xlsx").unlink()
    refuse_opening(monkeypatch)
    told = [one for one in fresh if one[0].source.file != "43-加了密码.xlsx"]
    assert read(place, terms, kept) == told
    again = Store(kept.folder)
    assert read(place, terms, again) == told
    assert (kept.trouble, again.trouble) == (None, None)


def change_rules(rules: RuleSet, chance: random.Random) -> RuleSet:
    """Return rules of which some are gone, and others look at other limits."""
    relations = [one for one in rules.relations if chance.random() < 0.8]
    schema = {key: dict(cell) for key, cell in rules.cells.schema.items()}
    for cell in schema.values():
        if "max" in cell and chance.random() < 0.3:
            cell["max"] = chance.choice([5, 100, 10**9])
    return RuleSet(rules.form, replace(rules.cells, schema=schema), relations, rules.neighbours)


def test_changed_rules_judge_what_is_kept(place: Path, kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change of rules no workbook is opened, and every receipt is that of a fresh reading."""
    rules, chance = load(FORM), random.Random(seed())
    for path in sorted(place.glob("*.xlsx"))[::2]:
        path.unlink()
    (place / "43-加了密码.xlsx").unlink(missing_ok=True)
    read(place, Terms(rules), kept)
    changes = [Terms(change_rules(rules, chance)) for _ in range(draws(2, full=12))]
    changes += [
        Terms(rules, key=KEY, signed=True),
        Terms(rules, period=Period(2025)),
        Terms(rules, previous=last_year()),
    ]
    fresh = [read(place, terms) for terms in changes]
    assert len({digest_of(list(map(str, one))) for one in fresh}) == len(changes)
    refuse_opening(monkeypatch)
    for terms, expected in zip(changes, fresh, strict=True):
        assert read(place, terms, kept) == expected


def last_year() -> Previous:
    """Return what one site reported a year earlier."""
    figures = {path: 1 for field in load(FORM).form.fields.values() if field.kind.is_whole for path in field.paths}
    return Previous(form=FORM, period=Period(2025), sites={"0000000002": figures}, place=None)


def test_other_words_for_blank_are_read_anew(place: Path, kept: Store) -> None:
    """What means blank is decided while a cell is read: another list of words reads the workbooks again."""
    rules = load(FORM)
    blanks = replace(rules.cells.blanks, words=frozenset({"1000"}), fields=frozenset(rules.form.fields))
    other = RuleSet(rules.form, replace(rules.cells, blanks=blanks), rules.relations, rules.neighbours)
    read(place, Terms(rules), kept)
    assert read(place, Terms(other), kept) == read(place, Terms(other))


@pytest.mark.parametrize("day", [date(2027, 1, 2), date(2027, 1, 9), date(2028, 1, 1)])
def test_a_later_day_judges_dates_anew(place: Path, kept: Store, day: date) -> None:
    """A date that lies ahead today need not do so tomorrow."""
    for path in sorted(place.glob("*.xlsx"))[6:]:
        path.unlink()
    for shift in range(3):
        terms = Terms(FORM, today=day + timedelta(days=shift * 4))
        assert read(place, terms, kept) == read(place, terms)


def test_whatever_changes_between_two_readings(place: Path, tmp_path: Path) -> None:
    """Files come, go, are renamed and change; rules, key, period and day too: it is as if read for the first time."""
    chance, rules = random.Random(seed()), load(FORM)
    names = sorted(path for path in place.iterdir() if path.suffix in {".xlsx", ".zip"})
    for path in names[12:]:
        path.unlink()
    for number in range(draws(6, full=40)):
        change_files(place, chance)
        terms = Terms(
            change_rules(rules, random.Random(chance.randrange(2))),
            period=Period(chance.choice([None, 2026])),
            key=chance.choice([None, KEY]),
            today=chance.choice([None, date(2026, 12, 1), date(2027, 1, 9)]),
        )
        store = Store(tmp_path / "store")
        assert read(place, terms, store) == read(place, terms), f"{seed()}: {number}"
        assert store.trouble is None
        store.close()


def change_files(folder: Path, chance: random.Random) -> None:
    """Do to the files of an inbox what people do."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    one, other = chance.sample(files, 2)
    act = chance.randrange(5)
    if act == 0:
        shutil.copy(one, folder / f"{chance.randrange(1000)}{one.name.lstrip('~$')}")
    elif act == 1:
        one.rename(folder / f"x{chance.randrange(1000)}{one.name}")
    elif act == 2:
        other.write_bytes(one.read_bytes())
    elif act == 3:
        one.write_bytes(one.read_bytes()[: chance.randrange(1, 4000)])
    else:
        with zipfile.ZipFile(folder / f"{chance.randrange(1000)}.zip", "w") as packed:
            for path in (one, other):
                packed.write(path, path.name)


Attack = Callable[[Path], None]


def rows(folder: Path) -> tuple[sqlite3.Connection, list[tuple[bytes, bytes]]]:
    """Return the file of a store, open, and id and data of its records."""
    file = sqlite3.connect(folder / FILE)
    return file, file.execute("SELECT id, data FROM records ORDER BY id").fetchall()


def exchange(folder: Path) -> None:
    """Give each record the data and proof of another."""
    file, records = rows(folder)
    found = file.execute("SELECT data, proof FROM records ORDER BY id").fetchall()
    for (id_, _), (data, proof) in zip(records, [*found[1:], found[0]], strict=True):
        file.execute("UPDATE records SET data = ?, proof = ? WHERE id = ?", (data, proof, id_))
    file.commit()


def forge(folder: Path) -> None:
    """Change a byte of each record."""
    file, records = rows(folder)
    for id_, data in records:
        file.execute("UPDATE records SET data = ? WHERE id = ?", (data[:-1] + bytes([data[-1] ^ 1]), id_))
    file.commit()


def forge_types(folder: Path) -> None:
    """Put values of other types into the columns."""
    file, _ = rows(folder)
    file.execute("UPDATE records SET data = 'x', proof = 7, used = 'never'")
    file.commit()


def cut(folder: Path) -> None:
    """Cut the file in half."""
    path = folder / FILE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scramble(folder: Path) -> None:
    """Overwrite pages in the middle, the head left as it is."""
    path, chance = folder / FILE, random.Random(seed())
    data = bytearray(path.read_bytes())
    for _ in range(400):
        data[chance.randrange(4096, len(data))] = chance.randrange(256)
    path.write_bytes(data)


def fill_with_text(folder: Path) -> None:
    """Put something else in place of the file."""
    (folder / FILE).write_text("none of ours" * 1000)


def put_database(folder: Path) -> None:
    """Put somebody's database in place of the file."""
    (folder / FILE).unlink()
    file = sqlite3.connect(folder / FILE)
    file.execute("CREATE TABLE records (id, used, data, proof)")
    file.commit()


def replace_key(folder: Path) -> None:
    """Exchange the key for another."""
    (folder / "store.key").write_bytes(bytes(32))


def shorten_key(folder: Path) -> None:
    """Leave half a key."""
    (folder / "store.key").write_bytes(bytes(16))


def open_folder(folder: Path) -> None:
    """Let everybody look in."""
    folder.chmod(0o755)


def open_key(folder: Path) -> None:
    """Let everybody read the key."""
    (folder / "store.key").chmod(0o644)


def link_key(folder: Path) -> None:
    """Put a link in place of the key."""
    (folder / "store.key").rename(folder / "other")
    (folder / "store.key").symlink_to(folder / "other")


def lock_file(folder: Path) -> None:
    """Hold the file for longer than anybody waits."""
    file, _ = rows(folder)
    file.execute("BEGIN EXCLUSIVE")
    HELD.append(file)


HELD: list[sqlite3.Connection] = []


@pytest.mark.parametrize(
    ("attack", "told"),
    [
        (exchange, True),
        (forge, True),
        (forge_types, True),
        (cut, None),
        (scramble, None),
        (fill_with_text, True),
        (put_database, True),
        (replace_key, False),
        (shorten_key, True),
        (open_folder, True),
        (open_key, True),
        (link_key, True),
        (lock_file, True),
    ],
)
def test_nobody_elses_word_is_taken(
    attack: Attack, *, told: bool | None, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that others may have written to, or that is damaged, gives nothing; that is said, and no more differs."""
    monkeypatch.setattr("gwxl.store.store._PATIENCE", 0.1)
    for path in sorted(place.glob("*.xlsx"))[8:]:
        path.unlink()
    terms, folder = Terms(FORM), tmp_path / "store"
    first = Store(folder)
    fresh = read(place, terms, first)
    first.close()
    attack(folder)
    second = Store(folder)
    assert read(place, terms, second) == fresh
    second.close()
    assert told is None or told is (second.trouble is not None)
    while HELD:
        HELD.pop().close()


def test_a_forged_record_is_replaced(place: Path, tmp_path: Path) -> None:
    """What was damaged is read anew and kept: the third run has nothing to complain of."""
    folder = tmp_path / "store"
    for attack in (None, forge, None):
        store = Store(folder)
        if attack is not None:
            attack(folder)
        read(place, Terms(FORM), store)
        store.close()
        assert (store.trouble is not None) is (attack is not None)


def test_somebodys_database_stays_as_it_is(tmp_path: Path) -> None:
    """A database that is none of ours is not written to."""
    folder = tmp_path / "store"
    folder.mkdir(mode=0o700)
    with sqlite3.connect(folder / FILE) as file:
        file.execute("CREATE TABLE notes (words)")
    file.close()
    before = (folder / FILE).read_bytes()
    store = Store(folder)
    assert store.make_id("x") is None
    store.close()
    assert (folder / FILE).read_bytes() == before


def test_the_oldest_goes(tmp_path: Path) -> None:
    """The file stays below its bound; what was used least recently is dropped first."""
    most = 400_000
    for number in range(60):
        store = Store(tmp_path / "store", most=most)
        ids = {one: store.make_id(str(one)) for one in range(number + 1)}
        store.put(ids[number] or b"", random.Random(number).randbytes(10_000))
        store.close()
        assert store.trouble is None
        with sqlite3.connect(store.folder / FILE) as file:
            file.execute("UPDATE records SET used = used - 1")
        file.close()
    assert (store.folder / FILE).stat().st_size <= most
    last = Store(tmp_path / "store", most=most)
    held = [number for number in range(60) if last.get(last.make_id(str(number)) or b"") is not None]
    last.close()
    assert held == list(range(held[0], 60))
    assert 10 < len(held) < 40


def test_a_store_that_cannot_be_made_is_said_once(place: Path, tmp_path: Path) -> None:
    """A file in the way of the folder: the summary is that of a merge without a store."""
    (tmp_path / "file").write_text("")
    with_store = run(
        "merge", place, "-o", tmp_path / "a.xlsx", "--store", tmp_path / "file", "--lang", "en", cwd=tmp_path
    )
    without = run("merge", place, "-o", tmp_path / "b.xlsx", "--no-store", "--lang", "en", cwd=tmp_path)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert with_store.stderr.count("was not used") == 1
    assert without.stderr == ""


@pytest.mark.skipif(os.name != "posix", reason="this system has no limits for the size of a file")
def test_a_full_disk_costs_only_the_store(place: Path, tmp_path: Path) -> None:
    """The disk is full in the middle of the store: the merge goes on, and the next one too."""
    (tmp_path / "big.py").write_text(
        "import resource, sys\n"
        "from gwxl.store import store\n"
        "writing = store.Store._write\n"
        "def write(self):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))\n"
        "    try: return writing(self)\n"
        "    finally: resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)\n"
        "if __name__ == '__main__':\n"
        "    store.Store._write = write\n"
        "    from gwxl.cli import main\n"
        "    main()\n",
        "utf-8",
    )
    full = [COMMAND[0], str(tmp_path / "big.py"), "--lang", "en", "merge", str(place)]
    done = subprocess.run(
        [*full, "-o", "a.xlsx"], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("was not used")) == (1, 1), done.stderr
    after = run("merge", place, "-o", "b.xlsx", "--lang", "en", cwd=tmp_path)
    assert (after.returncode, after.stderr) == (1, "")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="this system has no signals")
def test_killed_at_any_moment(place: Path, tmp_path: Path) -> None:
    """A merge is killed; the next one makes of the store what a fresh reading gives."""
    chance = random.Random(seed())
    fresh = read(place, Terms(FORM))
    for _ in range(draws(3, full=30)):
        command = [*COMMAND, "--store", str(tmp_path / "store"), "check", str(place)]
        with subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL) as process:
            time.sleep(chance.uniform(0.3, 4))
            process.send_signal(signal.SIGKILL)
        store = Store(tmp_path / "store")
        assert read(place, Terms(FORM), store) == fresh
        store.close()
        assert store.trouble is None


def test_two_at_once(place: Path, tmp_path: Path) -> None:
    """Two merges share a store: each writes what a merge without one writes."""
    outputs = ["a.xlsx", "b.xlsx"]
    for name in outputs:
        shutil.copytree(place, tmp_path / name.partition(".")[0])
    started = [
        subprocess.Popen(
            [*COMMAND, "--store", str(tmp_path / "store"), "merge", name.partition(".")[0], "-o", name],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for name in outputs
    ]
    assert [process.communicate()[1] for process in started] == [b"", b""]
    run("merge", tmp_path / "a", "-o", "c.xlsx", "--no-store", cwd=tmp_path)
    assert sizes(tmp_path, ["a.xlsx"]) == sizes(tmp_path, ["c.xlsx"])


def sizes(folder: Path, names: Sequence[str]) -> list[dict[str, int]]:
    """Return, of workbooks, the checksum of each part."""
    return [{one.filename: one.CRC for one in zipfile.ZipFile(folder / name).infolist()} for name in names]


def test_where_programs_keep_such_things() -> None:
    """The store lies where each system wants it; nowhere where the system does not say."""
    home = Path.home()
    assert default_folder({"XDG_CACHE_HOME": "/c"}, "linux") == Path("/c/gwxl")
    assert default_folder({"XDG_CACHE_HOME": "c"}, "linux") == home / ".cache/gwxl"
    assert default_folder({}, "darwin") == home / "Library/Caches/gwxl"
    assert default_folder({"LOCALAPPDATA": "/l"}, "win32") == Path("/l/gwxl/Cache")
    assert default_folder({}, "win32") is None


@pytest.mark.skipif(os.name != "posix", reason="this system's bits say nothing")
def test_nobody_else_may_look_in(place: Path, kept: Store) -> None:
    """Folder and key are closed to everybody else."""
    read(place, Terms(FORM), kept)
    kept.close()
    modes = [path.stat().st_mode & 0o777 for path in (kept.folder, kept.folder / "store.key")]
    assert modes == [0o700, 0o600]
    assert sorted(path.name for path in kept.folder.iterdir()) == [FILE, "store.key"]


def test_what_was_locked_is_not_kept(place: Path, kept: Store) -> None:
    """A workbook with a password leaves nothing in the store."""
    for path in place.iterdir():
        if path.is_file() and not path.name.startswith("43"):
            path.unlink()
    shutil.rmtree(place / "区县")
    ((receipt,),) = read(place, Terms(FORM), kept)
    assert receipt.status is Status.REFUSED
    assert rows(kept.folder)[1] == []


def merge(folder: Path, *more: object, **settings: str) -> str:
    """Merge the inbox of a folder, and return what was printed."""
    day = settings.get("GWXL_TODAY", "2027-01-10")
    done = run("merge", "inbox", "-o", "summary.xlsx", "--lang", "en", *more, cwd=folder, GWXL_TODAY=day)
    assert (done.returncode, done.stderr) == (1, "")
    return done.stdout


DECISION = "决定"
UNCHANGED = "nothing has changed since the last merge, the summary stays as it is: summary.xlsx"


def test_where_nothing_changed_the_summary_is_left(place: Path, tmp_path: Path) -> None:
    """The second merge says the same, and that it wrote nothing; summary and decisions are the very files still."""
    first = merge(place.parent)
    paths = [tmp_path / "summary.xlsx", tmp_path / "inbox-待决.xlsx"]
    before = [(path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes()) for path in paths]
    again = merge(place.parent)
    assert again.splitlines() == [UNCHANGED if line.startswith("summary:") else line for line in first.splitlines()]
    assert [(path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes()) for path in paths] == before
    assert json.loads(merge(place.parent, "--json"))["unchanged"]


def add_file(folder: Path) -> None:
    """Let another return come in."""
    shutil.copy(folder / "inbox" / "02-示例市教育局.xlsx", folder / "inbox" / "99.xlsx")


def rename_file(folder: Path) -> None:
    """Call a return otherwise."""
    (folder / "inbox" / "02-示例市教育局.xlsx").rename(folder / "inbox" / "2.xlsx")


def remove_summary(folder: Path) -> None:
    """Delete the summary."""
    (folder / "summary.xlsx").unlink()


def remove_decisions(folder: Path) -> None:
    """Delete the file of decisions."""
    (folder / "inbox-待决.xlsx").unlink()


def touch_summary(folder: Path) -> None:
    """Change a byte of the summary."""
    with zipfile.ZipFile(folder / "summary.xlsx", "a") as package:
        package.comment = b"seen"


def decide(folder: Path) -> None:
    """Decide a case."""
    path = folder / "inbox-待决.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(cell.value == DECISION for cell in row))
    column = next(number for number, cell in enumerate(head, 1) if cell.value == DECISION)
    sheet.cell((head[0].row or 0) + 1, column).value = "暂缓"
    book.save(path)


def leave(_folder: Path) -> None:
    """Change no file."""


@pytest.mark.parametrize(
    ("change", "more", "settings"),
    [
        (add_file, (), {}),
        (rename_file, (), {}),
        (remove_summary, (), {}),
        (remove_decisions, (), {}),
        (touch_summary, (), {}),
        (decide, (), {}),
        (leave, ("--force",), {}),
        (leave, (), {"GWXL_TODAY": "2027-01-11"}),
        (leave, ("--year", "2025"), {}),
        (leave, ("--no-store",), {}),
    ],
)
def test_whatever_changed_is_written(
    change: Attack, more: Sequence[str], settings: dict[str, str], place: Path, tmp_path: Path
) -> None:
    """A file, a name, a decision, the day, an option: the summary is written, as it is without a store."""
    for path in sorted(place.glob("*.xlsx")):
        if path.name[:2] not in {"01", "02", "22", "27"}:
            path.unlink()
    merge(tmp_path)
    change(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    for path in tmp_path.iterdir():
        if path != other:
            (shutil.copytree if path.is_dir() else shutil.copy)(path, other / path.name)
    assert UNCHANGED not in merge(tmp_path, *more, **settings)
    merge(other, *more, "--no-store", **settings)
    assert sizes(tmp_path, ["summary.xlsx"]) == sizes(other, ["summary.xlsx"])
