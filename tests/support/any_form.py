"""Forms as no example shows them, drawn by a seed: texts as they are pasted, keys and sizes at their limits."""

import json
from pathlib import Path
from random import Random
from typing import Any

KINDS = ("text", "url", "code", "date", "count", "decimal", "yes_no", "choice", "choices", "table")
COLUMN_KINDS = ("text", "url", "code", "date", "count", "decimal")
ODD = (
    "\t请填写\t全称",
    "第一行\r\n第二行\r第三行",
    "换\x0b行\x0c页\x85段\u2028落\u2029完",
    "=SUM(A1:A2)",
    "+1",
    "-1",
    "@x",
    "'quoted'",
    '"quoted"',
    "a,b，c;d",
    "100%",
    "&C&9 & <b>",
    "<r>x</r>",
    "_x000D_ _x0041_",
    "{field} {{ x }} {% raw %}",
    "😀🇨🇳👩‍💻",
    "𠮷野家",
    "é e\u0301 ﷺ",
    "\u202eabc\u202c",
    "\u200bzero\ufeff",
    "[brackets] (人)（次）",
    "a:b*c?d/e\\f",
    "TRUE",
    "1e5",
    "2026-01-01",
    "History",
    "填报表",
    "gwxl_map",
    "#progress",
    "  内  空  ",
    "合　计",
    "0",
    "~*?",
)
HARMFUL = ("bell\x07", "null\x00", "escape\x1b[31m", "delete\x7f", "nonchar\uffff")
KEYS = (
    "and",
    "not",
    "filled",
    "min",
    "prev",
    "true",
    "end",
    "guide",
    "heads",
    "progress",
    "seal",
    "marker",
    "class",
    "a",
)


