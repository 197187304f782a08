"""Open a zip of returns."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gwxl.errors import RefusedError
from gwxl.inert import told_apart
from gwxl.workbook.limits import DEFAULT_LIMITS, Limits
from gwxl.workbook.package import Entry, Package


@dataclass(frozen=True, kw_only=True)
class Member:
    """Hold one file of an archive; ``refusal`` says why it could not be unpacked, its data is empty then."""

    name: str
    data: bytes = field(repr=False)
    refusal: RefusedError | None = None


def members(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[Member, ...]:
    """Return the files of a zip in the order of their names; one damaged member costs only itself.

    Raises:
        RefusedError: the archive as a whole cannot be trusted.
    """
    package = Package(data, limits)
    files = package.files
    told = told_apart(sorted(files))
    return tuple(_member(package, told[name], files[name]) for name in told)


def _member(package: Package, name: str, entries: Sequence[Entry]) -> Member:
    try:
        return Member(name=name, data=package.unpack(entries))
    except RefusedError as refusal:
        return Member(name=name, data=b"", refusal=refusal)
