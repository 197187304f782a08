"""Rules that hold the returns of different senders against each other; rule files name them and give their settings."""

from gwxl.rules.neighbours.comparison import Comparison, Meeting
from gwxl.rules.neighbours.neighbours_file import Neighbour, is_between, read_neighbours

__all__ = ["Comparison", "Meeting", "Neighbour", "is_between", "read_neighbours"]
