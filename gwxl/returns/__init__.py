"""What goes back (work): each return with its own answers in a fresh workbook, and what is wrong with them."""
