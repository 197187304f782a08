"""Words and clauses put together as a language does."""

from collections.abc import Iterable

from gwxl.wording import LANGUAGES, text


def join_words(words: Iterable[str], language: str) -> str:
    """Return some words as one list: 甲、乙, or A, B."""
    return text("mark.words", language).join(words)


def join_clauses(clauses: Iterable[str], language: str) -> str:
    """Return some clauses as one sentence: 甲；乙, or A; B."""
    return text("mark.clauses", language).join(clauses)


def each_list(words: Iterable[str]) -> dict[str, str]:
    """Return language → some words as one list."""
    every = tuple(words)
    return {language: join_words(every, language) for language in LANGUAGES}


def each_sentence(clauses: Iterable[str]) -> dict[str, str]:
    """Return language → some clauses as one sentence."""
    every = tuple(clauses)
    return {language: join_clauses(every, language) for language in LANGUAGES}


def quote_label(label: str, language: str) -> str:
    """Return a label in the quotation marks of a language."""
    return text("mark.quoted", language, label=label)
