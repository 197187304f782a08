"""What was read once, kept for the next run (ground): one SQLite file of records, vouched for by a key beside it."""
