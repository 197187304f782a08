"""Build submissions for tests: from values by field key, without any workbook."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from gwxl.files.resources import form_folder, rules_folder
from gwxl.form import kinds
from gwxl.form.definition import Form
from gwxl.form.layout import lay_out
from gwxl.form.loading import load_form
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.submission import Answer, Change, Identity, Source, Submission, Unread
from gwxl.rules.ruleset import RuleSet, load_rules

FORMS = Path(__file__).parents[1] / "forms" / "templates"
"""The forms of other shapes, each a folder; their rules stand in ``forms/rules/``."""

GOOD: Mapping[str, Any] = {
    "site_name": "某某县人民政府门户网站",
    "site_url": "http://www.example.gov.cn",
    "site_sponsor": "某某县人民政府办公室",
    "site_type": "portal",
    "site_code": "0000000001",
    "site_icp_number": "京ICP备05060933号-1",
    "site_psb_number": "京公网安备11010502000722号",
    "site_unique_visitors": 182345,
    "site_page_views": 1203377,
    "release_total": 702,
    "release_overview": 3,
    "release_affairs": 235,
    "release_catalog": 305,
    "columns_maintained": 12,
    "columns_opened": 3,
    "interpretation_total": 41,
    "interpretation_materials": 25,
    "interpretation_products": 11,
    "interpretation_commentaries": 5,
    "concern_responses": 7,
    "has_service_catalog": True,
    "service_registered_users": 5213,
    "service_items": 345,
    "service_items_online": 217,
    "cases_total": 8121,
    "cases_natural_person": 6013,
    "cases_legal_person": 2108,
    "has_unified_platform": True,
    "messages_received": 511,
    "messages_resolved": 498,
    "messages_average_days": Decimal("3.5"),
    "messages_published": 322,
    "surveys_held": 9,
    "surveys_opinions": 131,
    "surveys_published": 8,
    "interviews_held": 4,
    "interviews_messages": 57,
    "interviews_answers": 49,
    "has_smart_qa": False,
    "security_assessments": 4,
    "security_problems_found": 13,
    "security_problems_fixed": 13,
    "has_security_monitoring": True,
    "has_emergency_drill": True,
    "has_security_officer": True,
    "has_new_media": True,
    "weibo_name": "某某发布",
    "weibo_posts": 821,
    "weibo_followers": 30417,
    "wechat_name": "某某发布",
    "wechat_posts": 366,
    "wechat_subscribers": 51219,
    "other_media": (
        {
            "product_type": "移动客户端",
            "platform_name": "应用商店",
            "product_name": "某某通",
            "posts": 95,
            "followers_or_downloads": 7013,
        },
    ),
    "innovations": ("search_as_service", "accessible", "other"),
    "innovation_other": "开放数据平台",
}
"""A complete return of the yearly website report without any fault; synthetic."""


GOOD_LABELS: Mapping[str, Any] = {
    "level": "local",
    "grade": "first",
    "street": "s02",
    "letter": "b",
    "unit_code": "AB-1",
    "visitors": 3,
    "members": 5,
}
"""A complete form of hard labels."""

GOOD_VISITS: Mapping[str, Any] = {
    "unit_code": "U1",
    "has_visited": True,
    "way": "home",
    "topics": ("care", "survey", "other"),
    "topic": "座谈",
    "planned": 8,
    "visited": 6,
    "first_day": "2026-05-01",
    "rooms": 12,
    "distance": 30,
    "found": ("house",),
    "follow_up": True,
    "again": 2,
    "number": "B1",
}
"""A complete form of which some fields are asked under conditions."""

SENT_BACK = f"{GOOD['site_code']}-{GOOD['site_name']}（退回1）"
"""What the good return is called when it goes back for the first time, without the ending."""

GOOD_DRILL: Mapping[str, Any] = {
    "drill_code": "D0001",
    "drill_kind": "fire",
    "planned_on": "2026-05-12",
    "was_announced": False,
    "held_on": "2026-05-13",
    "participants": 120,
    "evacuated": 118,
    "duration_hours": Decimal("1.5"),
    "departments": ("office", "outside"),
    "outside_name": "某某消防救援站",
    "equipment": (
        {"item": "灭火器", "pieces": 12, "weight": Decimal("48.6"), "checked_on": "2026-05-11"},
        {"item": "绳", "pieces": 3},
    ),
}
"""A complete drill record without any fault; synthetic."""


@cache
def report_form() -> Form:
    """Load the yearly website report."""
    return load_form(form_folder("website_annual_report"))


@cache
def report_rules() -> RuleSet:
    """Load the rules of the yearly website report."""
    return load_rules(rules_folder(report_form().folder), report_form())


@cache
def drill_form() -> Form:
    """Load the second form, of another shape."""
    return load_form(form_folder(str(FORMS / "drill_record")))


@cache
def drill_rules() -> RuleSet:
    """Load the rules of the second form."""
    return load_rules(rules_folder(drill_form().folder), drill_form())


@cache
def label_rules() -> RuleSet:
    """Load the rules of the form of hard labels."""
    form = load_form(FORMS / "label_survey")
    return load_rules(rules_folder(form.folder), form)


def visit_rules() -> RuleSet:
    """Load the rules of the form of which some fields are asked under conditions."""
    form = load_form(FORMS / "visit_record")
    return load_rules(rules_folder(form.folder), form)


def make_submission(
    form: Form,
    values: Mapping[str, Any],
    *,
    explanations: Mapping[str, str] | None = None,
    identity: Mapping[str, Any] | None = None,
    raw: Mapping[str, str] | None = None,
) -> Submission:
    """Return the submission of typed values by field key, :class:`Unread` and :class:`Change` among them.

    Args:
        form: the form.
        values: field key → value; choices a tuple of choice keys, a table a tuple of rows; absent is blank.
        explanations: path or field key → the text of its explanation cell.
        identity: parts of the identity that differ from the form's own.
        raw: path → the text of the cell, where it is not simply the value written out.
    """
    changes = {key: replace(value, key=FormPath(key)) for key, value in values.items() if isinstance(value, Change)}
    raw = {**{key: change.raw for key, change in changes.items()}, **(raw or {})}
    values = {**values, **{key: int(change.value) for key, change in changes.items()}}
    layout = lay_out(form)
    cells = {**layout.anchors, **layout.cells}
    answers = {
        path: Answer(
            key=path,
            raw=raw.get(path, _raw(form, path, value)),
            value=value,
            cell=cells.get(path),
            changes=(changes[path],) if path in changes else (),
        )
        for path, value in _inputs(form, values)
    }
    said = {"form": form.id, "edition": form.edition, "fingerprint": form.fingerprint, **(identity or {})}
    if "year" in said:  # as an example of a rule names it
        said["period"] = Period(said.pop("year"))
    return Submission(
        identity=Identity(**said),
        source=Source(file="return.xlsx", sheet="填报表"),
        answers=answers,
        values={key: values[key] for key in form.fields if values.get(key) not in (None, "", ())},
        explanations={FormPath.parse(path): words for path, words in (explanations or {}).items()},
        cells=cells,
    )


def good_submission(form: Form, **changes: Any) -> Submission:
    """Return the complete good return with some values changed; None makes one blank."""
    return make_submission(form, {**GOOD, **changes})


def _inputs(form: Form, values: Mapping[str, Any]) -> Iterator[tuple[FormPath, Any]]:
    for key, asked in form.fields.items():
        value = values.get(key)
        if asked.kind is kinds.CHOICES:
            for choice in asked.choices:
                ticked = value if isinstance(value, Unread) else (choice.key in (value or ())) or None
                yield FormPath(key, choice.key), ticked
        elif asked.kind is kinds.TABLE and not isinstance(value, Unread):
            for number, row in enumerate(value or (), 1):
                for column in asked.columns:
                    yield FormPath(key, column.key, number), row.get(column.key)
        else:
            yield asked.path, value


def _raw(form: Form, path: FormPath, value: Any) -> str:
    asked = form.field_of(path)
    if value is None:
        return ""
    if isinstance(value, Unread):
        return value.raw
    if isinstance(value, bool):
        return ("√" if asked.kind is kinds.CHOICES else "是") if value else "否"
    labels = {choice.key: choice.label for choice in asked.choices}
    return labels.get(value, str(value)) if isinstance(value, str) else str(value)
