"""A real browser, and what a phone's camera reads off its screen."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import zxingcpp
from playwright.sync_api import Browser, Page, sync_playwright


@contextmanager
def running_browser(names: str, address: str) -> Iterator[Browser]:
    """Run Debian's Chromium, which finds some names, such as *.example.test, at an address."""
    words = ["--no-sandbox", f"--host-resolver-rules=MAP {names} {address}"]
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=words)
        yield made
        made.close()


def scanned(page: Page, guide: str) -> str:
    """Return what a scanner reads off the screen, whose pixels the browser itself takes out of the picture."""
    picture = base64.b64encode(page.locator(f"#{guide} svg.code").screenshot()).decode()
    blank = page.context.new_page()
    width, grey = blank.evaluate(
        """async picture => {
          const image = new Image();
          image.src = `data:image/png;base64,${picture}`;
          await image.decode();
          const canvas = new OffscreenCanvas(image.width, image.height), drawn = canvas.getContext("2d");
          drawn.drawImage(image, 0, 0);
          const colours = drawn.getImageData(0, 0, image.width, image.height).data;
          return [image.width, [...colours.filter((_, number) => number % 4 === 0)]];
        }""",
        picture,
    )
    edge = grey[2 * width + width // 2]  # of the quiet zone
    assert edge - min(grey) > 200, "a camera needs dark squares on a light ground"
    pixels = memoryview(bytes(grey)).cast("B", (len(grey) // width, width))
    (code,) = zxingcpp.read_barcodes(pixels, try_invert=False)
    return str(code.text)
