"""Rules said once for many cells of a matrix (heart): limits of its cells, relations of its rows and columns."""
