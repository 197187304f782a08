"""The sheet's own judge (heart): the rules of a form as worksheet formulas, each with the value it starts with.

The formulas stand on one very hidden sheet that reads the inputs by their keys; the 核对 cells show what it says.
"""

from gwxl.live.check_cells import Check
from gwxl.live.checks import LiveChecks

__all__ = ["Check", "LiveChecks"]
