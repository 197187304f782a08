"""The sheets of a form workbook, one a module."""
