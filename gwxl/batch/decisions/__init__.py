"""A clerk's decisions: what is asked, what was answered, and what becomes of it."""
