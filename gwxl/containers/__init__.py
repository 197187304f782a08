"""Zips, OLE compounds and XML (ground), looked into without trusting them: every claim is checked and bounded."""
