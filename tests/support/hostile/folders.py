"""Folders of forms made to hurt: whoever made a form must not read, write or hold up the machine it is used on."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gwxl.authoring import check_form
from tests.support.hostile.case import Case
from tests.support.submissions import FORMS

GROUP = "A stranger's form"
FORM = "drill_record"
SECRET = "秘密-0815"  # noqa: S105 - what lies beside the form

_RULES = frozenset({"cells.toml", "relations.toml"})

Change = Callable[[Path, Path], None]
"""Change the folder of a form, and that of its rules."""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One attack.

    Attributes:
        name: what is tried. change: how the folders are changed.
        file: the file that is refused. key: the key in it. reason: what is said of it; empty where the form is good.
    """

    name: str
    change: Change
    file: str = ""
    key: str = ""
    reason: str = ""

    @property
    def outcome(self) -> str:
        """Return what becomes of it, as the table says it."""
        return f"refused: {', '.join(filter(None, (self.file, self.key)))}" if self.file else "read right"


def double(line: str, first: str, times: int, last: str) -> str:
    """Return a template that does something with itself again and again."""
    return first + line * times + last


_LISTS = double("{% set x = [x, x] %}", "{% set x = [1] %}", 60, "")
_PAIRS = double("{% set x = (x, x) %}", "{% set x = (1, 2) %}", 60, "")

TEMPLATES: Mapping[str, tuple[str, str]] = {
    "reads a file beside the form": (
        "{{ form.folder.parent.joinpath('secret').read_text() }}",
        "no attribute 'folder'",
    ),
    "deletes the form": ("{{ form.folder.joinpath('form.toml').unlink() }}", "no attribute 'folder'"),
    "writes a file": ("{{ notice.__class__ }}{{ form.folder.write_text('x') }}", "is unsafe"),
    "climbs to the classes of Python": ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "is unsafe"),
    "climbs by a filter": ("{{ form | attr('__class__') }}", "No filter named 'attr'"),
    "climbs by a filter's own attribute": ("{{ [form] | map(attribute='__class__') | first }}", "is unsafe"),
    "climbs by a format": ("{{ '{0.__class__}'.format(form) }}", "is unsafe"),
    "climbs by a key": ("{{ form['__class__'] }}", "is unsafe"),
    "climbs from a helper of Jinja2": ("{{ cycler.__init__.__globals__ }}", "'cycler' is undefined"),
    "climbs from a macro": ("{% macro m() %}{% endmacro %}{{ m.__class__ }}", "is unsafe"),
    "climbs from a loop": ("{% for n in [1] %}{{ loop.__class__ }}{% endfor %}", "is unsafe"),
    "climbs from itself": ("{{ self.__class__ }}", "is unsafe"),
    "changes what it is shown": ("{{ form.sections.append(1) }}", "is unsafe"),
    "takes itself in": ("{% include 'letter.j2' %}", "takes itself in for ever"),
    "calls itself for ever": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "for ever"),
    "calls itself twice, sixty deep": (
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "steps",
    ),
    "counts to a thousand million": ("{% for n in range(10 ** 9) %}{% endfor %}", "Range too big"),
    "loops in a loop": (
        "{% for n in range(99999) %}{% for m in range(99999) %}{% endfor %}{% endfor %}",
        "takes more than 3,000,000 steps",
    ),
    "loops over what it leaves out": (
        "{% for n in range(99999) if n > 1 and n > 2 and n > 99999 %}{% endfor %}" * 20,
        "steps",
    ),
    "writes for ever": ("{% for n in range(99999) %}" + "x" * 1_000 + "{% endfor %}", "20,000,000 characters"),
    "multiplies a text": ("{{ 'x' * 10 ** 9 }}", "20,000,000 characters"),
    "doubles a text": (double("{% set x = x ~ x %}", "{% set x = 'x' %}", 60, ""), "20,000,000 characters"),
    "doubles a text by +": (double("{% set x = x + x %}", "{% set x = 'x' %}", 60, ""), "20,000,000 characters"),
    "doubles a text in a block": (
        double("{% set x %}{{ x }}{{ x }}{% endset %}", "{% set x = 'x' %}", 60, ""),
        "20,000,000 characters",
    ),
    "joins with a long text": ("{{ range(99999) | join('" + "x" * 9_999 + "') }}", "20,000,000 characters"),
    "replaces by a long text": ("{{ '" + "x" * 9_999 + "' | replace('x', '" + "y" * 9_999 + "') }}", "characters"),
    "asks for a wide number": ("{{ '%1000000000d' | format(1) }}", "No filter named 'format'"),
    "asks for a wide number by %": ("{{ '%1000000000d' % 1 }}", "% is not possible"),
    "doubles a list and writes it": (_LISTS + "{{ x }}", "a list cannot be written"),
    "doubles a list and compares it": (_LISTS + "{{ x == [1] or x != x }}", "steps"),
    "doubles a list and looks it up": (_PAIRS + "{{ {x: 1} }}", "cannot name an entry"),
    "multiplies numbers": ("{% set x = 3 %}" + "{% set x = x * x %}" * 60 + "{{ x }}", "too many digits"),
    "takes a high power": ("{{ 9 ** 999999 }}", "too many digits"),
    "has brackets in brackets": ("{{ " + "(" * 9_999 + "1" + ")" * 9_999 + " }}", "nested too deep"),
    "has blocks in blocks": ("{% if year %}" * 200 + "{% endif %}" * 200, "too many levels"),
    "has 100,000 bytes": ("x" * 100_000, "has more than 65,536 bytes"),
    "is no UTF-8": ("通知\x80", "is no UTF-8"),
}
"""What a ``letter.j2`` does → the template, and what is said of it."""


