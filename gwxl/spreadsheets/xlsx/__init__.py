"""Workbooks of the Office Open XML family."""
