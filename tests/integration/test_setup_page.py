"""The set-up page in a real browser: every size, language and colour, without a script, by keyboard, for everybody.

`MAILRIG_SCREENSHOTS=1` writes what the documentation shows to docs/images/ as well.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from phone import IPHONE
from playwright.sync_api import Browser, Page
from screen import scanned

from mailrig.discovery import Server
from mailrig.discovery.settings import PORTS
from mailrig.discovery.site import Site, dump

IMAGES = Path(__file__).parents[2] / "docs" / "images"
ADDRESS = "anna@example.org"
HOST = "mail.example.org"
NUMBERS = (993, 143, 995, 110, 465, 587, 4190)
SIZES = {"narrow": (320, 640), "phone": (390, 844), "desktop": (1280, 900)}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A CA of the site's own."""
    folder = tmp_path_factory.mktemp("authority")
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "9",
    ]
    files = ["-keyout", str(folder / "ca.key"), "-out", str(folder / "ca.crt"), "-subj", "/CN=Example CA"]
    subprocess.run([*command, *files], check=True, capture_output=True)
    return (folder / "ca.crt").read_text()


@contextmanager
def serving(directory: Path, **changes: Any) -> Iterator[str]:
    """Run the portal as it runs in its container; yields where its page is."""
    servers = tuple(
        Server(name, protocol, HOST, number, tls, "home")
        for (name, protocol, tls), number in zip(PORTS, NUMBERS, strict=True)
    )
    told = {"hostname": HOST, "origin": f"https://{HOST}", "domains": ("example.org",), "servers": servers, **changes}
    (directory / "site.json").write_text(dump(Site(**told)))
    command = [sys.executable, "-m", "mailrig.portal", str(directory / "site.json"), "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while "serves at port" not in (line := process.stderr.readline()):
            assert line, "the portal has ended"
        try:
            yield f"http://localhost:{int(line.rpartition(' ')[2])}/setup"
        finally:
            process.terminate()
            process.stderr.close()


@pytest.fixture(scope="module")
def page_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a site that offers everything, and whose CA every device knows."""
    with serving(tmp_path_factory.mktemp("site"), webmail=f"https://{HOST}/") as address:
        yield address


@pytest.fixture(scope="module")
def own_authority_address(tmp_path_factory: pytest.TempPathFactory, authority: str) -> Iterator[str]:
    """The page of a site with a CA of its own."""
    with serving(tmp_path_factory.mktemp("site"), authorities=authority) as address:
        yield address


Open = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Return a function that opens a page in a window of its own; nothing may go wrong there that the browser tells."""
    contexts, complaints = [], []

    def make(address: str, size: str = "desktop", *, typed: str | None = ADDRESS, **options: Any) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith("http://localhost:") or complaints.append(asked.url))
        page.goto(f"{address}?address={quote(typed)}" if typed else address)
        return page

    yield make
    for context in contexts:
        context.close()
    assert [one for one in complaints if "status of 40" not in one] == []


