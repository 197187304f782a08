"""The figures of a summary for other programs (work): a row a site and field, with the cell it comes from."""

from gwxl.exporting.writing import Exported, export

__all__ = ["Exported", "export"]
