"""Rules (heart): what each cell may hold, and how the cells must agree."""
