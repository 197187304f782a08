"""Regular expressions: ours are linear, an author's are bounded, and a slow one is told as the fault of its rule."""

from tests.submissions import FORMS, Submitted  # noqa: F401
