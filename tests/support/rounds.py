"""Synthetic rounds: returns, what answers them, and marks made by somebody who should not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from gwxl.batch.corrections import identify_return, site_to_remember
from gwxl.form.signature import CampaignKey
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answered, Identity, Round
from tests.support.batches import Cell, digest, receipt, report_form, site

KEY = CampaignKey(secret=b"0123456789abcdef" * 2)
OTHER = CampaignKey(secret=b"fedcba9876543210" * 2)

VICTIM, FORGER = 1, 2


def mark_of(old: Receipt, key: CampaignKey | None = None, earlier: tuple[Answered, ...] = ()) -> Round:
    """Return the mark of the workbook that sends a return back."""
    assert old.submission is not None
    before = old.submission.round
    sent = Round(
        number=before.number + 1 if before else 1,
        answers=(identify_return(old), *(before.answers if before else earlier)),
        site=site_to_remember(report_form(), old),
        contents=digest("what was carried over"),
    )
    return key.sign_round(sent) if key else sent


def mark(one: Receipt, sent: Round | None) -> Receipt:
    """Return a receipt with a mark."""
    assert one.submission is not None
    return replace(one, submission=replace(one.submission, round=sent))


def identify(one: Receipt, key: CampaignKey | None, code: str | None = None) -> Receipt:
    """Return a receipt issued to a site and signed."""
    assert one.submission is not None
    identity: Identity = replace(one.submission.identity, site_code=code)
    return replace(one, submission=replace(one.submission, identity=key.sign(identity) if key else identity))


def correction(old: Receipt, cells: Mapping[str, Cell] | None = None, *, number: int = VICTIM, file: str) -> Receipt:
    """Return what comes back for a return: of the same sender, other values, the mark of the round."""
    return mark(receipt(number, {"release_total": 4321, **(cells or {})}, file=file), mark_of(old))


@dataclass(frozen=True, kw_only=True)
class Forged:
    """One attempt to replace another site's return with a mark.

    Attributes:
        name: what is done, as the table of hostile files calls it.
        sent: makes the mark from the return that is aimed at.
        cells: what the forger's workbook says; his own of everything when empty.
        sender: whose name, host and sponsor it bears.
        key: the campaign's key, None where there is none.
        outcome: what becomes of the return that is aimed at and of the forger's, with the ids on the latter.
    """

    name: str
    sent: Callable[[Receipt], Round]
    outcome: str
    cells: Mapping[str, Cell] = field(default_factory=dict)
    sender: int = FORGER
    key: CampaignKey | None = None


_CODE: Mapping[str, Cell] = {"site_code": site(VICTIM)}


def _change(key: CampaignKey, **parts: object) -> Callable[[Receipt], Round]:
    return lambda old: replace(mark_of(old, key), **parts)  # type: ignore[arg-type]


FORGED = (
    Forged(
        name="a round out of the air, with the other site's code",
        sent=lambda _old: Round(number=9),
        cells=_CODE,
        outcome="held / held D05 D06",
    ),
    Forged(
        name="a round out of the air, with all the other site says of itself",
        sent=lambda _old: Round(number=9),
        sender=VICTIM,
        outcome="held / held D02 D06",
    ),
    Forged(
        name="the sha256 of no file here",
        sent=lambda old: replace(mark_of(old), answers=(Answered(sha256="0" * 64),)),
        sender=VICTIM,
        outcome="held / held D02 D06",
    ),
    Forged(
        name="the sha256 of another site's file, its own code",
        sent=mark_of,
        outcome="ok / findings D06",
    ),
    Forged(
        name="the sha256 of another site's file, that site's code",
        sent=mark_of,
        cells=_CODE,
        outcome="held / held D05 D06",
    ),
    Forged(
        name="the sha256 of another site's file, another site in the mark",
        sent=lambda old: replace(mark_of(old), site=site(FORGER)),
        sender=VICTIM,
        outcome="held / held D02 D06",
    ),
    Forged(
        name="a number that does not follow",
        sent=lambda old: replace(mark_of(old), number=9),
        sender=VICTIM,
        outcome="held / held D02 D06",
    ),
    Forged(
        name="with a key: an unsigned mark",
        sent=mark_of,
        sender=VICTIM,
        key=KEY,
        outcome="held / held D02 D06",
    ),
    Forged(
        name="with a key: a mark signed with another one",
        sent=lambda old: mark_of(old, OTHER),
        sender=VICTIM,
        key=KEY,
        outcome="held / held D02 D06",
    ),
    Forged(
        name="with a key: a signed mark copied into another site's workbook",
        sent=lambda old: mark_of(old, KEY),
        key=KEY,
        outcome="ok / findings D06",
    ),
    Forged(
        name="with a key: a signed mark with another number",
        sent=_change(KEY, number=9),
        sender=VICTIM,
        key=KEY,
        outcome="ok / held T09",
    ),
    Forged(
        name="with a key: a signed mark with another sha256",
        sent=_change(KEY, answers=(Answered(sha256="0" * 64),)),
        sender=VICTIM,
        key=KEY,
        outcome="ok / held T09",
    ),
    Forged(
        name="with a key: a signed mark with another site",
        sent=_change(KEY, site=site(FORGER)),
        sender=VICTIM,
        key=KEY,
        outcome="ok / held T09",
    ),
    Forged(
        name="with a key: a signed mark with other faults",
        sent=_change(KEY, faults=(("A05", "site_code"),)),
        sender=VICTIM,
        key=KEY,
        outcome="ok / held T09",
    ),
)
"""Marks that somebody forged; none of them replaces a return."""
