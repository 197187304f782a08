"""Write the letter that goes along with what is sent back."""

from collections.abc import Mapping

from gwxl.form.rendering_view import show_form
from gwxl.inert import inert_line
from gwxl.records.period import day_in_words
from gwxl.rendering import render
from gwxl.template import Point, Review, Reviewed, Template, why_left
from gwxl.terms import Terms
from gwxl.wording import text

LETTER = "return_letter.j2"

_TOLD = 20  # of what was not carried over; the workbook lists all of it


def render_return_letter(terms: Terms, made: Template, review: Review) -> str:
    """Return the text of the mail that carries a workbook back, by the form's own template or the shared one."""
    form = terms.form
    reviewed = Reviewed(review, made.layout)
    return (
        render(
            LETTER,
            form.folder,
            form=show_form(form),
            language=form.language,
            title=form.entitle(made.identity.period),
            to=review.to,
            day=day_in_words(terms.today, form.language),
            notice=terms.notice.show(form.language),
            late=terms.late,
            review=_show_review(reviewed),
            more=max(0, len(review.lost) - _TOLD),
            counts=reviewed.counts(),
            unasked=reviewed.say_unasked(),
            points=[_line(reviewed, point) for point in review.points],
        ).strip()
        + "\n"
    )


def _show_review(reviewed: Reviewed) -> Mapping[str, object]:
    """Return what the letter may see of a review besides its points."""
    review = reviewed.review
    return {
        "round": review.round,
        "name": review.to,  # what an earlier version called it
        "held": review.held,
        "carried": reviewed.say_carried(),
        "rejected": review.rejected,
        "refused": review.refused,
        "done": [{"rule": done.rule, "title": done.title, "state": done.state} for done in review.done],
        "lost": [
            {"label": lost.label, "raw": inert_line(lost.raw), "why": why_left(lost, reviewed.language)}
            for lost in review.lost[:_TOLD]
        ],
    }


def _line(reviewed: Reviewed, point: Point) -> Mapping[str, str]:
    cell = reviewed.cell(point.finding.key)
    return {
        "severity": reviewed.severity(point),
        "cell": cell.address if cell else "",
        "field": reviewed.label(point.finding.key),
        "message": reviewed.message(point),
        "todo": reviewed.todo(point),
        "example": point.example,
        "state": text(f"review.state.{point.state}", reviewed.language) if point.state else "",
    }
