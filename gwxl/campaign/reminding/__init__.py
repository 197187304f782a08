"""Reminders (work): who is written to once more, what of, and the draft of each mail."""
