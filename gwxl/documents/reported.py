"""The JSON document of ``gwxl report``."""

from gwxl.documents.checked import Document
from gwxl.reporting import Reported


def report_document(done: Reported) -> Document:
    """Return ``gwxl.report/1``."""
    account = done.account
    return {
        "schema": "gwxl.report/1",
        "file": str(done.page),
        "form": account.listing.form,
        "year": account.listing.period.year,
        "period": str(account.listing.period),
        "received": len(account.listing.returns),
        "accepted": len(account.sites),
        "passed": sum(one.passed for one in account.sites),
    }
