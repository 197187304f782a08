"""Real programs that open, fill in and save workbooks for the tests."""
