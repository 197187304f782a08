"""Binary workbooks of Excel 97 to 2003 (BIFF8)."""
