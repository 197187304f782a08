"""Send returns back: each with its own answers in a fresh workbook, and what is wrong with them."""
