"""The committed schemas of the JSON documents: valid themselves, and strict enough to refuse what is wrong."""

import copy
import json
import pathlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from functools import cache
from operator import methodcaller
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gwxl.authoring import Checked
from gwxl.campaign.collecting.collection import Collection, Filed, Taken
from gwxl.campaign.issuing import Issued
from gwxl.campaign.mailing import Mailed
from gwxl.campaign.post.message import Message
from gwxl.campaign.reminding.due import About, Reminder
from gwxl.campaign.reminding.reminders import Reminders
from gwxl.campaign.roster.sites import Site
from gwxl.campaign.sending import Fate, Posted, Sending
from gwxl.campaign.standing import Stock
from gwxl.campaign.starting import start_campaign
from gwxl.documents.checked import check_document
from gwxl.documents.collected import collect_document
from gwxl.documents.drafted import draft_document
from gwxl.documents.explained import explain_document
from gwxl.documents.exported import export_document
from gwxl.documents.forms import form_list_document, forms_document
from gwxl.documents.issued import issue_document
from gwxl.documents.merged import merge_document
from gwxl.documents.migrated import migrate_document
from gwxl.documents.published import publish_summary_document
from gwxl.documents.reminded import remind_document
from gwxl.documents.reported import report_document
from gwxl.documents.returned import return_document
from gwxl.documents.rules import rules_document
from gwxl.documents.standing import status_document
from gwxl.documents.started import init_document
from gwxl.documents.template import template_document
from gwxl.drafting import Drafted
from gwxl.drafting.draft import Doubt
from gwxl.errors import FormError, RefusedError
from gwxl.exporting import Exported
from gwxl.form.definition import Edition
from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.mail.mail import Envelope, Kind
from gwxl.publishing import Published, PublishedSummary
from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.submission import LeftBehind, Source, Status
from gwxl.reporting import Reported
from gwxl.returns.migrating import Migration, Outcome
from gwxl.returns.returning import Returned
from gwxl.returns.sending_back import SentBack
from gwxl.rules.ruleset import RuleSet
from gwxl.summary.merged import Merged
from gwxl.summary.standing.arrivals import Arrival
from gwxl.summary.standing.asked import Asked, AskedSite
from gwxl.summary.standing.joining import join
from gwxl.summary.stored.account import Account
from gwxl.summary.stored.comparing import Change, Changes
from gwxl.summary.stored.explanation import Explanation, Origin
from gwxl.summary.stored.listing import Listing
from gwxl.summary.stored.open_items import OpenItem
from gwxl.template import Done, Point, Review, State, Template
from gwxl.terms import Terms
from gwxl.totals.adding import totals
from tests.support import batches
from tests.support.command import SCHEMAS, schema
from tests.support.inboxes import FORM
from tests.support.submissions import report_rules

NAMES = sorted(path.stem for path in SCHEMAS.glob("*.json"))


def check() -> Mapping[str, Any]:
    """Return what is printed about thirty returns with every kind of fault."""
    some = batches.mix_batch(30)
    return check_document(Terms(some.form.id), [one for one in some.receipts if one.status != "superseded"])


def merge() -> Mapping[str, Any]:
    """Return what is printed about their merge."""
    some = batches.mix_batch(30)
    added = totals(some.form, some.accepted)
    passed = totals(some.form, some.passed)
    one = Change(source=Source(file="a.zip", member="b.xlsx", sheet="填报表"), before="held", after="passed")
    merged = Merged(
        batch=some,
        summary=SCHEMAS / "s.xlsx",
        kept=None,
        decisions=None,
        totals=added,
        totals_passed=passed,
        changes=Changes(added=(one,), changed=(one,), dropped=(one,), unchanged=3),
    )
    return merge_document(merged)


def template() -> Mapping[str, Any]:
    """Return what is printed about a template."""
    form = batches.report_form()
    layout = lay_out(form)
    return template_document(
        Template(
            path=SCHEMAS / "a.xlsx",
            identity=issue_identity(form, period=Period(2026)),
            layout=layout,
        )
    )


