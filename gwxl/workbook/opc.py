"""Follow the relationships between the parts of an Office Open XML package.

Source: ECMA-376 part 2. Types are compared by their last step, which Strict and Transitional share.
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from gwxl.errors import RefusedError
from gwxl.workbook.markup import Attributes, Markup
from gwxl.workbook.package import Package

CONTENT_TYPES = "[Content_Types].xml"
ROOT = ""
_MAIN = "officedocument"


@dataclass(frozen=True, kw_only=True)
class Relationship:
    """Hold one relationship.

    Attributes:
        type: the last step of its type, in lower case and without hyphens (``worksheet``).
        target: name of a part, None when it points outside the package.
    """

    id: str
    type: str
    target: str | None


def relationships(package: Package, markup: Markup, source: str) -> tuple[Relationship, ...]:
    """Return the relationships of a part, of the package itself for :data:`ROOT`; none if it has none.

    Raises:
        RefusedError: the part is damaged, or a target climbs out of the package.
    """
    folder, name = posixpath.split(source)
    part = posixpath.join(folder, "_rels", f"{name}.rels")
    found: list[Relationship] = []

    def relationship(attributes: Attributes) -> None:
        # Transitional writes custom-properties where Strict writes customProperties.
        kind = attributes.get("Type", "").rpartition("/")[2].lower().replace("-", "")
        target = None
        if attributes.get("TargetMode", "").lower() != "external":
            target = _target(package, folder, attributes.get("Target", ""))
        found.append(Relationship(id=attributes.get("Id", ""), type=kind, target=target))

    if part in package:
        markup.parse(part, package.read(part), {"Relationship": relationship}, {})
    return tuple(found)


def _target(package: Package, folder: str, target: str) -> str:
    part = posixpath.normpath(posixpath.join(folder, target.replace("\\", "/")))
    if part.startswith(".."):
        raise RefusedError("unsafe_name", part=target)
    part = part.lstrip("/")
    return part if part in package else unquote(part)


def content_types(package: Package, markup: Markup) -> Mapping[str, str]:
    """Return part name in lower case, or ``*.extension``, → content type in lower case."""
    found: dict[str, str] = {}

    def override(attributes: Attributes) -> None:
        found[attributes.get("PartName", "").lstrip("/").lower()] = attributes.get("ContentType", "").lower()

    def default(attributes: Attributes) -> None:
        found[f"*.{attributes.get('Extension', '').lower()}"] = attributes.get("ContentType", "").lower()

    if CONTENT_TYPES in package:
        content = package.read(CONTENT_TYPES)
        markup.parse(CONTENT_TYPES, content, {"Override": override, "Default": default}, {})
    return found


def content_type(types: Mapping[str, str], part: str) -> str:
    """Return the content type of a part, empty if it has none."""
    name = part.lower()
    return types.get(name) or types.get(f"*.{name.rpartition('.')[2]}", "")


def main_part(package: Package, markup: Markup) -> tuple[str, str]:
    """Return name and content type of the document of a package; both empty when it has none."""
    types = content_types(package, markup)
    for relationship in relationships(package, markup, ROOT):
        if relationship.type == _MAIN and relationship.target:
            return relationship.target, content_type(types, relationship.target)
    # Some programs write a package without relationships of its own: the content types still name the document.
    return next(
        ((name, kind) for name, kind in types.items() if kind.endswith(".main+xml") and name[0] != "*"), ("", "")
    )
