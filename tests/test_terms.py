"""Terms: which forms they name, and how they travel."""

import pickle
from dataclasses import asdict, replace

import pytest

from gwxl.errors import ResourceError, SettingsError
from gwxl.files.resources import form_ids
from gwxl.form.signature import CampaignKey
from gwxl.records.period import Period
from gwxl.terms import Notice, Terms
from tests.support.submissions import FORMS, drill_rules, report_rules

KEY = CampaignKey(secret=b"k" * 32)


def test_the_forms() -> None:
    """Named by id or folder, given as rules, or all that come along."""
    report, drill = report_rules(), drill_rules()
    assert [one.form.id for one in Terms().forms] == list(form_ids())
    assert Terms("website_annual_report").form == report.form
    assert Terms(FORMS / "drill_record").form == drill.form
    assert Terms(report).forms == (report,)
    both = Terms((report, drill))
    assert (both.of(drill.form.id), both.of("another"), both.language) == (drill, report, report.form.language)
    with pytest.raises(ResourceError, match="no form 'another'"):
        _ = Terms("another").forms


def test_one_form_is_meant() -> None:
    """Where one is needed and several are given, they are named."""
    with pytest.raises(SettingsError, match="there are several forms, name one with --form: website_annual_report, dr"):
        _ = Terms((report_rules(), drill_rules())).rules


def test_terms_travel() -> None:
    """To another process, and take their rules along."""
    terms = Terms("website_annual_report", Period(2026), key=KEY, signed=True, notice=Notice(office="某某办"))
    travelled = pickle.loads(pickle.dumps(terms))  # noqa: S301 - what was just written
    assert replace(travelled, named=terms.named) == terms
    assert travelled.form == terms.form
    assert list(map(asdict, travelled.rules.rules)) == list(map(asdict, terms.rules.rules))
    assert travelled.rules.cells.schema == terms.rules.cells.schema
    assert (terms.year, terms.for_period(Period(None)).year, terms.for_period(Period(2027)).year) == (2026, None, 2027)


def test_signatures_are_demanded_with_a_key() -> None:
    """Without one nothing could be told from anything else."""
    with pytest.raises(SettingsError, match="signatures are demanded and there is no key"):
        Terms(signed=True)
