"""A form's text templates, rendered (ground): the one home of Jinja2.

A form's folder may hold its own templates, written by whoever made the form: they see what they are given and nothing
else, take bounded time and room, and a value that is not there is a mistake, never an empty text.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, Template, TemplateError, TemplateNotFound

from gwxl.errors import FormError, ResourceError
from gwxl.files.declarations import read_text
from gwxl.files.resources import shared_templates
from gwxl.rendering.meter import Meter
from gwxl.rendering.sandbox import Sandbox

_NAME = re.compile(r"[A-Za-z0-9_\-][A-Za-z0-9_.\-]{0,99}\.j2\Z")
_LONGEST = 1 << 16  # bytes of a template; the longest that comes with gwxl has 3,000


def render(name: str, folder: Path, /, **values: object) -> str:
    """Return the text of a template: the form folder's own, else the shared one.

    Args:
        name: file name, e.g. ``letter.j2``; values are escaped in ``.html.j2`` only.
        folder: the form's folder.
        values: what the template may name: texts, numbers, truths, None, and lists and tables of these.

    Raises:
        ResourceError: neither folder holds the template.
        FormError: the template is a link, too long or no valid Jinja2, names a value that is not there, does what a
            template must not do, or takes too much time or room.
        TypeError: a value is none that a template may see.
    """
    plain = {key: _plain(value) for key, value in values.items()}
    with _mistakes(name, folder):
        return _template(name, folder).render(plain)


def check_templates(folder: Path) -> Iterator[FormError]:
    """Yield what is wrong with the templates of a form's folder, as far as that is seen before they are rendered."""
    for path in sorted(folder.glob("*.j2")):
        try:
            with _mistakes(path.name, folder):
                _template(path.name, folder)
        except FormError as mistake:
            yield mistake
        except ResourceError:
            yield FormError(path, "", "no template can have this name: it takes letters, digits, . _ and -")


def _template(name: str, folder: Path) -> Template:
    sandbox = _sandbox(folder, shared_templates())
    sandbox.meter = Meter()
    return sandbox.get_template(name)


@contextmanager
def _mistakes(name: str, folder: Path) -> Iterator[None]:
    """Say what Jinja2 and Python say of a template in our own words."""
    try:
        yield
    except TemplateNotFound as error:
        place = "" if error.name == name else f"{name}: "
        message = f"{place}no template {error.name!r} in {folder} nor in {shared_templates()}"
        raise ResourceError(message) from error
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise FormError(name, f"line {line}" if line else "", str(error.message)) from error
    except (RecursionError, MemoryError) as error:  # the second one is said by Python's compiler
        raise FormError(name, "", "is nested too deep, or takes itself in for ever") from error
    except SyntaxError as error:  # Python's, of what Jinja2 makes of the template
        raise FormError(name, "", f"cannot be used: {error.msg}") from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise FormError(name, "", f"cannot be rendered: {error}") from error


def _plain(value: object) -> Any:
    """Return a value made of nothing but texts, numbers, truths, None, lists and tables.

    Raises:
        TypeError: there is anything else in it.
    """
    if isinstance(value, str):
        return str(value)  # of an enumeration its value alone
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    message = f"a template must not see a {type(value).__name__}"
    raise TypeError(message)


@cache
def _sandbox(folder: Path, shared: Path) -> Sandbox:
    return Sandbox(_Loader(folder, shared))


class _Loader(BaseLoader):
    """A loader that finds templates by their name alone in the form's folder, then in the shared one."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders

    def get_source(self, _environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return text and path of a template, and what tells whether it is still the same."""
        paths = [folder / template for folder in self._folders] if _NAME.match(template) else []
        for path in paths:
            if (stamp := _stamp(path)) is not None:
                text = read_text(path, _LONGEST, partial(FormError, path, ""))
                return text, str(path), lambda path=path: _stamp(path) == stamp
        raise TemplateNotFound(template)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes with a file, None where there is none; a link is not followed."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
