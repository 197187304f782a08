"""Signatures: a changed identity is told, and what proves nothing is no more than a hint."""

import hmac
import os
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwxl.errors import SettingsError
from gwxl.form.identity import identity_pairs, issue_identity, read_pairs
from gwxl.form.layout import lay_out
from gwxl.form.signature import SIGNED, CampaignKey, Standing, is_weak, read_key
from gwxl.intake import check_file
from gwxl.records.finding import Severity
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answered, Identity, Round, Status
from gwxl.template import Review
from gwxl.terms import Terms
from tests.support.command import document, refusal, run, say
from tests.support.decided import fill_in
from tests.support.draws import draws
from tests.support.submissions import GOOD, SENT_BACK, report_form, report_rules
from tests.support.written import write_template

KEY = CampaignKey(secret=b"0123456789abcdef" * 2)
OTHER = CampaignKey(secret=b"fedcba9876543210" * 2)
SITE, OTHER_SITE = "0000000001", "0000000002"

SENT_OUT = Identity(form="f", edition="2", fingerprint="0" * 16, period=Period(2026), site_code="31")
SENT_AGAIN = Round(
    number=2,
    faults=(("A05", "site_code"),),
    answers=(Answered(sha256="a" * 64, sheet="填报表 (2)"), Answered(sha256="b" * 64, sheet="")),
    site="31",
    contents="c" * 64,
)


@pytest.mark.parametrize(
    ("period", "signature"),
    [
        ("2026", "715e8306-e2966d8bf9dc9f15f189303878d2d28967b5d6df78d1c5ccece700ec4b0ef946"),
        ("2026-08", "715e8306-b5f842ac77d708d2874d0363b1933e588edd8df8896bfd15563723f1e9e45805"),
    ],
)
def test_what_was_sent_out_is_still_signed(period: str, signature: str) -> None:
    """Workbooks are out there: what a key signs of an identity and of a round is the same in every version."""
    assert KEY.sign(replace(SENT_OUT, period=Period.parse(period))).signature == signature
    again = "715e8306-eac8fe4e87de3635a7aa5d002ae112f37c968457c6470f35037fd5b157eb047c"
    assert KEY.sign_round(SENT_AGAIN).signature == again


def issue(key: CampaignKey | None = KEY, site_code: str | None = SITE) -> Identity:
    """Return the identity of a workbook issued to a site."""
    return issue_identity(report_form(), period=Period(2026), site_code=site_code, key=key)


def write_return(folder: Path, identity: Identity, **changes: Any) -> Path:
    """Write a complete return that says it is of an identity."""
    path = folder / "return.xlsx"
    write_template(report_rules(), path, identity=identity, answers={**GOOD, **changes}, force=True)
    return path


def forge(path: Path, texts: Mapping[str, str]) -> Path:
    """Replace texts in every part of a package."""
    target = path.with_name("forged.xlsx")
    with ZipFile(path) as package, ZipFile(target, "w", ZIP_DEFLATED) as copy:
        for name in package.namelist():
            content = package.read(name)
            for old, new in texts.items():
                content = content.replace(old.encode(), new.encode())
            copy.writestr(name, content)
    return target


def key_file(path: Path, key: CampaignKey) -> Path:
    """Write a key as it is kept: only its owner may read it."""
    path.write_bytes(key.secret)
    path.chmod(0o600)
    return path


def type_into(path: Path, key: str, value: str) -> None:
    """Type a text into a workbook."""
    book, cell = openpyxl.load_workbook(path), lay_out(report_form()).cells[FormPath.parse(key)]
    book[cell.sheet].cell(cell.row, cell.column).value = value
    book.save(path)


def check(path: Path, key: CampaignKey | None = KEY, *, signed: bool = False) -> Receipt:
    """Check a return."""
    (receipt,) = check_file(path, path.name, Terms(report_rules(), period=Period(2026), key=key, signed=signed))
    return receipt