def open_all(page: Page) -> None:
    """Open every guide and what is in it."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def overflowing(page: Page) -> list[str]:
    """Return what is wider than the window, or than what it is in."""
    found: list[str] = page.evaluate("""() => {
      const width = document.documentElement.clientWidth;
      return [...document.querySelectorAll("body *")].filter(one => !one.closest(".unseen, .skip")).filter(one => {
        const box = one.getBoundingClientRect();
        return box.width && (box.right > width + 1 || box.left < -1);
      }).map(one => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 40)}`);
    }""")
    return found


def brightness(page: Page) -> float:
    """Return how bright the page's ground is, from 0 to 255."""
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    parts = [int(part) for part in re.findall(r"\d+", colour)]
    return sum(parts) / len(parts)


def violations(page: Page) -> list[str]:
    """Return what axe-core finds: what some people could not see, hear or reach."""
    response = Axe().run(page).response
    return [f"{one['id']}: {node['html'][:120]}" for one in response["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_everybody_can_use_it(visit: Open, own_authority_address: str, language: str, scheme: str) -> None:
    """Nothing is too wide with all of it open, and axe finds nothing, on every size of screen."""
    page = visit(own_authority_address, locale=language, color_scheme=scheme)
    open_all(page)
    assert page.get_attribute("html", "lang") == language
    assert brightness(page) > 200 if scheme == "light" else brightness(page) < 50
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        assert overflowing(page) == []
    for size in ("phone", "desktop"):
        page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
        assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("typed", [None, "none", "anna@example.com"])
def test_everybody_can_ask(visit: Open, page_address: str, language: str, typed: str | None) -> None:
    """Likewise for the page that asks, also where what was typed is no address, or a foreign one."""
    page = visit(page_address, "narrow", typed=typed, locale=language, color_scheme="dark")
    assert overflowing(page) == []
    assert violations(page) == []
    assert page.get_by_label(re.compile("Your mail address|メールアドレス")).get_attribute("aria-invalid") == (
        typed and "true"
    )


def test_long_names_break(visit: Open, tmp_path: Path) -> None:
    """A server's name and an address as long as they may be, on the narrowest screen."""
    host = "mail.a-very-long-label-that-somebody-has-thought-of.another-long-one.example.org"
    server = [Server(name, protocol, host, 10993, tls, "home") for name, protocol, tls in PORTS]
    with serving(tmp_path, hostname=host, servers=tuple(server), webmail=f"https://{host}/") as address:
        page = visit(address, "narrow", typed=f"{'a' * 64}@example.org")
        open_all(page)
        assert overflowing(page) == []


def test_every_button_copies(visit: Open, page_address: str) -> None:
    """What stands beside it; it says so, also to a screen reader."""
    page = visit(page_address, permissions=["clipboard-read", "clipboard-write"])
    open_all(page)
    buttons = page.locator("button.copy").all()
    assert len(buttons) > 30
    for button in buttons:
        button.click()
        shown = button.locator("xpath=../code").inner_text()
        assert page.evaluate("navigator.clipboard.readText()") == shown
        assert button.inner_text().startswith("Copied")
        assert page.locator("[role=status]").inner_text() == f"Copied: {shown}"


def test_it_works_without_scripts(visit: Open, page_address: str) -> None:
    """Address in, guides out; guides open and close; there is no button that would do nothing."""
    page = visit(page_address, typed=None, java_script_enabled=False)
    page.get_by_label("Your mail address").fill(ADDRESS)
    page.get_by_role("button", name="Show me how").click()
    assert page.get_by_role("heading", level=1).inner_text() == f"Mail for {ADDRESS}"
    page.get_by_text("Any other program").click()
    assert page.get_by_role("cell", name="4190").is_visible()
    assert page.locator("button.copy:visible").count() == 0
    page.get_by_role("link", name="日本語").click()
    assert page.get_by_role("heading", level=1).inner_text() == f"{ADDRESS} の設定"


def test_it_works_by_keyboard(visit: Open, page_address: str) -> None:
    """Past what is repeated, to the field, to a guide, and to a button in it; and one sees where one is."""
    page = visit(page_address, typed=None, permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(ADDRESS)
    page.keyboard.press("Enter")
    page.wait_for_url("**address=**")
    focus(page, "#outlook > summary")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    focus(page, "#outlook button.copy")
    page.keyboard.press("Enter")
    page.wait_for_selector("#outlook button.done")
    assert page.evaluate("navigator.clipboard.readText()") == ADDRESS


def focus(page: Page, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not lead to {selector}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_codes_can_be_scanned(visit: Open, page_address: str, scheme: str) -> None:
    """From the screen, in the dark too: the profile's address, and Thunderbird's account."""
    page = visit(page_address, color_scheme=scheme)
    open_all(page)
    read = [scanned(page, guide) for guide in ("ios", "thunderbird_phone")]
    assert read[0] == f"https://{HOST}/setup/profile.mobileconfig?address=anna%40example.org"
    assert json.loads(read[1])[2] == [0, HOST, 993, 3, 1, ADDRESS]


def test_a_phone_has_its_profile_in_two_taps(visit: Open, page_address: str) -> None:
    """Address, and the button, which is on the first screen or just below it."""
    page = visit(page_address, "phone", typed=None, user_agent=IPHONE)
    page.get_by_label("Your mail address").fill(ADDRESS)
    page.get_by_role("button", name="Show me how").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Get the profile").first.click()
    assert download.value.suggested_filename == "example.org.mobileconfig"


@pytest.mark.skipif(not os.environ.get("MAILRIG_SCREENSHOTS"), reason="MAILRIG_SCREENSHOTS=1 writes them")
def test_screenshots(visit: Open, page_address: str) -> None:
    """What docs/setup.md and the README show."""
    shots: dict[str, dict[str, Any]] = {
        "ask": {"typed": None, "viewport": (1100, 660)},
        "guides": {"open": "outlook", "viewport": (1100, 1560)},
        "phone": {"size": "phone", "user_agent": IPHONE, "viewport": (390, 1180)},
        "phone-ja-dark": {
            "size": "phone",
            "user_agent": IPHONE,
            "locale": "ja",
            "color_scheme": "dark",
            "viewport": (390, 1180),
        },
    }
    for name, options in shots.items():
        width, height = options.pop("viewport")
        guide = options.pop("open", "")
        page = visit(page_address, reduced_motion="reduce", **options)
        page.set_viewport_size({"width": width, "height": height})
        if guide:
            page.evaluate(
                "name => document.querySelectorAll('.guide').forEach(one => one.open = one.id === name)", guide
            )
        page.screenshot(path=IMAGES / f"setup-{name}.png")
        assert re.fullmatch("[a-z-]+", name)