def attacks() -> Iterator[Attack]:
    """Yield every attack, and what is no attack and must go on working."""
    for name, (template, reason) in TEMPLATES.items():
        key = "line 1" if reason.startswith("No filter") else ""
        yield Attack(name=f"a letter that {name}", change=_letter(template), file="letter.j2", key=key, reason=reason)
    yield Attack(
        name="a letter that takes in /etc/passwd",
        change=_letter("{% include '/etc/passwd' %}"),
        file="letter.j2",
        reason="no template '/etc/passwd'",
    )
    yield from _places()
    yield from _tables()
    yield from _harmless()


def _letter(template: str) -> Change:
    def change(form: Path, _rules: Path) -> None:
        (form / "letter.j2").write_bytes(as_bytes(template))

    return change


def as_bytes(template: str) -> bytes:
    """Return a template as it is stored; U+0080 stands for a byte that is no UTF-8."""
    return template.encode("utf-8").replace("\x80".encode(), b"\x80")


def _harmless() -> Iterator[Attack]:
    letter = (
        "{% macro line(n, text) %}{{ n }}. {{ text }}{% endmacro %}{% set ns = namespace(n=0) %}"
        "{% for section in form.sections if section.fields %}{% set ns.n = ns.n + 1 %}"
        "{{ line(ns.n, section.label) }}{{ '、' if not loop.last }}{% endfor %}"
        "{% include 'end.j2' %}{{ form.title[:4] ~ (year + 1) }}{{ form.header | map(attribute='label') | join('、') }}"
    )

    def change(form: Path, _rules: Path) -> None:
        (form / "letter.j2").write_text(letter, "utf-8")
        (form / "end.j2").write_text("{{ notice.office | default('办公室', true) | trim }}", "utf-8")

    yield Attack(name="a letter with a macro, a loop and another template", change=change)
    yield Attack(name="512 KB of comments less a little", change=_put_before("form.toml", "# " + "x" * 500_000))


def _tables() -> Iterator[Attack]:
    def case(name: str, key: str, reason: str, text: str, file: str = "form.toml") -> Attack:
        return Attack(name=name, change=_put_before(file, text), file=file, key=key, reason=reason)

    deep, long = "more than 20", "100 are possible"
    yield case("50,000 lists in each other", "rows", deep, "rows = " + "[" * 50_000 + "]" * 50_000)
    yield case("50,000 tables in each other", "rows", deep, "rows = " + "{a=" * 50_000 + "1" + "}" * 50_000)
    yield case("a key of 100,000 parts", "", deep, ".".join("a" * 100_000) + " = 1")
    yield case("a key of 50,000 quoted parts", "", deep, " . ".join(['"a"'] * 50_000) + " = 1")
    yield case("a number of 5,000 digits", "rows", long, "rows = " + "9" * 5_000)
    yield case("a number of 5,000 hexadecimal digits", "rows", long, "rows = 0x" + "f" * 5_000)
    yield case("a fraction of 5,000 digits", "rows", long, "rows = 0." + "9" * 5_000)
    yield case("1E999999999", "rows", "no number that a cell can hold", "rows = 1E999999999")
    yield case("5,000 digits in the rules", "min", long, "min = " + "9" * 5_000, "cells.toml")
    yield case("50,000 lists in the relations", "x", deep, "x = " + "[" * 50_000 + "]" * 50_000, "relations.toml")
    yield case("600,000 bytes", "", "has more than 524,288 bytes", "# " + "x" * 600_000)
    yield case("a text without an end", "", "is no valid TOML", 'x = """' + '\\"""' * 100_000)


