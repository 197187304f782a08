"""A summary as it is read back from disk: known, listed, explained."""