def tell(receipt: Receipt) -> list[tuple[str, str]]:
    """Return id and severity of what is not a rule of the form."""
    return [(one.id, one.severity) for one in receipt.findings if one.id[0] in "LT"]


def test_a_signed_return_passes(tmp_path: Path) -> None:
    """With the campaign's own key nothing is said of a genuine signature."""
    receipt = check(write_return(tmp_path, issue()))
    assert (receipt.passed, tell(receipt)) == (True, [])
    assert receipt.submission is not None
    assert receipt.submission.identity == issue()


@pytest.mark.parametrize(
    ("identity", "key", "why"),
    [
        (issue(), None, "没有指定签名密钥（GWXL_KEY_FILE）"),
        (issue(OTHER), KEY, "签名不是用本次的密钥做的"),
        (issue(None), KEY, "表中没有签名"),
    ],
)
def test_what_proves_nothing_is_a_hint(tmp_path: Path, identity: Identity, key: CampaignKey | None, why: str) -> None:
    """No key, another campaign's or no signature: unverified, and the return still passes."""
    receipt = check(write_return(tmp_path, identity), key)
    assert (receipt.passed, tell(receipt)) == (True, [("T07", Severity.HINT)])
    (finding,) = [one for one in receipt.findings if one.id == "T07"]
    assert finding.arguments == {"why": why}


def test_neither_key_nor_signature_is_not_worth_a_word(tmp_path: Path) -> None:
    """A campaign without a key is told nothing about signatures."""
    assert tell(check(write_return(tmp_path, issue(None)), None)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"site_code={SITE}", f"site_code={OTHER_SITE}"),
        ("year=2026", "year=2025"),
        ("edition=1", "edition=2"),
    ],
)
def test_an_identity_changed_in_one_copy_is_held(tmp_path: Path, old: str, new: str) -> None:
    """The marker line alone was changed: the copies disagree, whatever the key."""
    receipt = check(forge(write_return(tmp_path, issue()), {old: new}))
    assert receipt.status is Status.HELD
    assert ("L02", Severity.ERROR) in tell(receipt)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("site_code", OTHER_SITE),
        ("site_code", None),
        ("period", Period(2025)),
        ("edition", "0"),
        ("signature", f"{KEY.id}-{'0' * 64}"),
        ("signature", KEY.id),
    ],
)
def test_an_identity_changed_in_every_copy_is_held(tmp_path: Path, part: str, value: Any) -> None:
    """Site A's workbook passed off as site B's, a wrong year, a forged signature: the key refutes them."""
    code = value if part == "site_code" and value else SITE
    changed: Any = {part: value}
    receipt = check(write_return(tmp_path, replace(issue(), **changed), site_code=code))
    assert (receipt.status, receipt.reason) == (
        Status.HELD,
        "表格标识与签名不符，被改动过，暂不计入，请确认后再定。",
    )
    assert ("T06", Severity.ERROR) in tell(receipt)


@pytest.mark.parametrize("key", [KEY, None])
def test_returned_with_the_code_of_another_site(tmp_path: Path, key: CampaignKey | None) -> None:
    """A workbook issued to one site and returned with another's code is held, with a key or without."""
    receipt = check(write_return(tmp_path, issue(), site_code=OTHER_SITE), key)
    (finding,) = [one for one in receipt.findings if one.id == "T08"]
    assert (receipt.status, finding.key, finding.value) == (Status.HELD, "site_code", OTHER_SITE)
    assert finding.arguments["issued"] == SITE


def test_a_blank_for_any_site_takes_any_code(tmp_path: Path) -> None:
    """A signed blank names no site, so every code is right."""
    receipt = check(write_return(tmp_path, issue(site_code=None), site_code=OTHER_SITE))
    assert (receipt.passed, tell(receipt)) == (True, [])


