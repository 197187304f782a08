"""The page of docs that :mod:`bench.merge` writes: machine, tables, and a plot of time and memory."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from typing import Protocol

from bench.measuring import ROOT, Taken, describe_machine

PAGE, PLOT = ROOT / "docs" / "performance.md", ROOT / "docs" / "images" / "performance.svg"
_PACKAGES = ("openpyxl", "pandas", "python-calamine", "xlsxwriter", "cerberus")
_WIDTH, _HEIGHT, _EDGE = 640, 260, 60


class Measurable(Protocol):
    """What is held."""

    label: str
    over: str
    must: float
    reach: float
    most: bool

    def value(self, figures: Mapping[str, Taken]) -> float:
        """Return what was measured."""


def write_page(
    results: Mapping[int, Mapping[str, Taken]], stages: Mapping[str, float], aims: Sequence[Measurable], rounds: int
) -> None:
    """Write the page and its plot."""
    PLOT.write_text("".join(draw_plot(results)), "utf-8")
    PAGE.write_text("\n".join(tell(results, stages, aims, rounds)) + "\n", "utf-8")


def tell(
    results: Mapping[int, Mapping[str, Taken]], stages: Mapping[str, float], aims: Sequence[Measurable], rounds: int
) -> Iterator[str]:
    """Yield the lines of the page."""
    machine = describe_machine()
    told = "One run of each." if rounds == 1 else f"Medians of {rounds} runs in turn."
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in _PACKAGES)
    yield from (
        "# What a merge costs",
        "",
        "Written by `python -m bench.merge --stages --write` from one run; how the returns are made and what is run",
        f"beside a merge stands in `bench/`. All that can read the returns gave the same sums. {told}",
        "",
        f"Machine: {machine['processors']}, {machine['system']}, {machine['python']}; {versions}.",
        f"Load at the end: {machine['load']}; on a busy machine ratios say more than seconds.",
    )
    for count, figures in results.items():
        yield from ("", f"## {count:,} returns", "")
        yield "| | seconds | files a second | processor ms a file | memory of the parent, MB | of all processes, MB |"
        yield "|---|---:|---:|---:|---:|---:|"
        for name, taken in figures.items():
            each = f"{count / taken.wall:.1f} | {taken.cpu * 1000 / count:.2f} | {taken.memory:.0f} | {taken.tree:.0f}"
            yield f"| {name} | {taken.wall:.2f} | {each} |"
        yield from ("", "| ratio | must | reach | measured |", "|---|---:|---:|---:|")
        for aim in aims:
            if aim.over in figures:
                sign = "≤" if aim.most else "≥"
                yield f"| {aim.label} | {sign} {aim.must:g} | {sign} {aim.reach:g} | {aim.value(figures):.2f} |"
    if stages:
        yield from (
            "",
            "## Stage by stage",
            "",
            "One process, the store left out:",
            "",
            "| stage | processor ms a file |",
            "|---|---:|",
        )
        for name, spent in sorted(stages.items(), key=lambda item: -item[1]):
            yield f"| {name} | {spent:.2f} |"
    yield from ("", "![time and memory against the number of files](images/performance.svg)")


def draw_plot(results: Mapping[int, Mapping[str, Taken]]) -> Iterator[str]:
    """Yield the parts of a drawing: seconds, and megabytes of all processes, of gwxl merge against returns."""
    name = next(iter(next(iter(results.values()))))
    points = [(count, figures[name].wall, figures[name].tree) for count, figures in sorted(results.items())]
    size = f'viewBox="0 0 {2 * _WIDTH} {_HEIGHT + 2 * _EDGE}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="14">'
    yield f'<rect width="{2 * _WIDTH}" height="{_HEIGHT + 2 * _EDGE}" fill="#fff"/>'
    for place, (title, number) in enumerate((("seconds", 1), ("MB, all processes", 2))):
        left, right, top = place * _WIDTH + _EDGE, (place + 1) * _WIDTH - _EDGE, max(point[number] for point in points)
        widest = max(point[0] for point in points)
        dots = [
            (left + point[0] / widest * (right - left), _EDGE + _HEIGHT * (1 - point[number] / top), point)
            for point in points
        ]
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y, _ in [(left, _EDGE + _HEIGHT, None), *dots])
        yield f'<text x="{left}" y="{_EDGE - 24}">{title}, {name}</text>'
        yield f'<path d="M{left} {_EDGE}V{_EDGE + _HEIGHT}H{right}" fill="none" stroke="#888"/>'
        yield f'<polyline points="{line}" fill="none" stroke="#1f5fa8" stroke-width="2"/>'
        for x, y, point in dots:
            yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="#1f5fa8"/>'
            yield f'<text x="{x - 8:.0f}" y="{y - 8:.0f}" text-anchor="end">{point[number]:.0f}</text>'
            yield f'<text x="{x:.0f}" y="{_EDGE + _HEIGHT + 20}" text-anchor="middle">{point[0]:,}</text>'
    yield "</svg>\n"
