"""Measure how the work of a merge grows: seconds of CPU time for so many returns and for twice as many.

Run by hand from a checkout: ``python -m bench.growth``. It ends with 1 where a factor is above the limit.
"""

import gc
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from gwxl.batch.attachments import with_attachments
from gwxl.batch.batch import DIFFERENT, Decision
from gwxl.batch.corrections import identify_return
from gwxl.batch.duplicates import resolve_duplicates
from gwxl.batch.judging import judge_batch
from gwxl.batch.peers import compare_sites
from gwxl.form.layout import lay_out
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answer, Identity, Round, Source, Status, Submission
from gwxl.rules.available_forms import load
from gwxl.terms import Terms

RULES = load("website_annual_report")
FORM = RULES.form
YEAR = 2026
CELLS = lay_out(FORM).cells
DOUBTED = Path(next(iter(FORM.fields)))

LIMIT = 2.3
ROUNDS = 3

Job = Callable[[], object]


def main() -> int:
    """Print a line for each thing measured: CPU time for n, for 2n, and how often the one goes into the other."""
    most = 0.0
    for count, (label, made) in (
        (400, ONE_CODE),
        (400, ASKED),
        (400, SENDERS),
        (400, AGAIN),
        (400, ROUND),
        (400, ALL_CHOSEN),
        (2_000, ALIKE),
        (2_000, SCANS),
        (2_000, SCANS_OF_ONE),
        (4_000, ONE_NAME),
        (4_000, DECISIONS),
    ):
        once, twice = seconds(made(count)), seconds(made(2 * count))
        most = max(most, twice / once)
        print(f"{label.format(count=f'{count:,}'):<40} {once:7.3f} s  ×2: {twice:7.3f} s  factor {twice / once:4.2f}")
    print(f"{'the greatest factor':<40} {most:.2f}, at most {LIMIT}")
    return int(most > LIMIT)


def scans(count: int) -> Job:
    """Make receipts with a scan each, called after the site, in the inbox itself."""
    receipts = [make_return(number) for number in range(count)]
    receipts += [make_refused(f"{name_of(number)}（盖章）.pdf") for number in range(count)]
    return lambda: with_attachments(FORM, receipts)


def one_code(count: int) -> Job:
    """Make returns of one site that all differ."""
    receipts = [make_return(number, code=code_of(1), name=name_of(1)) for number in range(count)]
    return lambda: resolve_duplicates(FORM, receipts, frozenset())


def make_asked(count: int) -> Job:
    """Make returns of one site that all differ, to be judged and asked about."""
    receipts = [make_return(number, code=code_of(1), name=name_of(1)) for number in range(count)]
    return lambda: judge_batch(Terms(RULES), receipts, [])


def senders(count: int) -> Job:
    """Make returns of as many senders with one code."""
    receipts = [make_return(number, code=code_of(1)) for number in range(count)]
    return lambda: resolve_duplicates(FORM, receipts, frozenset())


def again(count: int) -> Job:
    """Make returns of one sender who corrects again and again, each dated after the one before."""
    receipts = [dated(make_return(number, code=code_of(1), name=name_of(1)), number) for number in range(count)]
    return lambda: judge_batch(Terms(RULES), receipts, [])


def one_round(count: int) -> Job:
    """Make a return, and corrections of it that bear the mark of the same round; half of them give another code."""
    first = make_return(count, code=code_of(1), name=name_of(1))
    sent = Round(number=1, answers=(identify_return(first),), site=code_of(1))
    receipts = [
        marked(dated(make_return(number, code=code_of(1 + number % 2), name=name_of(1)), number), sent)
        for number in range(count)
    ]
    return lambda: judge_batch(Terms(RULES), [first, *receipts], [])


def all_chosen(count: int) -> Job:
    """Make returns of one code that all differ, each of which a clerk has chosen to be the one that counts."""
    receipts = [make_return(number, code=code_of(1), name=name_of(1)) for number in range(count)]
    decisions = [Decision(sha256=one.source.sha256, rule=DIFFERENT, decision="use", who="李某") for one in receipts]
    return lambda: judge_batch(Terms(RULES), receipts, decisions)


def alike(count: int) -> Job:
    """Make copies of one return."""
    receipts = [filed(make_return(1), f"{number:06}.xlsx") for number in range(count)]
    return lambda: judge_batch(Terms(RULES), receipts, [])