@settings(max_examples=draws(75, full=300))
@given(st.data())
def test_every_flipped_bit_is_refuted(data: st.DataObject) -> None:
    """One bit of any part, the signature's id and digest included, changes the standing."""
    pairs = dict(identity_pairs(issue()))
    name = data.draw(st.sampled_from([*SIGNED, "signature"]))
    place = data.draw(st.integers(0, len(pairs[name]) - 1))
    bit = data.draw(st.integers(0, 6))
    pairs[name] = pairs[name][:place] + chr(ord(pairs[name][place]) ^ 1 << bit) + pairs[name][place + 1 :]
    identity = read_pairs(pairs)
    assert identity is None or KEY.judge_identity(identity) is Standing.REFUTED


@pytest.mark.parametrize(
    ("found", "standing"),
    [("{id},{digest}", "refuted"), ("{id}", "refuted"), ("0000000-{digest}", "refuted"), ("00000000-00", "other")],
)
def test_half_a_signature_is_known(found: str, standing: str) -> None:
    """Either half shows whose it was, whatever became of the rest."""
    id_, _, digest = str(issue().signature).partition("-")
    changed = replace(issue(), signature=found.format(id=id_, digest=digest))
    assert KEY.judge_identity(changed) == standing


def test_parts_cannot_slide_into_each_other() -> None:
    """The same characters divided otherwise are another identity."""
    one = KEY.sign(Identity(form="ab", edition="c", fingerprint="d"))
    other = replace(one, form="a", edition="bc")
    assert (KEY.judge_identity(one), KEY.judge_identity(other)) == (Standing.GENUINE, Standing.REFUTED)


def test_a_key_never_shows() -> None:
    """Neither its text nor the signature holds the secret."""
    signature = str(issue().signature)
    assert "0123456789abcdef" not in repr(KEY) + signature
    assert len(signature) == len("12345678-") + 64


def test_keys_are_read_from_files(tmp_path: Path) -> None:
    """Blanks and line ends around a key do not count; a short, long or absent one is refused by name."""
    file = tmp_path / "campaign.key"
    file.write_bytes(b" " + KEY.secret + b"\r\n")
    assert read_key(file) == KEY
    text = KEY.secret.decode()
    for content in (text.encode("utf-8-sig"), text.encode("utf-16"), b"\xfe\xff" + text.encode("utf-16-be")):
        file.write_bytes(content)
        assert read_key(file) == KEY
    for content in (b"", b"short", b" " * 40, b"x" * 31, b"x" * 4097):
        file.write_bytes(content)
        with pytest.raises(SettingsError, match=r"campaign\.key: a key has 32 to 4096 bytes"):
            read_key(file)
    with pytest.raises(SettingsError, match=r"gone\.key: the key file cannot be read"):
        read_key(tmp_path / "gone.key")


