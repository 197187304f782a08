"""The parts of a field: the answers to choose from, the columns of a table."""

from dataclasses import dataclass

from gwxl.form.kinds import Aggregate, Kind


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer of a choice or choices field."""

    key: str
    label: str
    instruction: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table field; the attributes are those of a field, its formula names columns of its row, too."""

    key: str
    label: str
    kind: Kind
    unit: str = ""
    aggregate: Aggregate = Aggregate.NONE
    note: str = ""
    publish: bool = True
    choices: tuple[Choice, ...] = ()
    list: str = ""
    where: str = ""
    formula: str = ""
    decimals: int = 2

    @property
    def is_calculated(self) -> bool:
        """Tell whether nobody fills it in."""
        return bool(self.formula)
