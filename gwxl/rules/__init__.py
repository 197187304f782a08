"""Judge a return: what each cell may hold, and how the cells must agree."""
