"""Codes, in the heart: how one was probably meant to be written, and what one says of itself."""

from gwxl.rules.codes.spelling import interpret_code

__all__ = ["interpret_code"]
