"""A campaign (work): one folder that knows what is asked of whom by when, and what became of it."""
