"""General functions that no expression can say; rule files name them and give their settings.

Each is a class: its fields are the settings of the rule file, its docstring says what they mean.
A workbook's own formulas cannot judge them: they are for the clerk's machine only.
"""

from gwxl.rules.functions.building import FunctionRule, build_function
from gwxl.rules.functions.function import Function

__all__ = ["Function", "FunctionRule", "build_function"]
