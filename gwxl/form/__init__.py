"""Forms (ground): what is asked, and where it stands in a workbook."""