def scans_of_one(count: int) -> Job:
    """Make scans of one sender beside his return, and as many that lie in a folder of his."""
    scans = [make_refused(f"{name_of(1)}（{number}）.pdf") for number in range(count // 2)]
    scans += [make_refused(f"{name_of(1)}/{number}.pdf") for number in range(count // 2)]
    return lambda: with_attachments(FORM, [make_return(1), *scans])


def one_name(count: int) -> Job:
    """Make returns of as many sites with one name."""
    receipts = [make_return(number, name=name_of(1)) for number in range(count)]
    return lambda: compare_sites(FORM, receipts)


def make_decided(count: int) -> Job:
    """Make returns with a finding each that a clerk has settled."""
    receipts = [doubt(make_return(number)) for number in range(count)]
    decisions = [settle(receipt) for receipt in receipts]
    return lambda: judge_batch(Terms(RULES), receipts, decisions)


AGAIN = "{count} corrections by one sender", again
ROUND = "{count} corrections of one return", one_round
ALL_CHOSEN = "{count} returns of one code, all chosen", all_chosen
ALIKE = "{count} copies of one return", alike
SCANS_OF_ONE = "{count} scans of one sender", scans_of_one
ONE_CODE = "{count} returns of one code", one_code
ASKED = "{count} returns of one code, asked about", make_asked
SENDERS = "{count} senders of one code", senders
SCANS = "{count} returns with a scan each", scans
ONE_NAME = "{count} sites of one name", one_name
DECISIONS = "{count} decisions", make_decided


def code_of(number: int) -> str:
    """Return an invented code."""
    return f"{number:010}"


def name_of(number: int) -> str:
    """Return an invented name, none of them part of another."""
    return f"示例市第{number:06}号网站"


def make_return(number: int, *, code: str = "", name: str = "") -> Receipt:
    """Return the receipt of a return that says who sent it and little else, all of it different from the next."""
    roles = FORM.roles
    said = {
        roles.code: code or code_of(number),
        roles.name: name or name_of(number),
        roles.url: f"http://site{number}.example.gov.cn",
    }
    file = f"{number:06}.xlsx"
    source = Source(file=file, sha256=sha256(file.encode()).hexdigest(), size=20_000)
    submission = Submission(
        identity=Identity(form=FORM.id, edition=FORM.edition, fingerprint=FORM.fingerprint, period=Period(YEAR)),
        source=source,
        answers={
            (path := Path(key)): Answer(key=path, raw=value, value=value, cell=CELLS.get(path))
            for key, value in said.items()
        },
        values=said,
        cells=CELLS,
    )
    return Receipt(source=source, status=Status.OK, submission=submission)


def filed(receipt: Receipt, file: str) -> Receipt:
    """Return a receipt as that of a copy with another name."""
    return _from(receipt, replace(receipt.source, file=file))


def dated(receipt: Receipt, number: int) -> Receipt:
    """Return a receipt of a workbook that was saved so many minutes after the first."""
    moment = datetime(YEAR, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return _from(receipt, replace(receipt.source, modified=moment.isoformat()))


def _from(receipt: Receipt, source: Source) -> Receipt:
    return replace(receipt, source=source, submission=replace(submission_of(receipt), source=source))


def marked(receipt: Receipt, sent: Round) -> Receipt:
    """Return a receipt of a workbook that had been sent back."""
    return replace(receipt, submission=replace(submission_of(receipt), round=sent))


def submission_of(receipt: Receipt) -> Submission:
    """Return what was read of a return."""
    if receipt.submission is None:
        raise ValueError(receipt)
    return receipt.submission


def make_refused(file: str) -> Receipt:
    """Return the receipt of a scan."""
    finding = Finding(id="pdf", severity=Severity.ERROR, message="")
    return Receipt(source=Source(file=file), status=Status.REFUSED, findings=(finding,))


def doubt(receipt: Receipt) -> Receipt:
    """Return a receipt with something to be verified."""
    finding = Finding(id="V01", severity=Severity.VERIFY, message="{field}", key=DOUBTED, operands=(DOUBTED,))
    return replace(receipt, status=Status.FINDINGS, findings=(finding,))


def settle(receipt: Receipt) -> Decision:
    """Return the decision that settles it."""
    return Decision(sha256=receipt.source.sha256, key=DOUBTED, rule="V01", decision="settle", who="李某")


def seconds(job: Job) -> float:
    """Return the CPU time of the shortest of several runs."""
    return min(_time(job) for _ in range(ROUNDS))


def _time(job: Job) -> float:
    gc.collect()
    gc.disable()  # as timeit does: what it costs depends on what else lies in memory
    before = time.process_time()
    job()
    after = time.process_time()
    gc.enable()
    return after - before


if __name__ == "__main__":
    sys.exit(main())
