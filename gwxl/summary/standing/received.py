"""What came in, of a batch."""

from collections.abc import Iterator

from gwxl.batch.batch import ACCEPTED, Batch, file_order, to_return
from gwxl.records.receipt import Receipt
from gwxl.summary.standing.arrivals import Arrival


def arrivals_of(batch: Batch) -> Iterator[Arrival]:
    """Yield what came in, in the order of the list of files."""
    for number, receipt in enumerate(sorted(batch.receipts, key=file_order), 1):
        yield Arrival(
            source=receipt.source,
            state=receipt.state,
            code=batch.site(receipt),
            issued=_find_issued(receipt),
            entry=str(number),
            clerks=receipt.status in ACCEPTED and not receipt.passed and not to_return(receipt),
        )


def _find_issued(receipt: Receipt) -> str:
    return (receipt.submission.identity.site_code or "") if receipt.submission else ""
