"""The summary (work): one workbook with every figure of a batch, each traceable to its cell."""
