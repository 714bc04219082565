"""What the daemons' own tools find wrong with a configuration, as problems with a place in the inventory; pure.

It reads what `mailrig-check` prints, and knows nothing of the container in which that ran.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailrig.errors import Location, Problem
from mailrig.inventory.model import Inventory
from mailrig.render.release import Service

_ERROR = re.compile(r"(?P<file>[^:]+):(?P<line>[0-9]+): (?P<message>.+)")
_LINES_EXTRA = {
    "dovecot.conf": ("dovecot", "# --- From the inventory: extra.dovecot ---\n"),
    "config.inc.php": ("roundcube", "// --- From the inventory: extra.roundcube ---\n"),
}
_POSTFIX_EXTRA = {
    "main.settings": ("postfix", "# --- From the inventory: extra.postfix ---"),
    "master.settings": ("postfix_master", "# From the inventory: extra.postfix_master"),
}


@dataclass(frozen=True)
class _Finding:
    """One line of the errors: ``line`` counts from 1, and is 0 where the tool does not know it."""

    file: str
    line: int
    message: str


def problems(service: Service, output: str, inventory: Inventory | None, host: str) -> list[Problem]:
    """Return each error that `mailrig-check` printed, at the line of the inventory that it came from for ``host``.

    Without an inventory, or for a line that is not the user's own, the message names the rendered file and its line.
    """
    if "== errors" not in output.splitlines():
        said = output.strip() or "it printed nothing"
        return [Problem(f"{service.name}: the configuration could not be judged: {said}")]
    return [_problem(service, finding, inventory, host) for finding in _findings(output)]


def _findings(output: str) -> Iterator[_Finding]:
    is_within = False
    for line in output.splitlines():
        if line.startswith("== "):
            is_within = line == "== errors"
        elif is_within and line.strip():
            match = _ERROR.fullmatch(line)
            yield _Finding(match["file"], int(match["line"]), match["message"]) if match else _Finding("", 0, line)


def _problem(service: Service, finding: _Finding, inventory: Inventory | None, host: str) -> Problem:
    location, hint = _origin(service, finding, inventory, host) if inventory and finding.line else (None, None)
    if location:
        return Problem(f"{service.name}: {_with_setting(service, finding)}", location, hint)
    place = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return Problem(f"{service.name}: {place}: {finding.message}" if place else f"{service.name}: {finding.message}")


def _with_setting(service: Service, finding: _Finding) -> str:
    """Return the message, with the setting that it is about where it does not name it, as in `Invalid number: many`."""
    text = next((file.content.decode() for file in service.files if file.path == finding.file), "")
    line = text.splitlines()[finding.line - 1].strip() if finding.line <= text.count("\n") else ""
    name = line.partition("=")[0].strip() if "=" in line else ""
    return finding.message if not name or name in finding.message else f"{finding.message} (`{name}`)"


def _origin(service: Service, finding: _Finding, inventory: Inventory, host: str) -> tuple[Location | None, str | None]:
    """Return the place of a line that is the user's own, and what would cure it; nothing for a line of ours."""
    text = next((file.content.decode() for file in service.files if file.path == finding.file), "")
    place, _ = inventory.extra_on(host)
    if finding.file in _LINES_EXTRA:
        section, heading = _LINES_EXTRA[finding.file]
        where = _in_lines(section, heading, text, finding.line, inventory)
    elif finding.file in _POSTFIX_EXTRA:
        section, heading = _POSTFIX_EXTRA[finding.file]
        name = _set_below(heading, text, finding.line)
        where = inventory.at(*place, section, name) if name else None
    else:
        return None, None
    return where, f"correct it in `{'.'.join((*place, section))}`, or take it out"


def _in_lines(section: str, heading: str, text: str, line: int, inventory: Inventory) -> Location | None:
    """Return the line of the user's block; of one that is not written with `|`, only the key's place is known."""
    above, is_there, _ = text.partition(f"\n{heading}")
    if not is_there:
        return None
    below = line - above.count("\n") - 3  # counts from 0
    written: str = getattr(inventory.site.extra, section)
    left_out = written[: len(written) - len(written.lstrip())].count("\n")  # empty lines at its beginning
    return inventory.at("extra", section, below + left_out) if below >= 0 else None


def _set_below(heading: str, text: str, line: int) -> str:
    """Return the name of the setting in a line that stands below a heading; nothing for a line that does not."""
    lines = text.splitlines()
    if heading not in lines[: line - 1] or line > len(lines):
        return ""
    return lines[line - 1].partition("=")[0].strip()
