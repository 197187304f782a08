"""What a label says, whatever programs and people did to how it is written."""

import unicodedata
from functools import lru_cache

from gwxl.characters import is_space


@lru_cache(maxsize=4096)
def normalise_label(label: str) -> str:
    """Return a label without what programs and people change without meaning it.

    NFKC, letters lowered, every space, zero-width character and punctuation mark dropped.
    """
    folded = unicodedata.normalize("NFKC", label).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LNS" and not is_space(char))
