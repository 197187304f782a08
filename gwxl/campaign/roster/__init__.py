"""The roster of a campaign (work): who is asked, read from any file, and the workbook it is filled into."""
