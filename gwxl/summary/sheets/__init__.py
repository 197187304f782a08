"""The sheets of a summary as they are written, one a module."""