def show_returned() -> Mapping[str, Any]:
    """Return what is printed about returns sent back: one with something of every kind, one that was refused."""
    some = batches.mix_batch(30)
    faulty = next(one for one in some.accepted if one.has_errors)
    finding = next(one for one in faulty.findings if one.open)
    review = Review(
        round=2,
        points=(Point(finding=finding, state=State.STILL),),
        done=(Done(rule="B08", title="t", path=None, state=State.FIXED),),
        lost=(LeftBehind(key=Path("k"), label="l", cell=CellRef("s", 9, 4), raw="#N/A", why="unread"),),
    )
    path = SCHEMAS / "a.xlsx"
    files = [Returned(receipt=faulty, review=review, workbook=path, letter=path)]
    files += [Returned(receipt=one, reason="r") for one in some.of(Status.REFUSED)]
    return return_document(SCHEMAS, SentBack(returned=tuple(files), strangers=("late.xlsx",), missing=("gone.xlsx",)))


def show_explained() -> Mapping[str, Any]:
    """Return what is printed about one figure."""
    words: dict[str, Any] = {field.name: "x" for field in fields(Origin)}
    words |= {"shared": True, "passed": True, "counts": False}
    origin = Origin(**words)
    return json.loads(
        json.dumps(explain_document(Explanation(key="k", site=None, label="l", value="1", origins=(origin,))))
    )


def show_migrated() -> Mapping[str, Any]:
    """Return what is printed about returns that were moved, or not."""
    left = LeftBehind(key=Path("k"), label="l", raw="r", cell=CellRef("s", 1, 4), why="gone")
    receipt = batches.receipt(1)
    done = Migration(
        receipt=receipt,
        outcome=Outcome.MIGRATED,
        form=batches.report_form(),
        path=SCHEMAS / "a.xlsx",
        moved=3,
        left_behind=(left,),
        to_fill=(Path("k"),),
    )
    others = [Migration(receipt=batches.refuse("b.xlsx"), outcome=outcome, reason="why") for outcome in Outcome]
    return migrate_document(SCHEMAS, [done, *others])


def show_published() -> Mapping[str, Any]:
    """Return what is printed about the pages of a summary, and what has none."""
    some, path = batches.mix_batch(30), SCHEMAS / "a.html"
    returns = [Published(receipt=one) for one in some.receipts]
    returns.insert(0, Published(receipt=some.passed[0], page=path))
    done = PublishedSummary(
        folder=SCHEMAS, index=path, returns=tuple(returns), stale=(path,), strangers=("late.xlsx",), missing=("x.xlsx",)
    )
    return publish_summary_document(done)


def show_exported() -> Mapping[str, Any]:
    """Return what is printed about figures that were exported."""
    return export_document(Exported(path=SCHEMAS / "a.csv", returns=2, rows=190, strangers=("late.xlsx",)))


def show_reported() -> Mapping[str, Any]:
    """Return what is printed about the page of a summary."""
    listing = Listing(form="report", period=Period(2026), inbox=None, previous=None, signed=False, returns=())
    account = Account(listing=listing, by="", asked={}, keys=(), sites=(), findings=(), grown=(), outliers=())
    return report_document(Reported(page=SCHEMAS / "a.html", account=account))


def show_checked() -> Mapping[str, Any]:
    """Return what is printed about a form with a mistake."""
    mistake = FormError(SCHEMAS / "form.toml", "title", "is missing")
    return forms_document(Checked(folder=SCHEMAS, form=batches.report_form(), mistakes=(mistake,)))


def show_drafted() -> Mapping[str, Any]:
    """Return what is printed about a draft of a form."""
    form = batches.report_form()
    path = next(iter(form.fields.values())).path
    doubt = Doubt(place="A!B1", key="drafting.no_label", said="B1")
    return draft_document(Drafted(folder=SCHEMAS, form=form, inputs={"A!B1": path}, doubts=(doubt,)))


