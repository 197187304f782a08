"""Where everything stands in a returned workbook: form sheets, inputs, tables, and what stands where it should not."""
