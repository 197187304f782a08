"""Send spreadsheet forms out by mail, read what comes back, check it, merge it."""

__version__ = "0.1.0"
