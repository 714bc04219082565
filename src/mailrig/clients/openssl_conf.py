"""What a configuration file of OpenSSL (config(5)) says of TLS to whoever names it; pure, and follows no `.include`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_BEFORE_ALL = "default"  # the section of what stands before the first one
_NAMELESS = "openssl_conf"  # for programs that give no name
_SECTION = re.compile(r"\[\s*(.*?)\s*\]")
_QUOTES = "\"'"


def ciphersuites(text: str, application: str) -> str:
    """Return the suites of TLS 1.3 that every TLS context of a program gets; empty where OpenSSL's own are left.

    ``application`` is the name under which the program looks its section up; one whose name is not there gets nothing,
    and one without a name what is meant for such.
    """
    sections = _sections(text)
    begin = sections.get(_BEFORE_ALL, {})
    of_program = sections.get(begin.get(application or _NAMELESS, ""), {})
    of_tls = sections.get(of_program.get("ssl_conf", ""), {})
    commands = sections.get(of_tls.get("system_default", ""), {})
    return next((value for name, value in commands.items() if name.lower() == "ciphersuites"), "")


def _sections(text: str) -> Mapping[str, Mapping[str, str]]:
    sections: dict[str, dict[str, str]] = {}
    current = sections.setdefault(_BEFORE_ALL, {})
    for line in _lines(text):
        if found := _SECTION.match(line):
            current = sections.setdefault(found[1], {})
        elif "=" in line:
            name, _, value = line.partition("=")
            current[name.strip()] = value.strip().strip(_QUOTES)
    return sections


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that say something, those that are continued made one."""
    for line in re.sub(r"\\\n", "", text).splitlines():
        if said := line.partition("#")[0].strip():
            yield said