def issued() -> Mapping[str, Any]:
    """Return what is printed about workbooks that were mailed, one in every state."""
    site = Site(code="1", name="甲", mail=("a@example.org",), place={"zh": "第 2 行"})
    message = Message(
        kind="issue",
        code=site.code,
        round=1,
        name=site.name,
        place=site.place,
        to=site.mail,
        draft=SCHEMAS / "1.eml",
        attached={"0" * 64: "1.xlsx"},
    )
    posted = tuple(Posted(message=message, fate=fate, why={"zh": "550 no"}) for fate in Fate)
    day = datetime(2026, 11, 27, 8, tzinfo=UTC)
    sending = Sending(posted=posted, halt={"zh": "x"}, resumes=day, plan=((day.date(), 2),))
    some = Issued(folder=SCHEMAS, wanted=(site, site), sites=(site,), files=("1.xlsx",))
    return issue_document(some, Mailed(issued=some, sending=sending), "zh", dry_run=False)


def show_rules() -> Mapping[str, Any]:
    """Return what is printed about the rules of a form."""
    return rules_document(report_rules())


def show_listed() -> Mapping[str, Any]:
    """Return what is printed about the forms there are."""
    rules = report_rules()
    older = (Edition(form=replace(rules.form, edition="0")),)
    form = replace(rules.form, older=older, accepts=("0",))
    return form_list_document([RuleSet(form, rules.cells, rules.relations)])


def standing() -> Mapping[str, Any]:
    """Return what is printed about a campaign: a site that passed below one that is missing, and a stranger."""
    sites = (AskedSite(code="1", name="a"), AskedSite(code="2", name="b", parent="1"))
    came = [
        Arrival(source=Source(file=f"{code}.xlsx", sha256="x"), state="passed", code=code, issued=code) for code in "23"
    ]
    asked = Asked(sites=sites, deadline=date(2027, 1, 20))
    moment = datetime(2027, 1, 21, 8, tzinfo=UTC)
    return status_document(
        Stock(
            standings=join(asked, came, date(2027, 1, 21)),
            deadline=asked.deadline,
            day=date(2027, 1, 21),
            merged=moment,
            later=1,
            decisions=None,
            issued=True,
        )
    )


def reminded() -> Mapping[str, Any]:
    """Return what is printed about reminders: of a return that was sent back, and to a superior."""
    site = Site(code="1", name="a", mail=("a@example.org",), place={})
    item = OpenItem(path="k", cell="D9", rule="B08", title="t")
    one = Reminder(to=site, about=About.OPEN, items=(item,), since="2027-01-12", attached=SCHEMAS / "a.xlsx")
    above = Reminder(to=site, about=About.BELOW, below=(one,))
    unsent = join(Asked(sites=(AskedSite(code="2", name="b"),)), (), None).sites
    done = Reminders(
        folder=SCHEMAS, mails=(one, above), files=("a.eml", "b.eml"), earlier=0, unsent=unsent, headless=(site,)
    )
    return remind_document(done, dry_run=True)


def collected() -> Mapping[str, Any]:
    """Return what is printed about mails that came in: one with a file, one that was not reached, one not read."""
    told = Envelope(message_id="a@b", sender="a@example.org", subject="年报", date="2027-01-15T01:30:00+00:00")
    file = Filed(
        name="a.xlsx", file="unknown/a.xlsx", sha256="0" * 64, code="", envelope=told, again=False, stranger=False
    )
    row = Site(code="0000000001", name="甲", place={"zh": "第 2 行", "en": "row 2"})
    taken = Taken(
        source="a.eml",
        sha256="1" * 64,
        kind=Kind.REPLY,
        envelope=told,
        code=row.code,
        files=(file,),
        bounced={"a@example.org": (row,)},
        links=("mail.qq.com",),
        problems=(RefusedError("mail_large", limit=64),),
    )
    return collect_document(Collection(inbox=SCHEMAS, taken=(taken,), known=1), "zh")


def start() -> Mapping[str, Any]:
    """Return what is printed about a campaign that was started."""
    with tempfile.TemporaryDirectory() as folder:
        return init_document(start_campaign(Terms(FORM, period=Period(2026)), pathlib.Path(folder) / "年报"))


