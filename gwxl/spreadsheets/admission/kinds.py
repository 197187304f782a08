"""What a returned file can be."""

from enum import StrEnum


class Kind(StrEnum):
    """What a file is; every kind that is not read has a text ``refused.<kind>``.

    ``BROKEN`` is a zip or compound file that cannot be looked into; reading it says why. ``DOCX`` is any office
    document that is no spreadsheet; ``XLS`` includes ``.et``; ``EXCEL95`` is Excel 95 and before. ``GZIP`` is any other
    way of packing, ``SPLIT`` a piece of an archive. ``SEALED`` bears the mark of a program that encrypts what leaves
    an office, ``SCRAMBLED`` looks encrypted and bears none. ``LINE_ENDS`` and ``RECODED`` went through something that
    took them for texts. ``UOF`` is the office format of GB/T 20916.
    """

    XLSX = "xlsx"
    XLSM = "xlsm"
    XLTX = "xltx"
    XLTM = "xltm"
    XLS = "xls"
    ODS = "ods"
    FODS = "fods"
    XLSB = "xlsb"
    EXCEL95 = "excel95"
    XML2003 = "xml2003"
    CSV = "csv"
    HTML = "html"
    NUMBERS = "numbers"
    ENCRYPTED = "encrypted"
    ZIP = "zip"
    RAR = "rar"
    SEVEN_ZIP = "7z"
    GZIP = "gzip"
    SPLIT = "split"
    MAIL = "mail"
    WINMAIL = "winmail"
    WEB_ARCHIVE = "web_archive"
    SHORTCUT = "shortcut"
    PLACEHOLDER = "placeholder"
    SEALED = "sealed"
    SCRAMBLED = "scrambled"
    LINE_ENDS = "line_ends"
    RECODED = "recoded"
    UOF = "uof"
    DOCX = "docx"
    PDF = "pdf"
    OFD = "ofd"
    IMAGE = "image"
    EMPTY = "empty"
    BROKEN = "broken"
    UNKNOWN = "unknown"
