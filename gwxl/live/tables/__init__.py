"""The live checks of tables (heart): one formula a row, and what the form sheet asks of the whole."""
