"""Draw the pictures of the READMEs: the template and the summary, as LibreOffice prints them.

Run from a checkout with the ``dev`` extra, LibreOffice and poppler-utils: ``python -m docs.pictures``
"""

import shutil
import tempfile
from pathlib import Path

from PIL import Image, ImageChops, ImageOps

from gwxl.form.identity import issue_identity
from gwxl.merging import merge_folder
from gwxl.rules.shelf import load
from gwxl.template import Notice, write_template
from tests.clients.libreoffice import LibreOffice

HERE = Path(__file__).parent
FORM = "website_annual_report"
DPI = 72
COLOURS = 64
MARGIN = 12


def main() -> None:
    """Draw both first pages."""
    rules = load(FORM)
    with tempfile.TemporaryDirectory() as name, LibreOffice() as office:
        folder = Path(name)
        notice = Notice(deadline="2027-01-20", return_to="report@example.org", phone="000-0000000")
        write_template(rules, folder / "template.xlsx", identity=issue_identity(rules.form, year=2026), notice=notice)
        shutil.copytree(HERE.parent / "samples" / "inbox", folder / "inbox")
        merge_folder(folder / "inbox", folder / "summary.xlsx", form=FORM)
        (HERE / "images").mkdir(exist_ok=True)
        for picture in ("template", "summary"):
            page = office.render(folder / f"{picture}.xlsx", folder / "pages", DPI)[0]
            _shrink(page, HERE / "images" / f"{picture}.png")


def _shrink(page: Path, target: Path) -> None:
    """Cut the white margin and reduce the colours."""
    with Image.open(page) as picture:
        drawn = picture.convert("RGB")
    ink = ImageChops.difference(drawn, Image.new("RGB", drawn.size, "white")).getbbox()
    ImageOps.expand(drawn.crop(ink), MARGIN, "white").quantize(COLOURS).save(target, optimize=True)


if __name__ == "__main__":
    main()
