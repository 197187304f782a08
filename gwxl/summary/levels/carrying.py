"""Make of a batch what its summary hands to the next level."""

from hashlib import sha256

from gwxl.batch.batch import Batch
from gwxl.batch.decision import State
from gwxl.errors import ResourceError
from gwxl.files.resources import rules_folder
from gwxl.form.definition import Form
from gwxl.rules.ruleset import RuleSet
from gwxl.summary.levels.level import Head, pack
from gwxl.terms import Terms

_DECLARED = ("cells.toml", "relations.toml", "neighbours.toml")


def pack_receipts(batch: Batch, rules: RuleSet, terms: Terms) -> bytes:
    """Return what a summary hands on: every receipt as it was read, and what was decided about them."""
    receipts = batch.read or batch.receipts
    sites = dict.fromkeys(batch.site(one) for one in receipts)
    last = terms.previous
    head = Head(
        form=batch.form.id,
        edition=batch.form.edition,
        period=batch.period,
        rules=digest_of_rules(batch.form),
        ruled=tuple(rule.id for rule in rules.rules),
        signed=terms.signed,
        vouched=tuple(sorted(batch.vouched)),
        decisions=tuple(row for row in batch.decisions if row.state is State.DECIDED),
        earlier=last.period if last else None,
        last={code: last.sites[code] for code in sites if code in last.sites} if last else {},
    )
    return pack(head, receipts, batch.form)


def digest_of_rules(form: Form) -> str:
    """Return a digest of the files a form and its rules are declared in; empty where they cannot be read."""
    found = sha256()
    try:
        folder = rules_folder(form.folder)
        listed = (form.folder / one.file for one in form.lists.values())
        for path in (form.folder / "form.toml", *listed, *(folder / name for name in _DECLARED)):
            data = path.read_bytes() if path.is_file() else b""
            found.update(f"{path.name} {len(data)}\n".encode() + data)
    except (OSError, ResourceError):
        return ""
    return found.hexdigest()