def random_text(length: int) -> bytes:
    """Return letters and digits that look drawn at random, always the same ones."""
    return "".join(sha256(str(number).encode()).hexdigest() for number in range(length // 64 + 1))[:length].encode()


@pytest.mark.parametrize(("length", "taken"), [(31, False), (32, True), (4096, True), (4097, False)])
def test_the_shortest_and_the_longest_key(tmp_path: Path, length: int, taken: bool) -> None:  # noqa: FBT001 - an expectation
    """A key of 32 or of 4,096 bytes is taken, one byte less or more is not."""
    file = tmp_path / "campaign.key"
    file.write_bytes(random_text(length))
    file.chmod(0o600)
    if taken:
        assert read_key(file).secret == random_text(length)
    else:
        with pytest.raises(SettingsError, match=r"campaign\.key: a key has 32 to 4096 bytes"):
            read_key(file)


def test_a_signature_can_be_worked_out_without_gwxl() -> None:
    """It is the HMAC-SHA256 of the parts as a JSON list behind the key's own first eight digits."""
    identity = Identity(form="f", edition="1", fingerprint="0a", period=Period(2026), site_code=None)
    parts = {"id": b'["campaign"]', "digest": b'["f","1",2026,null,"0a"]'}
    digests = {name: hmac.new(KEY.secret, text, sha256).hexdigest() for name, text in parts.items()}
    assert KEY.sign(identity).signature == f"{digests['id'][:8]}-{digests['digest']}"


@pytest.mark.parametrize(
    ("signature", "standing"),
    [
        (None, Standing.UNSIGNED),
        ("", Standing.UNSIGNED),
        (f"{KEY.id}-{'0' * 64}", Standing.REFUTED),
        (f"{OTHER.id}-{str(issue().signature).partition('-')[2]}", Standing.REFUTED),
        (f"-{str(issue().signature).partition('-')[2]}", Standing.REFUTED),
        (f"{OTHER.id}-{'0' * 64}", Standing.OTHER),
        ("0", Standing.OTHER),
        (str(issue(OTHER).signature), Standing.OTHER),
        (str(issue().signature), Standing.GENUINE),
    ],
)
def test_what_a_signature_is_worth(signature: str | None, standing: Standing) -> None:
    """Either half of a signature of ours shows that it was ours; what has neither is another campaign's."""
    assert KEY.judge_identity(replace(issue(), signature=signature)) is standing


@pytest.mark.parametrize(
    "secret",
    [
        b"a" * 64,
        b"\x00" * 32,
        b"ab" * 32,
        b"abcdefg" * 10,
        b"password" * 4,
        b"0123456789" * 5,
        b"a" * 57 + b"bcdefgh",
        b"aaaabbbb" * 4 + b"c",
    ],
)
def test_a_key_that_is_easily_guessed_is_refused(tmp_path: Path, secret: bytes) -> None:
    """One byte, few different ones, a short piece again and again: each with the cure."""
    file = tmp_path / "campaign.key"
    file.write_bytes(secret)
    with pytest.raises(SettingsError, match=r"campaign\.key: this key is easily guessed .*secrets\.token_hex\(32\)"):
        read_key(file)


@pytest.mark.parametrize(
    ("secret", "weak"),
    [
        (b"aabbccddeeffgg" + b"gfedcba" * 3, True),
        (b"aabbccddeeffgghh" + b"hgfedcba" * 3, False),
        (b"abcdefghijklllmmm" * 2, True),  # 59.98 bits
        (b"abcdefghijklmmnn" * 2, False),  # 60 bits
    ],
)
def test_the_least_that_a_key_holds(secret: bytes, weak: bool) -> None:  # noqa: FBT001 - an expectation
    """Eight different bytes and sixty bits are enough, seven, or a little less than sixty, are not."""
    assert is_weak(secret) is weak


@settings(max_examples=draws(50, full=200))
@given(st.integers(0, 10**9), st.sampled_from([32, 48, 64, 128, 4096]), st.booleans())
def test_a_key_drawn_at_random_is_taken(seed: int, size: int, hexadecimal: bool) -> None:  # noqa: FBT001 - drawn
    """Bytes, or hex digits, of every length that is taken."""
    secret = Random(seed).randbytes(size)
    assert not is_weak(secret.hex()[:size].encode() if hexadecimal else secret)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the mode says nothing of who may read a file")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620, 0o602, 0o777])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    """Whoever may read the key can sign; whoever may write it can put another one there."""
    key_file(tmp_path / "campaign.key", KEY).chmod(mode)
    line = refusal("template", "-o", "a.xlsx", "--year", "2026", cwd=tmp_path, GWXL_KEY_FILE="campaign.key")
    assert line.startswith("error: campaign.key: others than its owner may open the key file; run chmod 600")
    (tmp_path / "campaign.key").chmod(0o400)
    say("template", "-o", "a.xlsx", "--year", "2026", cwd=tmp_path, GWXL_KEY_FILE="campaign.key")


# Rounds


ROUND = Round(
    number=2,
    faults=(("A05", "site_code"),),
    answers=(Answered(sha256="1" * 64, sheet="2" * 16), Answered(sha256="3" * 64)),
    site=SITE,
    contents="4" * 64,
)


def test_a_round_is_signed() -> None:
    """Genuine with its own key, unknown to another, unsigned without."""
    sent = KEY.sign_round(ROUND)
    assert [key.judge_round(sent) for key in (KEY, OTHER)] == [Standing.GENUINE, Standing.OTHER]
    assert KEY.judge_round(ROUND) is Standing.UNSIGNED


@pytest.mark.parametrize(
    "change",
    [
        {"number": 1},
        {"number": 3},
        {"faults": ()},
        {"faults": (("A05", "site_name"),)},
        {"answers": ()},
        {"answers": ROUND.answers[:1]},
        {"answers": ROUND.answers[::-1]},
        {"answers": (Answered(sha256="1" * 64), Answered(sha256="3" * 64))},
        {"answers": (Answered(sha256="5" * 64, sheet="2" * 16), Answered(sha256="3" * 64))},
        {"site": OTHER_SITE},
        {"site": ""},
        {"contents": ""},
        {"signature": f"{KEY.id}-{'0' * 64}"},
    ],
    ids=str,
)
def test_every_part_of_a_round_is_signed(change: dict[str, Any]) -> None:
    """Another number, site, answer or fault is refuted; a round's signature is none of an identity's."""
    assert KEY.judge_round(replace(KEY.sign_round(ROUND), **change)) is Standing.REFUTED
    assert KEY.judge_round(replace(ROUND, signature=issue().signature)) is Standing.REFUTED


def test_a_changed_round_is_held(tmp_path: Path) -> None:
    """The number of a signed mark was changed in the file: T09."""
    path = tmp_path / "return.xlsx"
    mark = KEY.sign_round(ROUND)
    for written, expected in ((mark, []), (replace(mark, number=3), [("T09", Severity.ERROR)])):
        review = Review(round=2, mark=written)
        write_template(report_rules(), path, identity=issue(), answers=GOOD, review=review, force=True)
        receipt = check(path)
        assert receipt.submission is not None
        assert (receipt.submission.round, tell(receipt)) == (written, expected)
    assert (receipt.status, receipt.reason) == (
        Status.HELD,
        "退回标记与签名不符，被改动过，暂不计入，请确认后再定。",
    )


# Signatures demanded, workbooks bound to a site


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        (issue(), []),
        (issue(None), ["T10", "T07"]),
        (issue(OTHER), ["T10", "T07"]),
        (issue(site_code=None), ["T10"]),
        (issue(None, None), ["T10", "T07"]),
        (replace(issue(), period=Period(2025)), ["T06"]),
    ],
)
def test_signatures_can_be_demanded(tmp_path: Path, identity: Identity, expected: list[str]) -> None:
    """With --signed, what is unsigned, signed by another campaign or bound to no site is held."""
    receipt = check(write_return(tmp_path, identity), signed=True)
    assert [id_ for id_, _ in tell(receipt)] == expected
    assert receipt.status is (Status.HELD if expected else Status.OK)
    if identity == issue(site_code=None):
        (finding,) = [one for one in receipt.findings if one.id == "T10"]
        assert finding.arguments == {"why": "表中没有写明是下发给谁的"}
        assert "须由经办人用 gwxl template --site 标识码 另发一份" in finding.message


def test_the_commands_demand_signatures(tmp_path: Path) -> None:
    """check, merge, return and publish hold an unsigned return with --signed, and need a key for it."""
    key_file(tmp_path / "campaign.key", KEY)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    write_return(inbox, issue(None)).rename(inbox / "a.xlsx")
    write_return(inbox, issue(site_code=OTHER_SITE), site_code=OTHER_SITE).rename(inbox / "b.xlsx")
    with_key: dict[str, Any] = {"GWXL_KEY_FILE": "campaign.key"}
    checked = document("check", "inbox", "--signed", cwd=tmp_path, code=1, **with_key)
    assert [one["status"] for one in checked["files"]] == ["held", "ok"]
    merged = document("merge", "inbox", "--signed", cwd=tmp_path, code=1, **with_key)
    assert (merged["counts"]["held"], merged["counts"]["accepted"]) == (1, 1)
    back = document("return", "inbox", "--signed", "-o", "back", cwd=tmp_path, code=1, **with_key)
    assert [(one["status"], one["workbook"]) for one in back["files"]] == [("held", None), ("ok", None)]
    assert run("publish", "inbox/a.xlsx", "--signed", "-o", "a.html", cwd=tmp_path, **with_key).returncode == 1
    say("publish", "inbox/b.xlsx", "--signed", "-o", "b.html", cwd=tmp_path, **with_key)
    assert [path.name for path in tmp_path.glob("*.html")] == ["b.html"]
    for words in (("check", "inbox"), ("merge", "inbox"), ("return", "inbox", "-o", "x")):
        line = refusal(*words, "--signed", cwd=tmp_path, GWXL_KEY_FILE="")
        assert line == "error: --signed verifies signatures, and no key is set; name the key file in GWXL_KEY_FILE"


def test_no_workbook_goes_back_that_would_be_held_again(tmp_path: Path) -> None:
    """With --signed, an unbound return that nobody vouches for gets no workbook; the screen says what helps."""
    with_key: dict[str, Any] = {"GWXL_KEY_FILE": str(key_file(tmp_path / "campaign.key", KEY))}
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    write_return(inbox, issue(site_code=None), service_items_online=999)
    merged = run("merge", "inbox", "--signed", cwd=tmp_path, **with_key)
    assert "另发一份" in next(line for line in merged.stdout.splitlines() if "return.xlsx" in line)
    for words in (("inbox/return.xlsx", "--signed"), ("--from", "inbox-汇总.xlsx")):
        (first, *_) = say("return", *words, "-o", "back", cwd=tmp_path, code=1, **with_key).splitlines()
        assert first.endswith(
            "return.xlsx: nothing was written. 退回的表仍不会有签名或写明下发给谁，填好报来还是待定；"
            "请核实是谁报送的，用 gwxl template --site 标识码 另发一份请其填报"
        )
    assert list((tmp_path / "back").iterdir()) == []


@pytest.mark.parametrize(("option", "status"), [(("--signed",), "held"), ((), "findings")])
def test_a_summary_knows_whether_signatures_were_demanded(tmp_path: Path, option: tuple[str, ...], status: str) -> None:
    """``return --from`` judges as the summary was made, and asks for the key where it takes one."""
    with_key: dict[str, Any] = {"GWXL_KEY_FILE": str(key_file(tmp_path / "campaign.key", KEY))}
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    write_return(inbox, issue(None), service_items_online=999)
    say("merge", "inbox", *option, "-o", "summary.xlsx", cwd=tmp_path, code=1, **with_key)
    words = ("return", "--from", "summary.xlsx", "-o", "back")
    (file,) = document(*words, cwd=tmp_path, code=1, **with_key)["files"]
    assert (file["status"], file["workbook"] is None) == (status, bool(option))
    if option:
        assert refusal(*words, cwd=tmp_path, GWXL_KEY_FILE="") == (
            "error: summary.xlsx: it was made with --signed, which verifies signatures, and no key is set; "
            "name the key file in GWXL_KEY_FILE"
        )
    else:
        say(*words, "--force", cwd=tmp_path, code=1, GWXL_KEY_FILE="")


@pytest.mark.parametrize(
    ("identity", "code", "site"),
    [(issue(site_code=None), SITE, SITE), (issue(site_code=None), "1", None), (issue(None, None), SITE, None)],
)
def test_what_a_clerk_accepts_goes_back_bound(tmp_path: Path, identity: Identity, code: str, site: str | None) -> None:
    """A signed return bound to none goes back bound to its code once a clerk accepted it, unless that is none."""
    with_key: dict[str, Any] = {"GWXL_KEY_FILE": str(key_file(tmp_path / "campaign.key", KEY))}
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    write_return(inbox, identity, site_code=code, service_items_online=999)
    say("merge", "inbox", "--signed", cwd=tmp_path, code=1, **with_key)
    decisions = tmp_path / "inbox-待决.xlsx"
    fill_in(decisions, lambda _: {"decision": "接受"})
    say("merge", "inbox", "--signed", cwd=tmp_path, code=1, **with_key)
    words = ("return", "--from", "inbox-汇总.xlsx", "--signed", "-o", "back")
    (file,) = document(*words, cwd=tmp_path, code=1, **with_key)["files"]
    assert file["workbook"] == (str(Path("back", f"{SENT_BACK}.xlsx")) if site else None)
    if site:
        receipt = check(tmp_path / "back" / f"{SENT_BACK}.xlsx", signed=True)
        assert receipt.submission is not None
        assert (receipt.submission.identity, tell(receipt)) == (issue(site_code=site), [])


def test_a_template_for_one_site(tmp_path: Path) -> None:
    """``--site`` fills in the code and signs it; the same workbook with another code is held."""
    key_file(tmp_path / "campaign.key", KEY)
    say("template", "-o", "a.xlsx", "--year", "2026", "--site", SITE, cwd=tmp_path, GWXL_KEY_FILE="campaign.key")
    receipt = check(tmp_path / "a.xlsx")
    assert receipt.submission is not None
    assert (receipt.submission.identity, receipt.submission.values) == (issue(), {"site_code": SITE})
    type_into(tmp_path / "a.xlsx", "site_code", OTHER_SITE)
    receipt = check(tmp_path / "a.xlsx")
    assert (receipt.status, tell(receipt)) == (Status.HELD, [("T08", Severity.ERROR)])


@pytest.mark.parametrize("code", ["", "1", "000000000１", "0000000001\n", "0000000001;year=2030", "某县", "=1+1"])
def test_a_site_code_that_is_none_is_refused(tmp_path: Path, code: str) -> None:
    """What the form would not take as a code is no site a workbook can be issued to; nothing is written."""
    line = refusal("template", "-o", "a.xlsx", "--year", "2026", "--site", code, cwd=tmp_path)
    assert line.startswith("error: --site: “")
    assert not (tmp_path / "a.xlsx").exists()


def test_the_command_line_takes_the_key_from_a_file(tmp_path: Path) -> None:
    """``GWXL_KEY_FILE`` signs what goes out and verifies what comes back, in worker processes too."""
    key_file(tmp_path / "campaign.key", KEY)
    key_file(tmp_path / "other.key", OTHER)
    say("template", "-o", "blank.xlsx", "--year", "2026", "--site", SITE, cwd=tmp_path, GWXL_KEY_FILE="campaign.key")
    type_into(tmp_path / "blank.xlsx", "site_name", "某某县人民政府门户网站")
    settings_of: dict[str, dict[str, Any]] = {
        "own": {"GWXL_KEY_FILE": "campaign.key"},
        "other": {"GWXL_KEY_FILE": "other.key"},
        "none": {"GWXL_KEY_FILE": ""},
    }
    ids = {}
    for name, env in settings_of.items():
        (file,) = document("check", "blank.xlsx", cwd=tmp_path, code=1, **env)["files"]
        ids[name] = [one["id"] for one in file["findings"]]
    assert {name: found.count("T07") for name, found in ids.items()} == {"own": 0, "other": 1, "none": 1}
    line = refusal("check", "blank.xlsx", cwd=tmp_path, GWXL_KEY_FILE="gone.key")
    assert line.startswith("error: gone.key: the key file cannot be read")
