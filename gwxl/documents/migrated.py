"""The JSON document of ``gwxl migrate``."""

from collections.abc import Iterable
from pathlib import Path

from gwxl.documents.checked import Document, identity_document, leftover_document
from gwxl.returns.migrating import Migration


def migrate_document(folder: Path, migrations: Iterable[Migration]) -> Document:
    """Return ``gwxl.migrate/1``."""
    return {
        "schema": "gwxl.migrate/1",
        "folder": str(folder),
        "files": [_migration(migration) for migration in migrations],
    }


def _migration(migration: Migration) -> Document:
    source = migration.receipt.source
    return {
        "file": source.file,
        "member": source.member,
        "outcome": migration.outcome.value,
        "reason": migration.reason or None,
        "identity": identity_document(migration.receipt.submission),
        "edition": migration.form.edition if migration.form else None,
        "written": str(migration.path) if migration.path else None,
        "moved": migration.moved,
        "left_behind": [leftover_document(one) for one in migration.left_behind],
        "to_fill": list(migration.to_fill),
        "doubts": list(migration.doubts),
    }
