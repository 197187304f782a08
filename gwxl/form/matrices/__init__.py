"""A matrix of a form (ground): read from its file, and where it stands on its sheet."""
