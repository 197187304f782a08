"""The exceptions gwxl raises: ours or the system's mistakes, never a filler's.

The tree::

    GwxlError
    ├── DeclarationError a file of a form that cannot be used
    │   ├── FormError    a form file
    │   └── RuleError    a rule file
    ├── ResourceError    a form, template or rule folder that is not there
    ├── WordingError     a program text that is missing or wrongly called
    ├── WorkbookError    a workbook of ours that breaks a limit of Excel or fails its verification
    ├── OutputError      an output that cannot be written or must not be replaced
    ├── SettingsError    a setting, flag or decisions file that cannot be used
    │   └── CampaignError    a file of a campaign, with every mistake in it
    ├── WorkerError      a process that reads files and cannot be started
    ├── CodecError       stored bytes that are no receipt of this version
    └── RefusedError     a returned file the door does not let in (intake turns it into a finding)

A filler's mistake is a :class:`gwxl.records.finding.Finding`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path


class GwxlError(Exception):
    """One line that says where, what was found, what was expected and what to do.

    Args:
        message: the line in English, or, where clerks read it, language → line (:func:`gwxl.wording.each`).
    """

    def __init__(self, message: str | Mapping[str, str]) -> None:
        self._lines = {"en": message} if isinstance(message, str) else dict(message)
        super().__init__(self._lines["en"])

    def line(self, language: str) -> str:
        """Return the line in a language, in English where there is no other."""
        return self._lines.get(language, self._lines["en"])

    def lines(self, language: str) -> tuple[str, ...]:
        """Return the line, or of an error that tells several things a line each."""
        return (self.line(language),)


class DeclarationError(GwxlError):
    """A mistake in a declaration: the file, the key in it and the reason."""

    def __init__(self, file: Path | str, key: str, reason: str) -> None:
        self.file = str(file)
        self.key = key
        self.reason = reason
        super().__init__(f"{self.file}: {key}: {reason}" if key else f"{self.file}: {reason}")

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        return type(self), (self.file, self.key, self.reason)


class FormError(DeclarationError):
    """A mistake in a form file, with file, key and reason."""


class RuleError(DeclarationError):
    """A mistake in a rule file, with file, key and reason."""


class ResourceError(GwxlError):
    """An error that says which form or folder was looked for, and where."""


class WordingError(GwxlError):
    """An error that says which program text is missing or which of its values was not given."""


class WorkbookError(GwxlError):
    """An error that says which cell or part of a workbook of ours breaks which limit."""


class OutputError(GwxlError):
    """An error that says which output could not be written, and why."""


class SettingsError(GwxlError):
    """An error that says which setting cannot be used, and what would be accepted."""


class CampaignError(SettingsError):
    """The mistakes in a file of a campaign, all of them, each with its place and cure.

    Args:
        mistakes: one or more lines, language → text each.
    """

    def __init__(self, mistakes: Sequence[Mapping[str, str]]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__({name: "\n".join(one[name] for one in self.mistakes) for name in self.mistakes[0]})

    def lines(self, language: str) -> tuple[str, ...]:
        """Return the mistakes, a line each."""
        return tuple(one[language] for one in self.mistakes)


class EmptyRosterError(CampaignError):
    """A roster that names no site yet."""


class WorkerError(GwxlError):
    """The processes which read files die before they read one."""


class CodecError(GwxlError):
    """Stored bytes are no receipt, or none of this version; the reason says why."""


class RefusedError(GwxlError):
    """The end of reading a returned file, for a reason named in the wording catalogue.

    Args:
        reason: the key below ``refused.`` in the catalogue, e.g. ``too_large``.
        details: the values its text names; they are cleaned when shown.
    """

    def __init__(self, reason: str, **details: object) -> None:
        self.reason = reason
        self.details = details
        super().__init__(reason)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_refusal, (self.reason, self.details)


def _rebuild_refusal(reason: str, details: dict[str, object]) -> RefusedError:
    return RefusedError(reason, **details)
