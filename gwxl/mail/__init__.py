"""Mails (ground): the bytes of a mail → who sent it, what kind it is, and the files it brings; it knows no form."""
