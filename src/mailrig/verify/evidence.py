"""What the containers say of themselves, asked when needed and once; must not know which probe wants it."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from mailrig.errors import VerifyError
from mailrig.verify.probe import Skip
from mailrig.verify.target import Inside

T = TypeVar("T")

AUTH_SOCKET = "/var/spool/postfix/private/auth"
LOGIN_LOG = "/var/log/dovecot-info.log"
MAIL_LOG = "/var/log/mail.log"
LOGS = {"dovecot": ("/var/log/dovecot.log", LOGIN_LOG), "postfix": (MAIL_LOG,)}

# Prints what log file $1 got since it had $2 bytes; all of it when it was rotated in between.
_SINCE = """
since() {
    if [ "$(stat -c %s "$1")" -ge "$2" ]; then tail -c "+$(($2 + 1))" "$1"; else cat "$1"; fi 2>/dev/null
}
"""
_READ = _SINCE + 'since "$1" "$2"'
_AWAIT = (
    _SINCE
    + """
for try in $(seq 30); do
    since "$1" "$2" | grep -F -- "$3" | grep -F -m 1 -- "$4" && exit 0
    sleep 0.1
done
exit 1
"""
)


class Evidence:
    """The inside of a deployment, with a memory; without an ``Inside`` every question is skipped."""

    def __init__(self, inside: Inside | None) -> None:
        self._inside = inside
        self._known: dict[str, object] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @property
    def is_available(self) -> bool:
        """Tell whether the containers can be asked at all."""
        return self._inside is not None

    def run(self, service: str, *argv: str) -> tuple[int, str]:
        """Run a command in a service's container; return exit code and output."""
        if self._inside is None:
            raise Skip("the containers cannot be asked from here")
        return self._inside.run(service, argv)

    def state(self, service: str) -> str:
        """Say how the service's container is, in a few words."""
        if self._inside is None:
            return "running"
        inside = self._inside
        return self._once(f"state {service}", lambda: inside.state(service))

    def settings(self, service: str) -> Mapping[str, str]:
        """Return the effective settings at top level, by name, as the daemon itself reads them."""
        return self._once(f"settings {service}", lambda: self._settings(service))

    def mark(self, service: str) -> None:
        """Remember how long a service's log files are, so that only lines written from now on count."""
        with contextlib.suppress(Exception):  # a container that is down has logged nothing; the probes will tell
            self._sizes(service)

    def lines(self, service: str, pattern: str) -> list[str]:
        """Return the lines that a service logged since the mark and that fit a regular expression."""
        found: list[str] = []
        for path in LOGS[service]:
            _, output = self.run(service, "sh", "-c", _READ, "sh", path, str(self._size(path)))
            found += [line for line in output.splitlines() if re.search(pattern, line)]
        return found

    def await_line(self, path: str, first: str, second: str) -> str | None:
        """Wait up to 3 s for a line, logged since the mark, that holds both strings; None when none comes."""
        argv = ("sh", "-c", _AWAIT, "sh", path, str(self._size(path)), first, second)
        code, output = self.run(_owner(path), *argv)
        return output.strip() if code == 0 else None

    def has_auth_socket(self) -> bool:
        """Tell whether Postfix sees Dovecot's auth socket."""
        return self._once("auth socket", lambda: self.run("postfix", "test", "-S", AUTH_SOCKET)[0] == 0)

    def _settings(self, service: str) -> Mapping[str, str]:
        argv = ("doveconf",) if service == "dovecot" else ("postconf", "-x")
        code, output = self.run(service, *argv)
        if code != 0:
            raise VerifyError(f"`{' '.join(argv)}` fails: {last_line(output)}")
        found = (re.match(r"(\w+) =\s?(.*)$", line) for line in output.splitlines())
        return {match[1]: match[2].strip() for match in found if match}

    def _size(self, path: str) -> int:
        return self._sizes(_owner(path)).get(path, 0)

    def _sizes(self, service: str) -> Mapping[str, int]:
        """Return how many bytes each of a service's log files had when this was asked first."""

        def ask() -> Mapping[str, int]:
            _, output = self.run(service, "stat", "-c", "%s %n", *LOGS[service])
            return {match[2]: int(match[1]) for match in re.finditer(r"(?m)^(\d+) (/\S+)", output)}

        return self._once(f"sizes {service}", ask)

    def _once(self, key: str, ask: Callable[[], T]) -> T:
        """Ask on the first call and remember the answer; others wait for it meanwhile."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._known:
                self._known[key] = ask()
            return self._known[key]  # type: ignore[return-value]


def last_line(output: str) -> str:
    """Return what a command said last, where errors usually stand."""
    return next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "it says nothing")


def _owner(path: str) -> str:
    return next(service for service, paths in LOGS.items() if path in paths)
