"""Say why a file of decisions cannot be understood."""

from collections.abc import Mapping


class UnreadError(Exception):
    """The reason, language → text: the file is kept beside a new one, whatever it is."""

    def __init__(self, reason: Mapping[str, str]) -> None:
        """Keep the reason."""
        super().__init__(reason["en"])
        self.reason = reason
