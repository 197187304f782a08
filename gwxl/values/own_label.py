"""The label of an input that was typed before its answer: ``网站名称：示例市人民政府门户网站``."""

import re
from collections.abc import Iterator
from itertools import islice

from gwxl.characters import trim
from gwxl.form.definition import Field
from gwxl.form.labels import normalise_label
from gwxl.records.path import Path
from gwxl.values.cell_in_progress import Asked, Work

_COLON = re.compile(r"[:：∶﹕︰]")
_REMARK = re.compile(r"[(（][^()（）]*[)）]\Z")  # 参加部门（多选）
_LONGEST = 300  # characters before the colon; no label is longer, a hostile cell holds 32,767


def take_off_label(work: Work) -> None:
    """Take the input's own label and the colon behind it off its text; without a colon it is part of the answer."""
    for label in _labels(work.asked, work.path):
        answer = _find_behind(work.text, label)
        if answer is not None:
            work.take_text("own_label", answer)
            return


def _find_behind(text: str, label: str) -> str | None:
    """Return what stands behind a label and a colon, None where they do not begin the text."""
    colons = len(_COLON.findall(label))
    place = next((found.start() for found in islice(_COLON.finditer(text), colons, None)), _LONGEST)
    said = normalise_label(label)
    if place >= _LONGEST or said.isdecimal() or normalise_label(text[:place]) != said:
        return None
    return trim(text[place + 1 :])


def _labels(asked: Asked, path: Path) -> Iterator[str]:
    """Yield the ways the label of an input is written: with its number, its unit, without a remark in brackets."""
    labels = [asked.label]
    if isinstance(asked, Field) and path.part:
        labels.append(asked.choice(path.part).label)
    for label in labels:
        for named in dict.fromkeys((label, _REMARK.sub("", label))):
            yield from (named, f"{named}{asked.unit}")
    if isinstance(asked, Field) and asked.number:
        yield from (f"{asked.number}{asked.label}", f"{asked.number}{asked.label}{asked.unit}")