def _put_before(name: str, text: str) -> Change:
    """Return the change that puts lines before those of a file."""

    def change(form: Path, rules: Path) -> None:
        file = (rules if name in _RULES else form) / name
        file.write_text(f"{text}\n{file.read_text('utf-8')}", "utf-8")

    return change


def _places() -> Iterator[Attack]:
    link = "is a link"
    for name in ("form.toml", "cells.toml", "relations.toml"):
        yield Attack(name=f"{name} is a link to /etc/passwd", change=_put_instead(name, _link), file=name, reason=link)
        yield Attack(
            name=f"{name} is a link to a good one", change=_put_instead(name, _link_moved), file=name, reason=link
        )
        yield Attack(name=f"{name} is a pipe", change=_put_instead(name, os.mkfifo), file=name, reason="no plain file")
        yield Attack(
            name=f"{name} is a folder", change=_put_instead(name, Path.mkdir), file=name, reason="no plain file"
        )
    for name in ("letter.j2", "instructions.j2", "report.html.j2"):
        yield Attack(name=f"{name} is a link to /etc/passwd", change=_put_instead(name, _link), file=name, reason=link)
        yield Attack(name=f"{name} is a pipe", change=_put_instead(name, os.mkfifo), file=name, reason="no plain file")
    yield Attack(
        name="editions is a link", change=lambda form, _: _move_outside(form / "editions"), file="editions", reason=link
    )
    yield Attack(name="the rules are a link", change=lambda _, rules: _move_outside(rules), file=FORM, reason=link)
    yield Attack(name="an edition is a link to /etc/passwd", change=_edition(_link), file="1.toml", reason=link)
    yield Attack(name="an edition is a pipe", change=_edition(os.mkfifo), file="1.toml", reason="no plain file")
    yield Attack(name="101 editions", change=_editions, file="editions", reason="more than 100 editions")


def _put_instead(name: str, put: Callable[[Path], object]) -> Change:
    def change(form: Path, rules: Path) -> None:
        path = (rules if name in _RULES else form) / name
        if path.exists():
            path.rename(path.with_suffix(".good"))
        put(path)

    return change


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _link_moved(path: Path) -> None:
    path.symlink_to(path.with_suffix(".good").name)


def _move_outside(folder: Path) -> None:
    """Put a folder elsewhere and a link in its place."""
    away = folder.with_name(folder.name + "-away")
    if folder.exists():
        folder.rename(away)
    else:
        away.mkdir()
    folder.symlink_to(away)


def _edition(put: Callable[[Path], object]) -> Change:
    def change(form: Path, _rules: Path) -> None:
        (form / "editions").mkdir()
        put(form / "editions" / "1.toml")

    return change


def _editions(form: Path, _rules: Path) -> None:
    (form / "editions").mkdir()
    for number in range(101):
        (form / "editions" / f"{number}.toml").write_text("", "utf-8")


def make(folder: Path, attack: Attack) -> Path:
    """Make the folders of a form under attack, and something worth reading beside them; return the form's."""
    for part in ("templates", "rules"):
        shutil.copytree(FORMS.parent / part / FORM, folder / part / FORM)
    (folder / "templates" / "secret").write_text(SECRET, "utf-8")
    form = folder / "templates" / FORM
    attack.change(form, folder / "rules" / FORM)
    return form


def fate(folder: Path) -> str:
    """Return what becomes of the form in a folder: the first thing that is refused."""
    for mistake in check_form(str(folder / "templates" / FORM)).mistakes:
        inner = mistake.reason.removeprefix("makes no workbook: ") if "makes no workbook" in mistake.reason else ""
        file = Path(inner.partition(": ")[0] or mistake.file).name
        return f"refused: {', '.join(filter(None, (file, mistake.key)))}"
    return "read right"


def cases() -> Iterator[Case]:
    """Yield the attacks as cases of the table."""
    for attack in attacks():
        yield Case(group=GROUP, name=attack.name, build=_build(attack), outcome=attack.outcome, fate=fate)


def _build(attack: Attack) -> Callable[[Path, bytes], None]:
    def build(folder: Path, _base: bytes) -> None:
        make(folder, attack)

    return build
