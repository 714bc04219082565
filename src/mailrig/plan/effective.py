"""The settings that a daemon works with, as its own tool prints them: parsed and compared; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Filled by `postconf -n`, `-M` and `-P`; Dovecot has but one section.
_DOVECOT, _MAIN, _MASTER, _SERVICES = "effective", "main", "master", "services"


@dataclass(frozen=True)
class Effective:
    """One service's settings before and after, as the target image's own tool reads both configurations.

    Names are flat: ``ssl_cipher_list``, ``service imap-login/inet_listener imaps/port``, ``submission/inet``,
    ``submission/inet/smtpd_tls_security_level``. Only what differs from the program's defaults is there.
    """

    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True)
class SettingChange:
    """One setting that differs; None where it has the program's default."""

    name: str
    before: str | None
    after: str | None


def changes(effective: Effective) -> tuple[SettingChange, ...]:
    """Return what differs, sorted by name."""
    before, after = effective.before, effective.after
    names = sorted(before.keys() | after.keys())
    return tuple(SettingChange(n, before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n))


def sections(output: str) -> dict[str, str]:
    """Split what ``mailrig-check`` prints: each section starts with a line ``== NAME``."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in output.splitlines():
        if line.startswith("== "):
            lines = found.setdefault(line[3:].strip(), [])
        else:
            lines.append(line)
    return {name: "\n".join(text) for name, text in found.items()}


def settings_of(output: str) -> dict[str, str]:
    """Return every setting in what ``mailrig-check`` prints, by flat name."""
    found = sections(output)
    return {
        **dict(_dovecot(found.get(_DOVECOT, ""))),
        **dict(_assignments(found.get(_MAIN, ""))),
        **dict(_postfix_services(found.get(_MASTER, ""))),
        **dict(_assignments(found.get(_SERVICES, ""))),
    }


def _dovecot(text: str) -> Iterator[tuple[str, str]]:
    """Flatten the output of ``doveconf -n``; a block without a name gets a number from the second of its kind on."""
    blocks: list[str] = []
    seen: Counter[str] = Counter()
    for line in (line.strip() for line in text.splitlines()):
        name, is_setting, value = _assigned(line)
        if not line or line.startswith("#"):
            continue
        if is_setting:
            yield "/".join([*blocks, name]), value
        elif line.endswith("{"):
            block = line[:-1].strip()
            seen[block] += 1
            is_repeated = " " not in block and seen[block] > 1
            blocks.append(f"{block}#{seen[block]}" if is_repeated else block)
        elif line == "}":
            blocks.pop()


def _assignments(text: str) -> Iterator[tuple[str, str]]:
    """Yield the settings in the output of ``postconf -n`` and ``postconf -P``."""
    for line in text.splitlines():
        name, is_setting, value = _assigned(line)
        if is_setting and not line.startswith("#"):
            yield name, value


def _assigned(line: str) -> tuple[str, bool, str]:
    """Split ``name = value``; the value, and then the blank before it too, may be missing."""
    name, separator, value = f"{line.strip()} ".partition(" = ")
    return name, bool(separator), value.strip()


def _postfix_services(text: str) -> Iterator[tuple[str, str]]:
    """Yield the services in the output of ``postconf -M``: their name and type, and the rest without blanks to spare.

    Their options are left out: ``postconf -P`` has them one by one.
    """
    for line in text.splitlines():
        words = line.split()
        if len(words) > 2:  # noqa: PLR2004 - a name, a type and something more
            yield "/".join(words[:2]), " ".join([*words[2:8], *_without_options(words[8:])])


def _without_options(words: list[str]) -> list[str]:
    """Drop each ``-o name=value`` and ``-o {name=some words}`` at the start; after it, -o belongs to pipe's command."""
    while words and words[0] == "-o":
        length = 1
        if words[1:] and words[1].startswith("{"):
            length = next((n for n, word in enumerate(words[1:], 1) if word.endswith("}")), len(words))
        words = words[length + 1 :]
    return words
