"""XlsxWriter (ground): workbooks written with every code checked, their look, locks and print setup."""
