"""Follow the relationships between the parts of an Office Open XML package.

Source: ECMA-376 part 2. Types are compared by their last step, which Strict and Transitional share.
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from gwxl.containers.xml import Attributes, Markup
from gwxl.containers.zips import Package, tolerate_damage
from gwxl.errors import RefusedError

CONTENT_TYPES = "[Content_Types].xml"
ROOT = ""
_MAIN = "officedocument"
_DOCUMENT = ".main+xml"
_USUAL = "xl/workbook.xml"


@dataclass(frozen=True, kw_only=True)
class Relationship:
    """One relationship.

    Attributes:
        type: the last step of its type, in lower case and without hyphens (``worksheet``).
        target: name of a part, None when it points outside the package.
        climbs: the target as it is written, where it leads above the package to no part of it.
    """

    id: str
    type: str
    target: str | None
    climbs: str = ""

    def part(self, package: Package) -> str | None:
        """Return the part this leads to, None if it is not there.

        Raises:
            RefusedError: ``unsafe_name``: it climbs out of the package.
        """
        if self.climbs:
            raise RefusedError("unsafe_name", part=self.climbs)
        return self.target if self.target and self.target in package else None


def relationships(package: Package, markup: Markup, source: str) -> tuple[Relationship, ...]:
    """Return the relationships of a part, of the package itself for :data:`ROOT`; none if it has none.

    Where one leads is judged when it is followed.

    Raises:
        RefusedError: the part is damaged.
    """
    folder, name = posixpath.split(source)
    part = posixpath.join(folder, "_rels", f"{name}.rels")
    found: list[Relationship] = []

    def relationship(attributes: Attributes) -> None:
        # Transitional writes custom-properties where Strict writes customProperties.
        kind = attributes.get("Type", "").rpartition("/")[2].lower().replace("-", "")
        target, climbs = None, ""
        if attributes.get("TargetMode", "").strip().lower() != "external":
            target, climbs = _target(package, folder, attributes.get("Target", "").strip())
        found.append(Relationship(id=attributes.get("Id", ""), type=kind, target=target, climbs=climbs))

    if part in package and (content := package.read(part)).strip():
        markup.recall(part, content, {"Relationship": relationship}, {})
    return tuple(found)


def root_relationships(package: Package, markup: Markup) -> tuple[Relationship, ...]:
    """Return the relationships of the package itself, none where they are damaged: the document is found without."""
    with tolerate_damage():
        return relationships(package, markup, ROOT)
    return ()


def _target(package: Package, folder: str, target: str) -> tuple[str, str]:
    """Return the part a target names, and the target itself where it climbs out of the package.

    Steps above the root stay at the root (RFC 3986, 5.2.4), as in ``../customXml/item1.xml`` of some writers: that is
    no way out as long as a part stands there. Names may be escaped in the target, in the package or in neither.
    """
    plain = posixpath.join(folder, target.replace("\\", "/"))
    spellings = dict.fromkeys((plain, unquote(plain).replace("\\", "/"), quote(plain)))
    parts = [posixpath.normpath(f"/{spelling}").lstrip("/") for spelling in spellings]
    found = next((part for part in parts if part in package), None)
    if found is not None:
        return found, ""
    out = any(posixpath.normpath(spelling.lstrip("/")).startswith("..") for spelling in spellings)
    return parts[0], target if out else ""


def content_types(package: Package, markup: Markup) -> Mapping[str, str]:
    """Return part name in lower case, or ``*.extension``, → content type in lower case; nothing where it is damaged.

    What the parts are also shows in where they lie.
    """
    found: dict[str, str] = {}

    def kind(attributes: Attributes) -> str:
        return attributes.get("ContentType", "").partition(";")[0].strip().lower()

    def override(attributes: Attributes) -> None:
        found[attributes.get("PartName", "").replace("\\", "/").lstrip("/").lower()] = kind(attributes)

    def default(attributes: Attributes) -> None:
        found[f"*.{attributes.get('Extension', '').lstrip('.').lower()}"] = kind(attributes)

    if CONTENT_TYPES in package:
        with tolerate_damage():
            content = package.read(CONTENT_TYPES)
            markup.recall(CONTENT_TYPES, content, {"Override": override, "Default": default}, {})
    return found


def content_type(types: Mapping[str, str], part: str) -> str:
    """Return the content type of a part, empty if it has none."""
    name = part.lower()
    return types.get(name) or types.get(f"*.{name.rpartition('.')[2]}", "")


def main_part(package: Package, markup: Markup) -> tuple[str, str]:
    """Return name and content type of the document of a package; both empty when it has none."""
    types = content_types(package, markup)
    linked = [one for one in root_relationships(package, markup) if one.type == _MAIN and one.target]
    found = next((part for one in linked if (part := one.part(package))), None)
    # Some programs write a package without relationships of its own: the content types still name the document.
    found = found or next((name for name, kind in types.items() if kind.endswith(_DOCUMENT) and name in package), None)
    name = found or next((one.target for one in linked if one.target), None) or (_USUAL if _USUAL in package else "")
    return name, content_type(types, name)
