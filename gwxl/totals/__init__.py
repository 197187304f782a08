"""Figures added up (heart): the total of every field, and what each total is made of."""
