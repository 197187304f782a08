"""The tests of gwxl."""
