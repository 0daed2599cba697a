"""A share's link as a QR code."""

from io import BytesIO

import segno

# A quarter of the code may be covered or scratched: it is printed small and photographed badly.
ERROR = "q"
# Modules of quiet zone (ISO/IEC 18004, 4) and pixels a module.
BORDER = 4
SCALE = 12


def svg(url: str) -> bytes:
    """Black on white in both themes: readers of QR codes want it so."""
    file = BytesIO()
    code = segno.make_qr(url, error=ERROR)
    code.save(file, kind="svg", border=BORDER, light="#fff", omitsize=True)
    return file.getvalue()


def png(url: str) -> bytes:
    """The same in pixels, about 500 wide."""
    file = BytesIO()
    code = segno.make_qr(url, error=ERROR)
    code.save(file, kind="png", border=BORDER, light="#fff", scale=SCALE)
    return file.getvalue()