DOCUMENTS: dict[str, Callable[[], Mapping[str, Any]]] = {
    "init": start,
    "check": check,
    "collect": collected,
    "merge": merge,
    "template": template,
    "explain": show_explained,
    "return": show_returned,
    "migrate": show_migrated,
    "publish": show_published,
    "export": show_exported,
    "issue": issued,
    "report": show_reported,
    "draft": show_drafted,
    "forms": show_checked,
    "form_list": show_listed,
    "rules": show_rules,
    "status": standing,
    "remind": reminded,
}


@cache
def validator(name: str) -> Draft202012Validator:
    """Return what checks a document."""
    return Draft202012Validator(schema(name))


def faults(name: str, document: object) -> list[str]:
    """Return what a schema has against a document."""
    return [error.message for error in validator(name).iter_errors(document)]


FREE = {
    ("values",),
    ("explanations",),
    ("header",),
    ("cells",),
    ("checks",),
    ("totals",),
    ("totals_passed",),
    ("value",),
}
"""Objects whose names are those of the form, not of the document."""


def inner(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
    """Yield every object of a document whose names are fixed, with its place; the first of each list only."""
    if isinstance(document, Mapping):
        if path[-1:] not in FREE:
            yield path, document
        for key, value in document.items():
            if key != "values":
                yield from inner(value, (*path, key))
    elif isinstance(document, list) and document:
        yield from inner(document[0], (*path, 0))


def change(document: Any, path: tuple[Any, ...], change: Callable[[dict[str, Any]], object]) -> Any:
    """Return a copy of a document with one of its objects changed."""
    copied = copy.deepcopy(document)
    place = copied
    for step in path:
        place = place[step]
    change(place)
    return copied


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_a_schema(name: str) -> None:
    """Each file is valid JSON Schema 2020-12, and says which document it is for."""
    found = schema(name)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(found)
    assert found["properties"]["schema"] == {"const": f"gwxl.{name}/1"}
    assert found["$id"] == f"urn:gwxl:{name}:1"


def test_every_document_has_a_schema() -> None:
    """There is one for each document that is promised."""
    assert set(DOCUMENTS) == set(NAMES)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_fit(name: str) -> None:
    """Documents with every status, severity and kind of value are valid."""
    assert faults(name, DOCUMENTS[name]()) == []


def short(name: str) -> dict[str, Any]:
    """Return a document with one file and two entries of each long object."""
    document = {**DOCUMENTS[name]()}
    if name in {"check", "merge"}:
        document["files"] = [one for one in document["files"] if one["findings"] and one["changes"]][:1]
    for key in {"cells", "explanations", "checks", "totals", "totals_passed"} & document.keys():
        document[key] = dict(list(document[key].items())[:2])
    return document


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_missing_name_is_refused(name: str) -> None:
    """No name of the document, of a file or of a finding may be left out."""
    document = short(name)
    taken = [(path, key) for path, found in inner(document) for key in found]
    assert ((), "schema") in taken
    for path, key in taken:
        assert faults(name, change(document, path, methodcaller("pop", key))), (*path, key)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_unknown_name_is_refused(name: str) -> None:
    """Nothing is printed that the schema does not tell of."""
    document = short(name)
    for path, _ in inner(document):
        assert faults(name, change(document, path, lambda place: place.update(unknown="x"))), path


@pytest.mark.parametrize(
    ("name", "key", "wrong"),
    [
        ("check", "status", "superseded"),
        ("check", "status", "fine"),
        ("check", "member", 1),
        ("merge", "status", "fine"),
        ("merge", "file", ""),
        ("migrate", "outcome", "superseded"),
        ("migrate", "moved", -1),
        ("publish", "state", "ok"),
        ("migrate", "written", True),
    ],
)
def test_a_wrong_value_is_refused(name: str, key: str, wrong: object) -> None:
    """A status is one of its names; a single file checked is never superseded."""
    document = short(name)
    assert faults(name, document) == []
    assert faults(name, change(document, ("files", 0), lambda place: place.update({key: wrong})))
