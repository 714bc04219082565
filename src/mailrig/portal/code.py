"""Text → a QR code as a drawing in a page; must not know what the text says."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def drawing(text: str) -> Markup:
    """Return an SVG element without any style of its own, and without words: what it is, the page says."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgns=False, svgclass="code", lineclass=None, omitsize=True, border=4)
    svg = drawn.getvalue().decode().replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return Markup(svg.strip())  # noqa: S704 - drawn here, and the text is in it as squares only
