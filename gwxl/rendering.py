"""Render a form's text templates: the one home of Jinja2.

A form's folder may hold its own templates, written by an office: they run in a sandbox, and a value that
is not there is a mistake, never an empty text.
"""

from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from gwxl.errors import FormError, ResourceError
from gwxl.resources import shared_templates

_HTML = ("html", "htm", "html.j2")


def render(name: str, folder: Path, /, **values: object) -> str:
    """Return the text of a template: the form folder's own, else the shared one.

    Args:
        name: file name, e.g. ``letter.j2``; values are escaped in ``.html`` and ``.html.j2`` only.
        folder: the form's folder.
        values: what the template may name.

    Raises:
        ResourceError: neither folder holds the template.
        FormError: the template is no valid Jinja2, or names a value that is not there.
    """
    environment = _environment(folder, shared_templates())
    try:
        return environment.get_template(name).render(values)
    except TemplateNotFound as error:
        message = f"no template {error.name!r} in {folder} nor in {shared_templates()}"
        raise ResourceError(message) from error
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise FormError(name, f"line {line}" if line else "", str(error.message)) from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise FormError(name, "", f"cannot be rendered: {error}") from error


@cache
def _environment(folder: Path, shared: Path) -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader([folder, shared], encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=_HTML, default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
