"""The personal workbook of a site: what is known of it stands in it, signed, and code and name cannot be changed."""

from collections.abc import Mapping
from pathlib import Path

from gwxl.campaign.roster import Site
from gwxl.form.identity import issue_identity
from gwxl.records.path import Path as FormPath
from gwxl.records.submission import Scalar
from gwxl.template import draft_template
from gwxl.terms import Terms


def draft_personal(terms: Terms, site: Site, draft: Path) -> None:
    """Write the workbook of a site to a place where nobody looks yet.

    Raises:
        OSError, WorkbookError, FormError: as :func:`gwxl.template.making.draft_template` does.
    """
    rules = terms.rules
    identity = issue_identity(rules.form, year=terms.year, site_code=site.code, key=terms.key)
    own = fixed_answers(terms, site)
    draft_template(
        rules, draft, identity=identity, notice=terms.notice, answers={**own, **site.known}, fixed=frozenset(own)
    )


def fixed_answers(terms: Terms, site: Site) -> Mapping[FormPath, Scalar]:
    """Return what a site cannot change: its code, and its name where the form asks for it."""
    roles = terms.form.roles
    return {FormPath(role): said for role, said in ((roles.code, site.code), (roles.name, site.name)) if role}
