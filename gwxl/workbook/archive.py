"""Open a zip of returns."""

from dataclasses import dataclass, field

from gwxl.errors import RefusedError
from gwxl.workbook.limits import DEFAULT_LIMITS, Limits
from gwxl.workbook.package import Package


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
    return tuple(_member(package, name) for name in sorted(package.names))


def _member(package: Package, name: str) -> Member:
    try:
        return Member(name=name, data=package.read(name))
    except RefusedError as refusal:
        return Member(name=name, data=b"", refusal=refusal)
