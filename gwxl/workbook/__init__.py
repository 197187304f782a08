"""Returned workbooks: let in, read into cells, their fields found and their values read."""
