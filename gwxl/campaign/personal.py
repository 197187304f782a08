"""The personal workbooks of a campaign: what is known of a site stands in its own, signed, code and name locked."""

from pathlib import Path

from gwxl.campaign.roster.sites import Site
from gwxl.form.identity import issue_identity
from gwxl.records.path import Path as FormPath
from gwxl.template.copying import Copies
from gwxl.terms import Terms


class PersonalWorkbooks:
    """The workbooks of the sites of one campaign."""

    def __init__(self, terms: Terms) -> None:
        """Take the form, the year, the key that signs, what the sheet says on top, and what sites reported earlier."""
        form = terms.form
        self._terms = terms
        self._roles = {"code": form.roles.code, "name": form.roles.name}
        self._fixed = frozenset(FormPath(role) for role in self._roles.values() if role)
        self._copies = Copies(terms.rules, terms.notice, [*self._fixed, *(field.path for field in form.prefilled)])

    def draft(self, site: Site, draft: Path) -> None:
        """Write the workbook of a site to a place where nobody looks yet.

        Raises:
            OSError, WorkbookError, FormError: as :func:`gwxl.template.making.draft_template` does.
        """
        terms = self._terms
        identity = issue_identity(terms.form, period=terms.period, site_code=site.code, key=terms.key)
        own = {FormPath(role): getattr(site, name) for name, role in self._roles.items() if role}
        answers = {**site.known, **own}
        last = terms.previous.of(site.code, terms.period) if terms.previous else None
        self._copies.draft(draft, identity=identity, answers=answers, fixed=self._fixed, last=last)
