"""Files of spreadsheet programs (ground): bytes of any format to a Book of Sheets of Cells, no form known."""