class Drawn:
    """A form that was drawn; ``form`` and ``cells`` are its two files."""

    def __init__(self, seed: int) -> None:
        """Draw everything from one seed."""
        self.random = Random(seed)
        self.taken: set[str] = set()
        self.uses: list[str] = []
        odds = self.random.choice((0.0, 0.1, 0.5))
        self.odds, self.harm = odds, self.random.choice((0.0, 0.0, 0.0, 0.01))
        self.fields: list[tuple[str, dict[str, Any]]] = []
        self.form = self._form()
        self.cells = self._cells()

    def _text(self, stem: str, longest: int = 40) -> str:
        pick = self.random.random()
        if pick < self.harm:
            return stem + self.random.choice(HARMFUL)
        if pick < self.odds:
            return self.random.choice((f"{stem} {self.random.choice(ODD)}", f"{self.random.choice(ODD)}{stem}"))
        if pick > 1 - self.odds / 4:
            return (stem + self.random.choice(("长", "𠮷", "a b ")) * longest)[: longest // 2]
        return stem

    def _key(self, stem: str) -> str:
        free = [key for key in KEYS if key not in self.taken]
        odd = free and self.random.random() < self.odds / 8
        key = self.random.choice(free) if odd else f"{stem}{len(self.taken)}"
        if self.random.random() < self.odds / 8:
            key += "_" * self.random.randint(1, 3) + "k" * self.random.randint(1, 90)
        self.taken.add(key)
        return key

    def _form(self) -> str:
        lines = ['id = "any_form"', f"title = {_quote(self._text('表', 200))}", 'edition = "1"']
        lines.append(f'language = "{self.random.choice(("zh", "en"))}"')
        for around in ("header", "footer"):
            for number in range(self.random.randint(0, 2)):
                kind = self.random.choice(("text", "code", "date"))
                entry = {"key": self._key(around), "label": self._text(f"{around} {number}", 200), "kind": kind}
                lines += [f"[[{around}]]", *(_setting(name, value) for name, value in entry.items())]
        for number in range(self.random.randint(1, 3)):
            lines += self._section(number)
        return "\n".join(lines) + "\n"

    def _section(self, number: int) -> list[str]:
        lines = ["[[section]]", _setting("key", self._key("part")), _setting("number", self._text(f"{number}", 50))]
        lines += [
            _setting("label", self._text(f"部分{number}", 250)),
            _setting("instruction", self._text("说明", 3000)),
        ]
        for place in range(self.random.choice((1, 2, 5, 40))):
            kind = self.random.choice(KINDS)
            entry: dict[str, Any] = {
                "key": self._key("field"),
                "label": self._text(f"项目 {place}", 250),
                "number": self._text(str(place), 50),
                "kind": kind,
                "unit": self._text("件", 50),
                "instruction": self._text("请按实际填写。", 7000),
            }
            if kind in {"choice", "choices"}:
                count = self.random.choice((1, 2, 7))
                entry["choices"] = [{"key": self._key("one"), "label": self._label(at)} for at in range(count)]
            if kind == "table":
                entry |= {"rows": self.random.choice((1, 20)), "sheet": self._text(f"表{len(self.fields)}", 31)}
                entry["columns"] = [self._column(at) for at in range(self.random.choice((1, 3, 12)))]
            self.fields.append((str(entry["key"]), entry))
            lines += ["[[section.field]]", *(_setting(name, value) for name, value in entry.items())]
        return lines

    def _label(self, at: int) -> str:
        return self._text(f"选项{at}", 30)

    def _column(self, at: int) -> dict[str, Any]:
        kind = self.random.choice(COLUMN_KINDS)
        return {"key": self._key("column"), "label": self._text(f"列{at}", 250), "kind": kind, "unit": self._text("个")}

    def _cells(self) -> str:
        entries = []
        for key, entry in self.fields:
            if entry["kind"] == "table":
                row = {one["key"]: self._limits(one["kind"]) for one in entry["columns"]}
                table = {"type": "table", "meta": {"type": "K1"}, "schema": {"type": "dict", "schema": row}}
                entries.append(f"{key} = {_value(table)}")
            else:
                entries.append(f"{key} = {_value(self._limits(entry['kind']))}")
        rules = [self._rule(id_) for id_ in ("K1", *sorted(set(self.uses)))]
        return "\n".join([*rules, "[cells]", *entries]) + "\n"

    def _limits(self, kind: str) -> dict[str, Any]:
        """Return the entry of an input, its limits possible, impossible, or none."""
        limits: dict[str, Any] = {}
        if self.random.random() < 0.5:
            limits["required"] = True
        if kind in {"count", "decimal"} and self.random.random() < 0.5:
            limits |= {"min": self._either(-5, 10**14), "max": self._either(10**15 - 1, 10**15)}
        if kind in {"text", "url", "code"} and self.random.random() < 0.5:
            limits |= {"minlength": self.random.choice((0, 1)), "maxlength": self._either(200, 40_000)}
        if limits:
            self.uses.append("K2")
        return {"type": kind, **limits, "meta": {"type": "K1", **dict.fromkeys(limits, "K2")}}

    def _either(self, usual: int, odd: int) -> int:
        return odd if self.random.random() < self.odds / 20 else usual

    def _rule(self, id_: str) -> str:
        texts = {name: self._text(name, 190) for name in ("title", "basis")}
        texts |= {"message": "{field}。", "expected": self._text("如实填写", 260), "severity": "error"}
        lines = [f"[rules.{id_}]", *(_setting(name, value) for name, value in texts.items())]
        return "\n".join([*lines, "ok = [{}]", "bad = [{}]", ""])

    def write(self, folder: Path) -> Path:
        """Write the form below a folder, and return its own."""
        form, rules = folder / "templates" / "any_form", folder / "rules" / "any_form"
        for path in (form, rules):
            path.mkdir(parents=True)
        (form / "form.toml").write_text(self.form, "utf-8", newline="")
        (rules / "cells.toml").write_text(self.cells, "utf-8", newline="")
        (rules / "relations.toml").write_text("", "utf-8")
        return form


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _setting(name: str, value: object) -> str:
    return f"{name} = {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _quote(value) if isinstance(value, str) else json.dumps(value)
