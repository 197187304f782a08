"""The index of a folder of pages: by kind and by sponsor, in natural order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from urllib.parse import quote

from gwxl.form.definition import Form
from gwxl.publishing.page import Imprint, imprint_lines, public_text
from gwxl.records.natural_order import natural_key
from gwxl.records.period import Period
from gwxl.records.submission import Submission
from gwxl.rendering import render

TEMPLATE = "index.html.j2"
NAME = "index.html"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One page of the folder.

    Attributes:
        page: its file's name. name: what it is called; code: the site's, empty where it is not published.
        sponsor: who answers for it. kind: the label of its kind; place: where that stands among the kinds.
    """

    page: str
    name: str
    code: str
    sponsor: str
    kind: str
    place: int


def entry_of(form: Form, submission: Submission, page: str) -> Entry:
    """Return the entry of a return."""
    name, code = public_text(form, submission, "name"), public_text(form, submission, "code")
    field = form.fields.get(form.roles.by)
    kinds = [choice.key for choice in field.choices] if field and field.publish else []
    chosen = submission.text_of(form.roles.by)
    place = kinds.index(chosen) if chosen in kinds else len(kinds)
    return Entry(
        page=page,
        name=name or public_text(form, submission, "unit") or code or page,
        code=code,
        sponsor=public_text(form, submission, "sponsor"),
        kind=field.choice(chosen).label if field and place < len(kinds) else "",
        place=place,
    )


def index_page(form: Form, period: Period, entries: Sequence[Entry], imprint: Imprint) -> str:
    """Return the index as HTML; its links lead to files beside it."""
    in_order = sorted(entries, key=_order)
    return render(
        TEMPLATE,
        form.folder,
        language=form.language,
        title=form.entitle(period),
        imprint=imprint_lines(form, imprint.publisher, imprint.day),
        count=form.say("publish.count", count=len(entries)),
        heads=_heads(form, entries),
        kinds=list(_kinds(form, in_order)),
    )


def _order(entry: Entry) -> tuple[object, ...]:
    sponsor = (not entry.sponsor, natural_key(entry.sponsor))
    return entry.place, sponsor, natural_key(entry.name), natural_key(entry.code), natural_key(entry.page)


def _heads(form: Form, entries: Iterable[Entry]) -> dict[str, str]:
    """Return what stands above each column; empty where no entry has anything there."""
    asked = {**form.surround, **form.fields}
    used = {name for entry in entries for name in ("sponsor", "code") if getattr(entry, name)}
    heads = {name: asked[getattr(form.roles, name)].label for name in used}
    name = asked.get(form.roles.name)
    return {"sponsor": "", "code": "", "name": name.label if name and name.publish else form.title, **heads}


def _kinds(form: Form, entries: Iterable[Entry]) -> Iterator[dict[str, object]]:
    divided = form.roles.by in form.fields and form.fields[form.roles.by].publish
    for _, members in groupby(entries, key=lambda entry: entry.place):
        kind = list(members)
        label = (kind[0].kind or form.say("summary.uncounted.blank")) if divided else ""
        yield {
            "label": label,
            "count": form.say("publish.count", count=len(kind)),
            "sponsors": [_sponsor(name, same) for name, same in groupby(kind, key=lambda entry: entry.sponsor)],
        }


def _sponsor(name: str, entries: Iterable[Entry]) -> dict[str, object]:
    return {"label": name, "sites": [{**asdict(entry), "page": quote(entry.page)} for entry in entries]}
