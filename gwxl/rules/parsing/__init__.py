"""What is said of expressions that cannot be parsed (heart)."""
