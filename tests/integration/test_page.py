"""The page that shows who gets in, made of a real site's answers, and laid out by a real browser."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sites import PORTS, Site

from mailrig import __version__
from mailrig.apply.judgement import offered_alone
from mailrig.clients.catalogue import shipped
from mailrig.clients.prediction import predict
from mailrig.commands.call import Call, rendered
from mailrig.console import Console
from mailrig.engine.connection import connect
from mailrig.engine.inside import ContainersInside
from mailrig.targets import target_of
from mailrig.verify.certificates import certificates
from mailrig.verify.clients import ask_all
from mailrig.verify.matrix import Matrix
from mailrig.verify.page import Section, page
from mailrig.verify.survey import verify

CHROMIUM = shutil.which("chromium")
WIDTHS = (400, 1400)
COLOURS = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 28)"}

# A page of our own that holds the other in frames, of which each takes its scheme from its element here, and measures
# them: what is looked at allows no script.
MEASURING = """<!DOCTYPE html><meta charset="utf-8"><title>measures</title><body><script>
const frames = [];
for (const width of WIDTHS) for (const scheme of ["light", "dark"]) {
  const frame = document.createElement("iframe");
  frame.style.cssText = `width: ${width}px; height: 900px; border: 0; color-scheme: ${scheme}`;
  frame.src = "page.html#client-1-0";
  document.body.append(frame);
  frames.push([width, scheme, frame]);
}
window.addEventListener("load", () => {
  const measured = frames.map(([width, scheme, frame]) => {
    const seen = frame.contentDocument, root = seen.documentElement;
    return {
      width, scheme, inner: root.clientWidth, needed: root.scrollWidth,
      ground: frame.contentWindow.getComputedStyle(seen.body).backgroundColor,
      open: [...seen.querySelectorAll("details[open]")].map(one => one.querySelector("code").textContent),
    };
  });
  const out = document.createElement("pre");
  out.textContent = JSON.stringify(measured);
  document.body.replaceChildren(out);
});
</script>"""


@pytest.fixture(scope="module")
def section(site: Site) -> Section:
    """Everything that verify finds out about a real site."""
    inventory = Call(Console(), str(site.directory)).load()
    release = rendered(inventory)["home"]
    target = target_of(inventory, "home")
    meetings = ask_all(target, shipped().values())
    with closing(connect(inventory.site.hosts["home"].engine)) as engine:
        inside = ContainersInside(engine, release)
        servers = {port: one for offered in offered_alone(engine, release).values() for port, one in offered.items()}
        predictions = {(id_, port): predict(servers[port], one.client) for (id_, port), one in meetings.items()}
        shown = certificates(target, inside, datetime.now(UTC))
        return Section(target, Matrix(meetings, predictions), shown, verify(target, inside))


@pytest.fixture(scope="module")
def written(section: Section, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page in a file."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(page([section], datetime.now(UTC), __version__), "utf-8")
    return path


def browse(*words: str, directory: Path) -> str:
    """Run the browser without a window; skip where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files")
    offline = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
    command = [CHROMIUM, *options, *offline, f"--user-data-dir={directory / 'profile'}", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_real_site(section: Section, written: Path) -> None:
    """All clients and ports are told of, everything was foreseen, and nothing is wrong."""
    text = written.read_text("utf-8")
    assert section.ok, section.verdict
    assert {port for port in PORTS if port != "lmtp"} == set(section.matrix.ports)
    assert all(html.escape(client.title) in text for client in shipped().values())
    out = {client.id for outcome in section.matrix.locked_out for client in outcome.clients}
    assert out == {"apple-macos-10.9", "java-7u25"}
    assert all(outcome.reason for outcome in section.matrix.locked_out)


def test_a_browser_lays_it_out(written: Path) -> None:
    """On a phone and on a screen, light and dark, nothing is wider than the window; a link opens what it leads to."""
    measuring = written.with_name("measuring.html")
    measuring.write_text(MEASURING.replace("WIDTHS", json.dumps(WIDTHS)))
    dom = browse("--dump-dom", measuring.as_uri(), directory=written.parent)
    found = re.search(r"<pre>(.*)</pre>", dom, re.DOTALL)
    assert found, dom
    measured: list[dict[str, Any]] = json.loads(html.unescape(found[1]))
    assert [(one["width"], one["scheme"]) for one in measured] == [(w, s) for w in WIDTHS for s in COLOURS]
    for one in measured:
        assert one["needed"] == one["inner"] == one["width"], one
        assert one["ground"] == COLOURS[one["scheme"]]
        assert one["open"] == [next(iter(shipped()))]
